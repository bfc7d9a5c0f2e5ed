"""Package `web/offers`."""
