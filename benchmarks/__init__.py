"""Benchmarks: each prints one JSON line with our figure and what it is measured against."""
