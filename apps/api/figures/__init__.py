"""Package `api/figures`."""
