"""Package `api/templates`."""
