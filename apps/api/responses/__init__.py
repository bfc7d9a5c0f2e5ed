"""Package `api/responses`."""
