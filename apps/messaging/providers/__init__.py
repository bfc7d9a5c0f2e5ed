"""The providers that carry messages: one file per vendor behind one protocol."""
