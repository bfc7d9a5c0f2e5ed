"""Package `web/campaigns`."""
