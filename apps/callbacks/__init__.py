"""The door `callbacks`."""
