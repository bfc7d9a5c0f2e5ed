"""Statements that the query language of Django cannot say."""

# The name of a schema keeps the same key of two businesses apart.
TRY_HOLD = (
    "SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.once.' || %s, 0))"
)

# One statement, so that processes that ask at the same moment never spend one token twice:
# the row is locked before the level is read.
SPEND_ONE = """
UPDATE staff_apikey AS key
   SET tokens = CASE WHEN now.level >= 1 THEN now.level - 1 ELSE now.level END,
       tokens_at = GREATEST(%(now)s, key.tokens_at)
  FROM (
        SELECT id,
               LEAST(per_minute, tokens + per_minute / 60.0 * GREATEST(
                   0, EXTRACT(EPOCH FROM %(now)s - COALESCE(tokens_at, %(now)s))
               )) AS level
          FROM staff_apikey
         WHERE id = %(key_id)s
           FOR UPDATE
       ) AS now
 WHERE key.id = now.id
RETURNING key.per_minute, now.level
"""
