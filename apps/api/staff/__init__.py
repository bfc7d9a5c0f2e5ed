"""Package `api/staff`."""
