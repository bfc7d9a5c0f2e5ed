"""The noun ``customers``."""
