"""What bodies refer to by id, found or refused at its field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.errors import AppError, NotFoundError
from apps.core.facts import SYSTEM, Actor
from apps.customers import queries as customers
from apps.customers.choices import ContactStatus
from apps.customers.queries import lookup
from apps.failures import queries as failures
from apps.locations import queries as locations
from apps.recovery import queries as recovery
from apps.reviews import queries as reviews
from apps.staff import queries as staff

if TYPE_CHECKING:
    from apps.customers.models import ContactPoint, Customer
    from apps.failures.models import Failure
    from apps.locations.models import Location
    from apps.recovery.models import Case
    from apps.reviews.models import Review


def find_place(location_id: UUID | None) -> Location | None:
    """Return the place, or None without an id."""
    place = locations.find_location(location_id, actor=SYSTEM)
    if location_id is not None and place is None:
        message = "There is no such location."
        raise AppError(message, code="unknown_location", field="location_id")
    return place


def find_member(member_id: UUID, *, but_owners: bool = False) -> Actor:
    """Return the member of the team in whose name a key acts; owners may be left out."""
    member = staff.find_actor(member_id=member_id)
    if member is None:
        message = "There is no such member of the team, or they have left it."
        raise AppError(message, code="unknown_member", field="member_id")
    if but_owners and member.role == "owner":
        message = "A key cannot decide about money in the name of an owner."
        raise AppError(message, code="owner_in_person", field="member_id")
    return member


@contextmanager
def about_member() -> Iterator[None]:
    """Name the field of a refusal of a member as bodies do."""
    try:
        yield
    except AppError as error:
        if error.field == "member":
            error.field = "member_id"
        raise


def find_known(customer_id: UUID | None) -> Customer | None:
    """Return the customer with this id, or None without one."""
    if customer_id is None:
        return None
    return find_person(customer_id=customer_id, external_id=None)


def find_contact(contact_id: UUID, *, customer_id: UUID | None) -> ContactPoint:
    """Return an address of this customer."""
    owned = customers.list_contacts([customer_id]).get(customer_id, []) if customer_id else []
    contact = next((one for one in owned if one.pk == contact_id), None)
    if contact is None:
        message = "This is no address of the customer."
        raise AppError(message, code="unknown_contact", field="contact_id")
    return contact


def find_channel(customer_id: UUID, channel: str) -> ContactPoint:
    """Return where a customer is reached by this channel."""
    owned = customers.list_contacts([customer_id]).get(customer_id, [])
    contact = next(
        (one for one in owned if one.channel == channel and one.status == ContactStatus.OK), None
    )
    if contact is None:
        message = "There is no working address of this kind."
        raise AppError(message, code="no_address", field="channel")
    return contact


def find_review(review_id: UUID | None, *, actor: Actor) -> Review | None:
    """Return the review with this id, or None without one."""
    if review_id is None:
        return None
    try:
        return reviews.get_review(actor=actor, review_id=review_id)
    except NotFoundError as error:
        message = "There is no such review."
        raise AppError(message, code="unknown_review", field="review_id") from error


def find_failure(failure_id: UUID, *, actor: Actor) -> Failure:
    """Return the failure with this id."""
    try:
        return failures.get_failure(actor=actor, failure_id=failure_id)
    except NotFoundError as error:
        message = "There is no such failure."
        raise AppError(message, code="unknown_failure", field="failure_id") from error


def find_case(case_id: UUID, *, actor: Actor) -> Case:
    """Return the case with this id."""
    try:
        return recovery.get_case(actor=actor, case_id=case_id)
    except NotFoundError as error:
        message = "There is no such case."
        raise AppError(message, code="unknown_case", field="case_id") from error


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
