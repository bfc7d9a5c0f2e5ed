"""Tests of the addresses that machines call."""
