"""What bodies refer to by id, found or refused at its field."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.errors import AppError
from apps.customers import queries as customers
from apps.customers.queries import lookup
from apps.locations import queries as locations

if TYPE_CHECKING:
    from apps.customers.models import Customer
    from apps.locations.models import Location


def find_place(location_id: UUID | None) -> Location | None:
    """Return the place, or None without an id."""
    place = locations.find_location(location_id)
    if location_id is not None and place is None:
        message = "There is no such location."
        raise AppError(message, code="unknown_location", field="location_id")
    return place


def find_person(*, customer_id: UUID | None, external_id: str | None) -> Customer:
    """Return the customer whom exactly one of the two names."""
    if (customer_id is None) == (external_id is None):
        message = "Name the customer by customer_id or by customer_external_id."
        raise AppError(message, code="customer_missing", field="customer_id")
    if customer_id is not None:
        person, field = customers.find_customer(customer_id), "customer_id"
    else:
        person, field = lookup.with_number(str(external_id)).first(), "customer_external_id"
    if person is None:
        message = "There is no such customer."
        raise AppError(message, code="unknown_customer", field=field)
    return person
