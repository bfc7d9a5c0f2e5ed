"""Tests of the ledger pages."""
