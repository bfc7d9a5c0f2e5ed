"""The noun ``messages``."""
