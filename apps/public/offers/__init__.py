"""Package `public/offers`."""
