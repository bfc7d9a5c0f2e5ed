"""Package `web/recovery`."""
