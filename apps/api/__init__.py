"""The door `api`."""
