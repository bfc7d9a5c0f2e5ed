"""The door `public`."""
