"""Customers, how to reach them, what they bought, and bringing them in from files."""
