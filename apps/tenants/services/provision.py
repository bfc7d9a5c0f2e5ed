"""Making a business ready for its first log-in, whole or not at all."""

import shutil
from datetime import datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.db import fetch_all, uuid7
from apps.core.failpoints import failpoint
from apps.tenants import queries, rules, sql, wall
from apps.tenants.errors import NoneReadyError, SlugTakenError
from apps.tenants.models import Business, Domain
from apps.tenants.services.owner import compose, owner_connection, run
from apps.tenants.services.stock import make_ready
from apps.tenants.services.wall import SHARED_ROWS

# Others may take what was made for us; by the laws of chance not so often.
_TURNS = 20


def claim_business(
    *,
    slug: str,
    name: str,
    now: datetime,
    country: str = "GB",
    currency: str = "GBP",
    time_zone: str = "Europe/London",
    language: str = "en",
) -> Business:
    """Make a business out of a ready schema, in the caller's transaction.

    The least-privileged log-in may do this. Give the business its first member in the same
    transaction, so that there is never one without. Raises SlugInvalidError, SlugTakenError or an
    AppError naming the field; NoneReadyError when the stock is empty: the owner's worker makes
    another within seconds, so ask again.
    """
    rules.check_name(name)
    rules.check_place(country, currency, time_zone)
    queries.check_address(slug=slug)
    values = {
        "slug": slug,
        "name": name.strip(),
        "country": country,
        "currency": currency,
        "time_zone": time_zone,
        "language": language,
        "uuid": uuid7(),
        "domain": settings.BASE_DOMAIN,
        "now": now,
    }
    with wall.as_platform():
        try:
            with transaction.atomic():
                made = fetch_all(sql.CLAIM, values)[0][0]
                failpoint("claim_before_commit")
        except IntegrityError as error:
            if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
                raise SlugTakenError.of(slug) from error
            raise
        if made is None:
            raise NoneReadyError(_("Your business is being prepared. Try again in a few seconds."))
        found: Business = Business.objects.get(pk=made)
    return found


def create_business(
    *,
    slug: str,
    name: str,
    now: datetime,
    country: str = "GB",
    currency: str = "GBP",
    time_zone: str = "Europe/London",
) -> Business:
    """Make a business out of a ready schema, and that schema first where none is in stock.

    Needs the owner's connection when the stock is empty. Raises SlugInvalidError, SlugTakenError
    or an AppError naming the field. A death on the way leaves a schema in stock at most.
    """
    for _turn in range(_TURNS):
        try:
            made = claim_business(
                slug=slug,
                name=name,
                now=now,
                country=country,
                currency=currency,
                time_zone=time_zone,
            )
        except NoneReadyError:
            make_ready()
        else:
            failpoint("claim_after_commit")
            return made
    raise NoneReadyError(_("Others took every place that was made. Try again."))


def drop_business(*, business: Business) -> None:
    """Remove a business with all that it owns; for tests and for a closed business's end."""
    with transaction.atomic(using="owner"):
        run(compose(sql.DROP_SCHEMA, schema=business.schema_name))
        for table in SHARED_ROWS:
            run(compose(sql.DELETE_SHARED_ROWS, table=table), (business.role_name,))
        Domain.objects.using("owner").filter(tenant=business).delete()
        Business.objects.using("owner").filter(pk=business.pk).delete()
        if run(sql.ROLE_EXISTS, (business.role_name,)):
            run(compose(sql.DROP_ROLE, role=business.role_name))
        # No file goes before the rows are gone for good: the caller's commit may still fail.
        files = Path(settings.MEDIA_ROOT) / business.schema_name
        transaction.on_commit(lambda: shutil.rmtree(files, ignore_errors=True), using="owner")
    owner_connection().set_schema_to_public()
