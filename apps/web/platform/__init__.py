"""Package `web/platform`."""
