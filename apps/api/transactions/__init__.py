"""The noun ``transactions``."""
