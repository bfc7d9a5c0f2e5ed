"""Changing what a business says of itself, as far as the other rooms allow it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.customers.queries import lookup
from apps.journal import services as journal
from apps.offers import queries as offers
from apps.staff.events import BusinessChanged
from apps.tenants import services as tenants
from apps.tenants.models import Business


def has_money() -> bool:
    """Tell whether the entered business has amounts in its currency."""
    paid = lookup.list_transactions().filter(amount_minor__isnull=False)
    return paid.exists() or offers.list_offers(actor=SYSTEM).exists()


@transaction.atomic
def change_business(
    *,
    business: Business,
    name: str,
    country: str,
    currency: str,
    time_zone: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change name, country, time zone and, while there is no money yet, the currency.

    Raises ForbiddenError without the right, AppError at the field, ConflictError where the
    business is closed or suspended.
    """
    if not actor.can("settings.change"):
        raise ForbiddenError(_("Only a manager or an owner can change the business."))
    if currency != business.currency and has_money():
        message = _("There are amounts in %(currency)s already, so the currency stays.")
        raise AppError(
            message % {"currency": business.currency}, code="currency_fixed", field="currency"
        )
    changed = tenants.change_own_business(
        name=name, country=country, currency=currency, time_zone=time_zone
    )
    if not changed:
        raise ConflictError(_("This business is not open, so it cannot be changed."))
    journal.record(BusinessChanged(business_id=business.uuid), actor=actor, now=now)
