"""Statements about sample data: where its keys end, and what only the owner may remove."""

from psycopg import sql

# The newest number of each table whose keys are no time-ordered UUIDs.
NUMBERS = """
SELECT coalesce((SELECT max(id) FROM journal_entry), 0),
       coalesce((SELECT max(id) FROM consent_event), 0),
       coalesce((SELECT max(id) FROM messaging_hit), 0),
       coalesce((SELECT max(id) FROM jobs_ticket), 0)
"""
# Both only grow for the business's own role.
FORGET = (
    sql.SQL("DELETE FROM {schema}.journal_handling WHERE entry_id > %s AND entry_id <= %s"),
    sql.SQL("DELETE FROM {schema}.journal_entry WHERE id > %s AND id <= %s"),
)
FORGET_CONSENT = sql.SQL("DELETE FROM {schema}.consent_event WHERE id > %s AND id <= %s")
