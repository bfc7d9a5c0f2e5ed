"""Package `public/recovery`."""
