"""Package `api/locations`."""
