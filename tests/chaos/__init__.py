"""Chaos: the real product under kill -9 and broken providers, reckoned to the message."""
