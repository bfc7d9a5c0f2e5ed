"""The door `demo`."""
