"""The ledger of messages: queued, gated, sent and settled, each exactly once."""
