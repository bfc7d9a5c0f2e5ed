"""Package `api/shared`."""
