"""The audience in one statement: everybody the conditions name, and what is known against asking.

Why a person is left out is told once each, in this order: no address for any of the channels,
all addresses opted out, without consent or bounced, asked within the window. Caps and quiet hours
leave nobody out: their messages wait.
"""

# What belongs to no place is seen by everybody.
_SCOPE = "(%(everywhere)s OR c.location_id IS NULL OR c.location_id = ANY(%(places)s::uuid[]))"
_PEOPLE = """
    SELECT c.id
    FROM customers_customer c
    WHERE c.erased_at IS NULL
      AND (%(ids)s::uuid[] IS NULL OR c.id = ANY(%(ids)s::uuid[]))
      AND (%(locations)s::uuid[] IS NULL OR c.location_id = ANY(%(locations)s::uuid[]))
      AND (%(tags)s::varchar[] IS NULL OR c.tags && %(tags)s::varchar[])
      AND (%(since)s::timestamptz IS NULL OR c.last_transaction_at >= %(since)s::timestamptz)
      AND (%(until)s::timestamptz IS NULL OR c.last_transaction_at < %(until)s::timestamptz)
      AND (%(import)s::uuid IS NULL OR EXISTS (
          SELECT FROM journal_entry j
          WHERE j.customer_id = c.id AND j.kind IN ('customer.created', 'customer.updated')
            AND j.data ->> 'source' = 'import:' || %(import)s::uuid
      ))
      AND (%(after)s::uuid IS NULL OR c.id > %(after)s::uuid)
    ORDER BY c.id
    LIMIT %(most)s::bigint
"""

_VERDICTS = (
    "WITH people AS ("  # noqa: S608 - constants only
    + _PEOPLE
    + """
), points AS (
    SELECT p.customer_id, p.id, p.channel,
        CASE
            WHEN p.status <> 'ok' THEN 'bounced'
            WHEN s.reason IN ('opted_out', 'complained') THEN 'opted_out'
            WHEN s.id IS NOT NULL THEN 'bounced'
            WHEN t.id IS NULL THEN 'no_consent'
            ELSE 'ok'
        END AS verdict
    FROM people
    JOIN customers_contactpoint p ON p.customer_id = people.id
    LEFT JOIN consent_suppression s ON s.address_hash = p.address_hash AND s.channel = p.channel
    LEFT JOIN consent_standing t
        ON t.address_hash = p.address_hash AND t.channel = p.channel
        AND t.purpose = 'review_request' AND t.is_granted
        AND (t.expires_at IS NULL OR t.expires_at > %(now)s::timestamptz)
        AND (t.channel <> 'sms' OR t.basis = 'express')
    WHERE p.channel = ANY(%(channels)s::varchar[])
), asked AS (
    SELECT DISTINCT r.customer_id
    FROM campaigns_request r
    JOIN people ON people.id = r.customer_id
    WHERE r.asked_at > %(asked_after)s::timestamptz
), verdicts AS (
    SELECT people.id,
        (array_agg(points.id ORDER BY points.id)
            FILTER (WHERE points.verdict = 'ok' AND points.channel = 'email'))[1] AS email_id,
        (array_agg(points.id ORDER BY points.id)
            FILTER (WHERE points.verdict = 'ok' AND points.channel = 'sms'))[1] AS sms_id,
        CASE
            WHEN count(points.id) = 0 THEN 'no_address'
            WHEN bool_or(points.verdict = 'ok') AND count(asked.customer_id) = 0 THEN 'eligible'
            WHEN bool_or(points.verdict = 'ok') THEN 'asked'
            WHEN bool_or(points.verdict = 'opted_out') THEN 'opted_out'
            WHEN bool_or(points.verdict = 'no_consent') THEN 'no_consent'
            ELSE 'bounced'
        END AS verdict
    FROM people
    LEFT JOIN points ON points.customer_id = people.id
    LEFT JOIN asked ON asked.customer_id = people.id
    GROUP BY people.id
)
"""
)

COUNT = (
    _VERDICTS
    + """
SELECT verdict, email_id IS NOT NULL, sms_id IS NOT NULL, count(*)
FROM verdicts GROUP BY 1, 2, 3
"""
)

ROWS = _VERDICTS + "SELECT id, verdict, email_id, sms_id FROM verdicts ORDER BY id"  # noqa: S608 - constants

SAMPLE = (
    _VERDICTS
    + """
SELECT v.id, v.verdict, v.email_id, v.sms_id
FROM verdicts v JOIN customers_customer c ON c.id = v.id
WHERE v.verdict = %(verdict)s AND """
    + _SCOPE
    + """
ORDER BY md5(v.id::text || %(seed)s), v.id LIMIT %(sample)s
"""
)

# Where the people of the audience may be, to tell how many wait for their morning.
ZONES = (
    _VERDICTS
    + """
SELECT p.zones, p.channel, min(p.address_hash), count(*)
FROM verdicts
JOIN customers_contactpoint p ON p.id = CASE WHEN %(first)s = 'sms'
    THEN coalesce(sms_id, email_id) ELSE coalesce(email_id, sms_id) END
WHERE verdict = 'eligible' GROUP BY 1, 2
"""
)

# A chunk's people are locked first, so that two campaigns cannot both find that nobody asked them.
LOCK_CHUNK = _PEOPLE + "FOR NO KEY UPDATE"

LAST_TRANSACTIONS = """
SELECT DISTINCT ON (customer_id) customer_id, id, location_id, description, happened_at
FROM customers_transaction WHERE customer_id = ANY(%(ids)s::uuid[])
ORDER BY customer_id, happened_at DESC, id DESC
"""

TAGS = f"""
SELECT DISTINCT unnest(c.tags) FROM customers_customer c
WHERE c.erased_at IS NULL AND {_SCOPE} ORDER BY 1 LIMIT 200
"""  # noqa: S608 - constants
