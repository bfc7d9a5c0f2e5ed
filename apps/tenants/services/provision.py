"""Making a business ready for its first log-in, whole or not at all."""

import re
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.core.failpoints import failpoint
from apps.tenants import sql, wall
from apps.tenants.choices import BusinessStatus
from apps.tenants.errors import SlugInvalidError, SlugTakenError
from apps.tenants.models import Business, Domain
from apps.tenants.services.migrate import ensure_snapshot, fingerprint, grant_schema, replay
from apps.tenants.services.owner import compose, owner_connection, run
from apps.tenants.services.wall import GROUP, SHARED_ROWS, app_login, make_role

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
RESERVED = frozenset({
    "abuse", "account", "admin", "api", "app", "assets", "billing", "blog", "cdn", "docs", "ftp",
    "help", "imap", "localhost", "login", "mail", "media", "platform", "postmaster", "public",
    "root", "sandbox", "smtp", "static", "status", "support", "webmaster", "www",
})  # fmt: skip


def create_business(
    *,
    slug: str,
    name: str,
    now: datetime,
    country: str = "GB",
    currency: str = "GBP",
    time_zone: str = "Europe/London",
) -> Business:
    """Create role, schema, tables, host and row of a business in one transaction.

    Raises SlugInvalidError, SlugTakenError or an AppError naming the field; afterwards nothing
    half-made is left behind.
    """
    _check_slug(slug)
    _check_place(country, currency, time_zone)
    ensure_snapshot()
    made = Business(
        slug=slug,
        name=name,
        country=country,
        currency=currency,
        time_zone=time_zone,
        status=BusinessStatus.ACTIVE,
        fingerprint=fingerprint(),
        created_at=now,
    )
    try:
        with transaction.atomic(using="owner"):
            _make(made)
            failpoint("provision_before_commit")
    except IntegrityError as error:
        raise _taken(slug) from error
    failpoint("provision_after_commit")
    with wall.as_platform():
        found: Business = Business.objects.get(pk=made.pk)
    return found


def _check_slug(slug: str) -> None:
    if not _SLUG.fullmatch(slug) or "--" in slug:
        message = _("Use 3 to 40 small letters, digits and hyphens, beginning with a letter.")
        raise SlugInvalidError(message, field="slug")
    if slug in RESERVED:
        message = _("The address “%(slug)s” is kept for other uses. Choose another.")
        raise SlugInvalidError(message % {"slug": slug}, field="slug")
    if Business.objects.using("owner").filter(slug=slug).exists():
        raise _taken(slug)


def _check_place(country: str, currency: str, time_zone: str) -> None:
    """Refuse what would break every page of the business later."""
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise AppError(_("Give the country as two capital letters, such as GB."), field="country")
    if currency not in list_currencies():
        raise AppError(_("Give the currency by its code, such as EUR."), field="currency")
    if time_zone not in available_timezones():
        message = _("Give the time zone by its name, such as Europe/London.")
        raise AppError(message, field="time_zone")


def _taken(slug: str) -> SlugTakenError:
    message = _("The address “%(slug)s” is taken. Choose another.") % {"slug": slug}
    return SlugTakenError(message, field="slug")


def _make(business: Business) -> None:
    """Write the row first: of two who want one address, the second waits here for the first."""
    mark = run("SELECT mark FROM public.tenants_installation")[0][0]
    short = business.slug.replace("-", "_")
    business.schema_name, business.role_name = f"b_{short}", f"t_{mark}_{short}"
    business.save(using="owner")
    failpoint("provision_after_row")
    make_role(business.role_name)
    failpoint("provision_after_role")
    run(compose(sql.GRANT_ROLE, role=f"{GROUP}_{mark}", member=business.role_name))
    failpoint("provision_after_group")
    run(compose(sql.GRANT_ROLE, role=business.role_name, member=app_login()))
    failpoint("provision_after_login")
    replay(schema=business.schema_name)
    failpoint("provision_after_tables")
    grant_schema(schema=business.schema_name, role=business.role_name)
    failpoint("provision_after_rights")
    host = Domain(
        domain=f"{business.slug}.{settings.BASE_DOMAIN}",
        tenant=business,
        is_primary=True,
        verified_at=business.created_at,
    )
    # bulk_create: the mixin's save looks at other domains with the app's own log-in.
    Domain.objects.using("owner").bulk_create([host])
    failpoint("provision_after_host")


def suspend_business(*, business: Business) -> None:
    """Serve a business no longer, for now: its host answers 503 and its tickets wait."""
    _set_status(business, BusinessStatus.SUSPENDED)


def resume_business(*, business: Business) -> None:
    """Serve a suspended business again; waiting tickets go on within the hour."""
    _set_status(business, BusinessStatus.ACTIVE)


def _set_status(business: Business, status: BusinessStatus) -> None:
    Business.objects.using("owner").filter(pk=business.pk).update(status=status)
    business.status = status


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
    owner_connection().set_schema_to_public()
    shutil.rmtree(Path(settings.MEDIA_ROOT) / business.schema_name, ignore_errors=True)
