"""Reads about businesses."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models

from apps.core.db import fetch_all
from apps.tenants import rules, sql, wall
from apps.tenants.choices import BusinessStatus
from apps.tenants.errors import SlugTakenError
from apps.tenants.models import Business, Domain


def find_business_by_host(*, host: str) -> Business | None:
    """Return the business that a verified host leads to, whatever its status."""
    domain = (
        Domain.objects.select_related("tenant")
        .filter(domain=host, verified_at__isnull=False)
        .first()
    )
    found: Business | None = domain.tenant if domain else None
    return found


def find_business(*, slug: str) -> Business | None:
    """Return a business by the first part of its address."""
    found: Business | None = Business.objects.filter(slug=slug).first()
    return found


def check_address(*, slug: str) -> None:
    """Raise SlugInvalidError or SlugTakenError unless a new business can have this address now."""
    rules.check_slug(slug)
    host = f"{slug}.{settings.BASE_DOMAIN}"
    with wall.as_platform():
        is_taken = Business.objects.filter(slug=slug).exists()
        is_taken = is_taken or Domain.objects.filter(domain=host).exists()
    if is_taken:
        raise SlugTakenError.of(slug)


def find_business_by_role(*, role_name: str) -> Business | None:
    """Return an active business by its database role, as tickets name it."""
    active = Business.objects.filter(status=BusinessStatus.ACTIVE)
    found: Business | None = active.filter(role_name=role_name).first()
    return found


def list_businesses() -> models.QuerySet[Business]:
    """Return all businesses that are served."""
    active: models.QuerySet[Business] = Business.objects.filter(status=BusinessStatus.ACTIVE)
    return active.order_by("slug")


def platform_url() -> str:
    """Return the address of the platform's own host, without a slash at the end."""
    return f"{settings.SCHEME}://{settings.BASE_DOMAIN}{settings.PUBLIC_PORT}"


def base_url(business: Business) -> str:
    """Return the address of a business's own host, without a slash at the end."""
    return f"{settings.SCHEME}://{business.slug}.{settings.BASE_DOMAIN}{settings.PUBLIC_PORT}"


@dataclass(frozen=True)
class Finding:
    """One thing the audit looked at."""

    is_good: bool
    text: str


def audit_wall() -> list[Finding]:
    """Look at the log-in's rights and at every business's role, as the database has them."""
    is_super, can_make_roles = fetch_all(sql.LOGIN_RIGHTS)[0]
    found = [
        Finding(not is_super, "The web's log-in is no superuser."),
        Finding(not can_make_roles, "The web's log-in cannot make roles."),
        Finding(not fetch_all(sql.SET_CONFIG_OPEN)[0][0], "set_config is closed to roles."),
        Finding(
            fetch_all(sql.OPEN_FUNCTIONS)[0][0] == 0,
            "What runs with the owner's rights may be called by whom it is for.",
        ),
    ]
    for business in list_businesses():
        names = {"role": business.role_name, "schema": business.schema_name}
        roles = fetch_all(sql.ROLE_IS_PLAIN, names)
        good = bool(roles and roles[0][0])
        found.append(Finding(good, f"{business.slug}: its role reaches its own schema alone."))
    return found
