"""Package `api/checks`."""
