"""Statements on values that all processes share for a while."""

ADD_VALUE = """
INSERT INTO public.accounts_keptvalue (key, value, expires_at)
VALUES (%(key)s, %(value)s, %(until)s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
 WHERE accounts_keptvalue.expires_at <= %(now)s
"""
SET_VALUE = """
INSERT INTO public.accounts_keptvalue (key, value, expires_at)
VALUES (%(key)s, %(value)s, %(until)s)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
LOCK_ADDRESS = "SELECT pg_advisory_xact_lock(hashtext('signup:' || %s))"
