"""The conductor: what happens next, in one table."""
