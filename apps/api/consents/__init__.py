"""Package `api/consents`."""
