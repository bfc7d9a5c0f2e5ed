"""What the packages of the staff door share."""
