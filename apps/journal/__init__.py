"""Append-only facts: who did what to which object, when."""
