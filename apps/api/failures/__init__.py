"""The noun ``failures``."""
