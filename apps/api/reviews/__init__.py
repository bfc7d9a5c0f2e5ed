"""The noun ``reviews``."""
