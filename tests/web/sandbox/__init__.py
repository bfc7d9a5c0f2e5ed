"""Tests of the sandbox pages."""
