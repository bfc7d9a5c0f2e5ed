"""Tests of the pages on which customers choose what to get."""
