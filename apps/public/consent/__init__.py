"""Package `public/consent`."""
