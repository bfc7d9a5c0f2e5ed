"""Package `api/campaigns`."""
