"""The noun ``offers``."""
