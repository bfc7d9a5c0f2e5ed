"""Response templates and replies."""
