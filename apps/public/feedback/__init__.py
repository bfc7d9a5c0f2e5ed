"""Package `public/feedback`."""
