"""The statements of the room."""

# A loose index scan: one step for each site, however many reviews there are.
SOURCES = """
WITH RECURSIVE site(source) AS (
  (SELECT source FROM reviews_review ORDER BY source LIMIT 1)
  UNION ALL
  SELECT (SELECT r.source FROM reviews_review r WHERE r.source > site.source
           ORDER BY r.source LIMIT 1)
    FROM site WHERE site.source IS NOT NULL
)
SELECT source FROM site WHERE source IS NOT NULL LIMIT 50
"""
