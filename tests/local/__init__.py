"""Tests of the one-command local stack and of what is shipped around it."""
