"""What is the same for every file on its way in."""
