"""The noun ``events``."""
