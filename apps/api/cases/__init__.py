"""The noun ``cases``."""
