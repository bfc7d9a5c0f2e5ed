"""The message ledger: what was queued, sent, delivered, or kept back, and why."""
