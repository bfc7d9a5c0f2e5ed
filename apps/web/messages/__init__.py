"""Package `web/messages`."""
