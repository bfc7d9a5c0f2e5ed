"""The noun ``redemptions``."""
