"""Adding, changing and finding people as several nouns tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from apps.api.shared.lookups import find_place
from apps.core import clock
from apps.core.facts import Actor
from apps.customers import queries, services
from apps.customers.queries import lookup
from apps.customers.services import Agreement

if TYPE_CHECKING:
    from apps.customers.models import Customer

_NAMES = ("first_name", "last_name", "language")
_CHANNELS = {"email": "email", "phone": "sms"}


def add_person(body: dict[str, Any], *, actor: Actor) -> Customer:
    """Add a person from a clean body; an address or number of somebody else is refused."""
    values = body.copy()
    consent = values.pop("consent", None)
    return services.create_customer(
        location=find_place(values.pop("location_id", None)),
        agreement=Agreement(**consent) if consent else None,
        source="api",
        actor=actor,
        now=clock.now(),
        **values,
    )


def change_person(customer: Customer, body: dict[str, Any], *, actor: Actor) -> bool:
    """Change what a clean body gives of a held person; what it leaves out stays."""
    values = body.copy()
    place = customer.location
    if "location_id" in values:
        place = find_place(values.pop("location_id"))
    kept = {name: getattr(customer, name) for name in _NAMES}
    return services.update_customer(
        customer=customer,
        location=place,
        actor=actor,
        now=clock.now(),
        **{**kept, "tags": customer.tags, **values},
    )


def upsert_person(body: dict[str, Any], *, actor: Actor) -> tuple[Customer, str]:
    """Change the person with this ``external_id``, or add one; addresses are only added."""
    found = lookup.with_number(body["external_id"]).first()
    if found is None:
        return add_person(body, actor=actor), "created"
    held = services.hold_customer(customer_id=found.pk)
    values = {name: value for name, value in body.items() if name != "external_id"}
    consent = values.pop("consent", None)
    addresses = {name: values.pop(name, "") for name in _CHANNELS}
    is_changed = change_person(held, values, actor=actor)
    is_changed |= _add_addresses(held, addresses, consent, actor)
    return held, "changed" if is_changed else "unchanged"


def _add_addresses(
    customer: Customer, addresses: dict[str, str], consent: dict[str, Any] | None, actor: Actor
) -> bool:
    before = _count(customer.pk)
    for name, address in addresses.items():
        if address.strip():
            services.add_contact(
                customer=customer,
                channel=_CHANNELS[name],
                address=address,
                agreement=Agreement(**consent) if consent else None,
                actor=actor,
                now=clock.now(),
            )
    return _count(customer.pk) > before


def _count(customer_id: UUID) -> int:
    return len(queries.list_contacts([customer_id]).get(customer_id, []))


def find_or_add_person(body: dict[str, Any], *, actor: Actor) -> Customer:
    """Return the person whom a clean body means: by number, else by address, else a new one."""
    if body.get("external_id"):
        found = lookup.with_number(body["external_id"]).first()
        if found is not None:
            return found
    for name in _CHANNELS:
        if body.get(name):
            found = lookup.with_address(body[name].lower()).first()
            if found is not None:
                return found
    return add_person(body, actor=actor)
