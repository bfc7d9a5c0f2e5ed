"""The statements of the room."""

# What belongs to no place is seen by everybody.
_SCOPE = "(%(everywhere)s OR location_id IS NULL OR location_id = ANY(%(places)s::uuid[]))"

# A loose index scan: one step for each site, however many reviews there are.
SOURCES = f"""
WITH RECURSIVE site(source) AS (
  (SELECT source FROM reviews_review ORDER BY source LIMIT 1)
  UNION ALL
  SELECT (SELECT r.source FROM reviews_review r WHERE r.source > site.source
           ORDER BY r.source LIMIT 1)
    FROM site WHERE site.source IS NOT NULL
)
SELECT source FROM site WHERE source IS NOT NULL AND (%(everywhere)s OR EXISTS (
  SELECT FROM reviews_review r WHERE r.source = site.source AND {_SCOPE})) LIMIT 50
"""  # noqa: S608 - constants

# Counting stops at a limit: nobody needs to know how many thousands wait.
COUNTS = f"""
SELECT (SELECT count(*) FROM (SELECT 1 FROM reviews_review
         WHERE status IN ('new', 'open', 'waiting') AND {_SCOPE} LIMIT %(most)s) waiting),
       (SELECT count(*) FROM (SELECT 1 FROM reviews_review
         WHERE status IN ('new', 'open', 'waiting') AND assignee_id = %(member)s AND {_SCOPE}
         LIMIT %(most)s) mine),
       (SELECT count(*) FROM (SELECT 1 FROM reviews_review
         WHERE status IN ('new', 'open') AND due_at <= %(late)s AND {_SCOPE}
         LIMIT %(most)s) late),
       (SELECT count(*) FROM (SELECT 1 FROM reviews_review
         WHERE status = 'snoozed' AND {_SCOPE} LIMIT %(most)s) snoozed)
"""  # noqa: S608 - constants
TAGS = f"""
SELECT tag FROM (
  SELECT unnest(tags) AS tag FROM (
    SELECT tags FROM reviews_review WHERE NOT (tags = '{{}}') AND {_SCOPE}
     ORDER BY sort_at DESC LIMIT 1000
  ) latest
) used GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 50
"""  # noqa: S608 - constants
