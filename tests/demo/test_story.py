"""The demo tells what it says it tells."""
