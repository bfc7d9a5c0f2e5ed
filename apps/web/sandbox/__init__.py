"""Package `web/sandbox`."""
