"""A business that is served no more: suspended by the platform, or closed by its owners."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.core import clock
from apps.core.db import fetch_all
from apps.tenants import sql, wall
from apps.tenants.choices import BusinessStatus
from apps.tenants.models import Business
from apps.tenants.services.owner import run
from apps.tenants.services.provision import drop_business

KEPT = timedelta(days=30)


def suspend_business(*, business: Business, why: str = "") -> None:
    """Serve a business no longer, for now: its host answers 503 and its tickets wait.

    ``why`` is told to its own people. Needs the owner's connection; a closed one stays closed.
    """
    _turn(business, BusinessStatus.ACTIVE, BusinessStatus.SUSPENDED, why)


def resume_business(*, business: Business) -> None:
    """Serve a suspended business again; what waited goes on now."""
    if _turn(business, BusinessStatus.SUSPENDED, BusinessStatus.ACTIVE, ""):
        run(sql.HASTEN_TICKETS, (business.role_name,))


def _turn(business: Business, before: BusinessStatus, after: BusinessStatus, why: str) -> bool:
    rows = Business.objects.using("owner").filter(pk=business.pk, status__in=(before, after))
    if not rows.update(status=after, suspended_why=why):
        return False
    business.status, business.suspended_why = after, why
    return True


def close_own_business(*, now: datetime) -> datetime | None:
    """Close the entered business; returns until when its data is kept, None when it was not open.

    The least-privileged log-in may do this, for the business it has entered and no other.
    """
    kept_until = now + KEPT
    return kept_until if fetch_all(sql.CLOSE, [now, kept_until])[0][0] else None


def reopen_business(*, business: Business, now: datetime) -> bool:
    """Serve a closed business again; False when it is not closed, or its time is over."""
    with wall.as_platform():
        return bool(fetch_all(sql.REOPEN, [business.pk, now])[0][0])


def drop_closed(*, now: datetime | None = None) -> int:
    """Remove one closed business whose time is over, if there is one; returns how many it was.

    Needs the owner's connection; the owner's worker asks every so often. Whoever reopens it in
    the same moment is either first, and it stays, or finds it gone.
    """
    over = Business.objects.using("owner").filter(
        status=BusinessStatus.CLOSED, kept_until__lte=now or clock.now()
    )
    with transaction.atomic(using="owner"):
        found = over.select_for_update(skip_locked=True).order_by("kept_until").first()
        if found is None:
            return 0
        drop_business(business=found)
    return 1
