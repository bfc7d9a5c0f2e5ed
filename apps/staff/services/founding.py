"""Founding a business: its place, its owner and its first location come to be together."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from apps.accounts import services as accounts
from apps.accounts.choices import FoundingState, Role
from apps.accounts.models import Founding
from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.locations import services as locations
from apps.staff.services.keys import create_member
from apps.tenants import services as tenants
from apps.tenants import wall
from apps.tenants.errors import NoneReadyError
from apps.tenants.models import Business

log = structlog.get_logger(__name__)


def found_business(*, founding_id: UUID, now: datetime) -> Founding:
    """Make the business that a founding describes, with its owner, whole or not at all.

    Asked again it returns the same one. Where no place is ready the founding waits, and
    ``found_waiting`` goes on with it. Raises AppError at the field, as ``claim_business`` does.
    """
    with wall.as_platform(), transaction.atomic():
        # Without its business, which a join would show as it was before the wait for the lock.
        rows = Founding.objects.select_for_update(of=("self",)).select_related("user")
        founding = rows.get(pk=founding_id)
        if founding.state == FoundingState.DONE:
            return founding
        try:
            business = _claim(founding, now)
        except NoneReadyError:
            accounts.wait_for_place(founding=founding)
        else:
            _settle(founding, business, now)
    return founding


def found_waiting(*, now: datetime) -> int:
    """Go on with those that wait for a place, the oldest first; returns how many are made.

    One whose address was given to somebody else meanwhile goes back to its founder.
    """
    waiting = Founding.objects.filter(state=FoundingState.ASKED).order_by("created_at", "pk")
    made = 0
    for founding_id in list(waiting.values_list("pk", flat=True)):
        try:
            founding = found_business(founding_id=founding_id, now=now)
        except AppError as error:
            log.warning("founding.refused", founding=str(founding_id), code=error.code)
            waiting.filter(pk=founding_id).update(state=FoundingState.DRAFT)
            continue
        if founding.state != FoundingState.DONE:
            break
        made += 1
    return made


def _claim(founding: Founding, now: datetime) -> Business:
    return tenants.claim_business(
        slug=founding.slug,
        name=founding.name,
        country=founding.country,
        currency=founding.currency,
        time_zone=founding.time_zone,
        now=now,
    )


def _settle(founding: Founding, business: Business, now: datetime) -> None:
    """Give a new business its owner and its first location."""
    user = founding.user
    create_member(
        business=business,
        email=user.email,
        name=user.name,
        role=Role.OWNER,
        password=None,
        now=now,
    )
    if founding.location_name:
        with wall.as_business(business):
            locations.create_location(
                name=founding.location_name,
                city=founding.location_city,
                country=founding.country,
                time_zone=founding.time_zone,
                actor=SYSTEM,
                now=now,
            )
    accounts.finish_founding(founding=founding, business=business)
