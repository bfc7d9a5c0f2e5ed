"""Recovery cases: collect, apologise, respond, escalate."""
