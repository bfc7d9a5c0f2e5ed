"""Claiming, sweeping: the statements of the dispatcher."""

# The ring: the next tenants after the cursor that have something due, k tickets each. Tickets whose
# worker has died before are claimed apart from the others, so that only they are blamed.
_CLAIM = """
WITH RECURSIVE ring(tenant, n) AS (
  (SELECT tenant, 1 FROM jobs_ticket
    WHERE lane = %(lane)s AND state = 0 AND tenant > %(after)s AND deaths {which}
      AND not_before <= coalesce(%(now)s, clock_timestamp())
    ORDER BY tenant LIMIT 1)
  UNION ALL
  SELECT following.tenant, ring.n + 1 FROM ring CROSS JOIN LATERAL (
    SELECT t.tenant FROM jobs_ticket t
     WHERE t.lane = %(lane)s AND t.state = 0 AND t.tenant > ring.tenant
       AND t.deaths {which}
       AND t.not_before <= coalesce(%(now)s, clock_timestamp())
     ORDER BY t.tenant LIMIT 1) following
   WHERE ring.n < %(tenants)s
), picked AS (
  SELECT due.id FROM ring CROSS JOIN LATERAL (
    SELECT t.id FROM jobs_ticket t
     WHERE t.lane = %(lane)s AND t.state = 0 AND t.tenant = ring.tenant
       AND t.deaths {which}
       AND t.not_before <= coalesce(%(now)s, clock_timestamp())
     ORDER BY t.not_before, t.id
     LIMIT greatest(%(least)s, %(rows)s / (SELECT count(*) FROM ring))
     FOR UPDATE SKIP LOCKED) due
  LIMIT %(rows)s
)
UPDATE jobs_ticket t
   SET state = 1, lease_owner = %(owner)s, lease_epoch = t.lease_epoch + 1,
       lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
  FROM picked WHERE t.id = picked.id
RETURNING t.id, t.tenant, t.kind, t.key, t.lease_epoch, t.tries, t.deaths, t.expires_at
"""
# By how many workers have died with it; the last two are served by a partial index.
SUSPECTS_DUE = """
SELECT DISTINCT lane, least(deaths, 2) FROM jobs_ticket
 WHERE state = 0 AND deaths > 0 AND not_before <= coalesce(%(now)s, clock_timestamp())
"""
CLAIM = tuple(_CLAIM.replace("{which}", which) for which in ("= 0", "= 1", "> 1"))

SWEEP_LOCK = "SELECT pg_try_advisory_xact_lock(7314001)"
# A ticket that somebody has locked is being finished just now.
SWEEP = """
UPDATE jobs_ticket
   SET state = CASE WHEN deaths + 1 >= %(deaths)s THEN 2 ELSE 0 END,
       deaths = deaths + 1,
       last_error = CASE WHEN deaths + 1 >= %(deaths)s
                         THEN 'The process that worked on it died each time.' ELSE last_error END
 WHERE id IN (SELECT id FROM jobs_ticket
               WHERE state = 1 AND (lease_until < clock_timestamp() OR lease_owner = ANY(%(dead)s))
                 FOR UPDATE SKIP LOCKED)
RETURNING lane
"""
OWNERS = "SELECT DISTINCT lease_owner FROM jobs_ticket WHERE state = 1 AND lease_until IS NOT NULL"
DUE_LANES = """
SELECT lane FROM (VALUES (0), (1), (2), (9)) lanes(lane)
 WHERE EXISTS (SELECT 1 FROM jobs_ticket t WHERE t.lane = lanes.lane AND t.state = 0
                  AND t.not_before <= clock_timestamp())
"""
FINISH = "DELETE FROM jobs_ticket WHERE id = ANY(%s) AND lease_owner = %s AND state = 1"
FINISH_ONE = "DELETE FROM jobs_ticket WHERE id = %s AND lease_epoch = %s AND state = 1"
RELEASE = """
UPDATE jobs_ticket SET state = 0, lease_until = NULL
 WHERE id = ANY(%s) AND lease_owner = %s AND state = 1
"""
LET_GO = "UPDATE jobs_ticket SET state = 0, lease_until = NULL WHERE lease_owner = %s AND state = 1"
POSTPONE = """
UPDATE jobs_ticket
   SET state = %(state)s, lease_until = NULL, not_before = %(not_before)s,
       tries = tries + %(tried)s, last_error = %(error)s
 WHERE id = %(id)s AND lease_epoch = %(epoch)s AND state = 1
"""
HELD = "SELECT id FROM jobs_ticket WHERE id = ANY(%s) AND lease_owner = %s AND state = 1 FOR UPDATE"
POSTPONE_MANY = """
UPDATE jobs_ticket t
   SET state = v.state, lease_until = NULL, not_before = v.not_before,
       tries = t.tries + v.tried, last_error = v.error
  FROM unnest(%(ids)s::bigint[], %(epochs)s::integer[], %(states)s::smallint[],
              %(moments)s::timestamptz[], %(tried)s::smallint[], %(errors)s::text[])
       AS v(id, epoch, state, not_before, tried, error)
 WHERE t.id = v.id AND t.lease_epoch = v.epoch AND t.state = 1
"""
HASTEN = """
UPDATE jobs_ticket SET not_before = %(now)s
 WHERE gate = %(gate)s AND last_error = %(mark)s AND state = 0
"""

# The first due ticket of each business by hops through the index, however many wait behind it.
FIGURES = """
WITH RECURSIVE ring(lane, tenant) AS (
  (SELECT DISTINCT ON (lanes.lane) lanes.lane, t.tenant
     FROM (VALUES (0), (1), (2), (9)) lanes(lane) CROSS JOIN LATERAL (
       SELECT tenant FROM jobs_ticket WHERE lane = lanes.lane AND state = 0
        ORDER BY tenant LIMIT 1) t)
  UNION ALL
  SELECT ring.lane, following.tenant FROM ring CROSS JOIN LATERAL (
    SELECT t.tenant FROM jobs_ticket t
     WHERE t.lane = ring.lane AND t.state = 0 AND t.tenant > ring.tenant
     ORDER BY t.tenant LIMIT 1) following
), due AS (
  SELECT ring.lane, first.not_before FROM ring CROSS JOIN LATERAL (
    SELECT t.not_before FROM jobs_ticket t
     WHERE t.lane = ring.lane AND t.state = 0 AND t.tenant = ring.tenant
     ORDER BY t.not_before LIMIT 1) first
   WHERE first.not_before <= clock_timestamp()
)
SELECT lane, count(*), extract(epoch FROM clock_timestamp() - min(not_before))::float8
  FROM due GROUP BY lane
"""
PARKED = "SELECT count(*) FROM jobs_ticket WHERE state = 2"
