"""Reads about businesses."""

from django.conf import settings
from django.db import models

from apps.tenants.choices import BusinessStatus
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


def find_business_by_role(*, role_name: str) -> Business | None:
    """Return an active business by its database role, as tickets name it."""
    active = Business.objects.filter(status=BusinessStatus.ACTIVE)
    found: Business | None = active.filter(role_name=role_name).first()
    return found


def list_businesses() -> models.QuerySet[Business]:
    """Return all businesses that are served."""
    active: models.QuerySet[Business] = Business.objects.filter(status=BusinessStatus.ACTIVE)
    return active.order_by("slug")


def base_url(business: Business) -> str:
    """Return the address of a business's own host, without a slash at the end."""
    return f"{settings.SCHEME}://{business.slug}.{settings.BASE_DOMAIN}{settings.PUBLIC_PORT}"
