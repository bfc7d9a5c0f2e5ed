"""The room's constant statements."""

# Case numbers are counted without holes; whoever opens a case waits for the one before.
LOCK_NUMBERS = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.case', 0))"
