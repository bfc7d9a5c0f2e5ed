"""Package `public/shared`."""
