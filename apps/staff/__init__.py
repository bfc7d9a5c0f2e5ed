"""The business's own view of its people, and its API keys."""
