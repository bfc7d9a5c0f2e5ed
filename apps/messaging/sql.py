"""Changing many messages and attempts with one statement."""

# A receipt may overtake the answer it belongs to: then the state it brought stays.
MOVE = """
UPDATE messaging_message m
   SET state = CASE WHEN m.state = v.was THEN v.state ELSE m.state END,
       reason = CASE WHEN m.state = v.was THEN v.reason ELSE m.reason END,
       deferred_until = CASE WHEN m.state = v.was THEN v.until ELSE m.deferred_until END,
       deferred_why = CASE WHEN m.state = v.was THEN v.why ELSE m.deferred_why END,
       settled_at = CASE WHEN m.state = v.was THEN v.settled ELSE m.settled_at END,
       sent_at = coalesce(v.sent, m.sent_at),
       provider_ref = CASE WHEN v.ref <> '' THEN v.ref ELSE m.provider_ref END,
       account_id = coalesce(v.account, m.account_id)
  FROM unnest(%(ids)s::uuid[], %(was)s::text[], %(states)s::text[], %(reasons)s::text[],
              %(untils)s::timestamptz[], %(whys)s::text[], %(settled)s::timestamptz[],
              %(sent)s::timestamptz[], %(refs)s::text[], %(accounts)s::uuid[])
       AS v(id, was, state, reason, until, why, settled, sent, ref, account)
 WHERE m.id = v.id
"""
CLOSE = """
UPDATE messaging_attempt a
   SET ended_at = v.ended, outcome = v.outcome, code = v.code, provider_ref = v.ref
  FROM unnest(%(ids)s::bigint[], %(ended)s::timestamptz[], %(outcomes)s::text[],
              %(codes)s::text[], %(refs)s::text[])
       AS v(id, ended, outcome, code, ref)
 WHERE a.id = v.id AND a.outcome = ''
"""
