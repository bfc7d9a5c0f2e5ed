"""The noun ``campaigns``."""
