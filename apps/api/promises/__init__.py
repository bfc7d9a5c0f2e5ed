"""Package `api/promises`."""
