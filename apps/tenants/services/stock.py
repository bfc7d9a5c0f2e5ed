"""Schemas made ahead: a new business takes one, so that nobody waits while tables are made."""

import secrets

from django.db import transaction

from apps.core import clock
from apps.core.failpoints import failpoint
from apps.tenants import sql
from apps.tenants.models import ReadySchema
from apps.tenants.services.migrate import ensure_snapshot, fingerprint, grant_schema, replay
from apps.tenants.services.owner import compose, run, start_afresh
from apps.tenants.services.wall import GROUP, app_login, make_role

KEEP = 3


def top_up(*, keep: int = KEEP) -> int:
    """Make ready schemas until there are ``keep``; returns how many were made.

    Needs the owner's connection. One process does it at a time, the others return 0; so does one
    whose migrations are not those that the database stands at.
    """
    made = 0
    while _needs_one(keep):
        with transaction.atomic(using="owner"):
            is_mine = bool(run(sql.LOCK_STOCK)[0][0])
            if is_mine and _needs_one(keep):
                make_ready()
                made += 1
        # What a long-lived connection remembers of each schema grows without an end.
        start_afresh()
        if not is_mine:
            break
    return made


def _needs_one(keep: int) -> bool:
    wanted = fingerprint()
    return bool(run(sql.STOCK_IS_SHORT, (keep, wanted, wanted))[0][0])


def make_ready() -> None:
    """Make one ready schema with its role, tables and rights, whole or not at all.

    Its names carry an id of their own, since nobody knows yet whose it will be.
    """
    ensure_snapshot()
    with transaction.atomic(using="owner"):
        mark = run("SELECT mark FROM public.tenants_installation")[0][0]
        token = secrets.token_hex(6)
        schema, role = f"b_{token}", f"t_{mark}_{token}"
        make_role(role)
        failpoint("stock_after_role")
        run(compose(sql.GRANT_ROLE, role=f"{GROUP}_{mark}", member=role))
        failpoint("stock_after_group")
        run(compose(sql.GRANT_ROLE, role=role, member=app_login()))
        failpoint("stock_after_login")
        replay(schema=schema)
        failpoint("stock_after_tables")
        grant_schema(schema=schema, role=role)
        failpoint("stock_after_rights")
        ReadySchema.objects.using("owner").create(
            schema_name=schema, role_name=role, fingerprint=fingerprint(), created_at=clock.now()
        )
        failpoint("stock_before_commit")
