"""Businesses, their hosts, and the wall between them in the database."""
