"""Figures with their n, their interval and how they are known."""
