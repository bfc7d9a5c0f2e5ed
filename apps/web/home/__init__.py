"""Package `web/home`."""
