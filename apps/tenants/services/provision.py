"""Making a business ready for its first log-in, whole or not at all."""

import re
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.tenants import sql, wall
from apps.tenants.choices import BusinessStatus
from apps.tenants.errors import SlugInvalidError, SlugTakenError
from apps.tenants.models import Business, Domain
from apps.tenants.services.migrate import ensure_snapshot, fingerprint, grant_schema, replay
from apps.tenants.services.owner import compose, owner_connection, run
from apps.tenants.services.wall import GROUP, app_login, make_role

_SLUG = re.compile(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$")
RESERVED = frozenset(
    {"www", "api", "admin", "app", "mail", "static", "public", "platform", "status"}
)


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

    Raises SlugInvalidError or SlugTakenError; afterwards nothing half-made is left behind.
    """
    if not _SLUG.match(slug) or slug in RESERVED or "--" in slug:
        message = "Use 3 to 40 small letters, digits and hyphens, beginning with a letter."
        raise SlugInvalidError(message, field="slug")
    if Business.objects.using("owner").filter(slug=slug).exists():
        message = f"The address “{slug}” is taken. Choose another."
        raise SlugTakenError(message, field="slug")
    ensure_snapshot()
    try:
        with transaction.atomic(using="owner"):
            business = _make(slug, name, now)
            business.country, business.currency, business.time_zone = country, currency, time_zone
            business.status = BusinessStatus.ACTIVE
            business.save(using="owner")
            # bulk_create: the mixin's save looks at other domains with the app's own log-in.
            Domain.objects.using("owner").bulk_create(
                [
                    Domain(
                        domain=f"{slug}.{settings.BASE_DOMAIN}",
                        tenant=business,
                        is_primary=True,
                        verified_at=now,
                    )
                ]
            )
    except IntegrityError as error:
        message = f"The address “{slug}” is taken. Choose another."
        raise SlugTakenError(message, field="slug") from error
    with wall.as_platform():
        found: Business = Business.objects.get(pk=business.pk)
    return found


def _make(slug: str, name: str, now: datetime) -> Business:
    mark = run("SELECT mark FROM public.tenants_installation")[0][0]
    short = slug.replace("-", "_")
    business = Business(
        slug=slug,
        name=name,
        schema_name=f"b_{short}",
        role_name=f"t_{mark}_{short}",
        fingerprint=fingerprint(),
        created_at=now,
    )
    business.save(using="owner")
    make_role(business.role_name)
    run(compose(sql.GRANT_ROLE, role=f"{GROUP}_{mark}", member=business.role_name))
    run(compose(sql.GRANT_ROLE, role=business.role_name, member=app_login()))
    replay(schema=business.schema_name)
    grant_schema(schema=business.schema_name, role=business.role_name)
    return business


def drop_business(*, business: Business) -> None:
    """Remove a business with all that it owns; for tests and for a closed business's end."""
    with transaction.atomic(using="owner"):
        run(compose(sql.DROP_SCHEMA, schema=business.schema_name))
        Domain.objects.using("owner").filter(tenant=business).delete()
        Business.objects.using("owner").filter(pk=business.pk).delete()
        if run(sql.ROLE_EXISTS, (business.role_name,)):
            run(compose(sql.DROP_ROLE, role=business.role_name))
    owner_connection().set_schema_to_public()
