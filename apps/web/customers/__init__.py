"""Pages about customers and files of customers."""
