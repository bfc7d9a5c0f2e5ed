"""Tests of the pages on the platform's own host."""
