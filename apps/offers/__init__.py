"""Remedies and offers tied to a failure: limits, approval, codes, redemption."""
