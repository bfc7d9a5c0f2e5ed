"""Reads about people, their addresses and what they had from the business."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import phonenumbers
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from apps.core.db import within
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.customers.choices import Channel
from apps.customers.models import ContactPoint, Customer, ExternalId, Transaction
from apps.tenants import wall

_MOST_WORDS = 4
_FEWEST_DIGITS = 3


def find_customer(customer_id: UUID | None) -> Customer | None:
    """Return a person, wherever they belong; None when there is none or they have been erased.

    For the person's own links and for machines; members of the team ask ``get_customer``.
    """
    if customer_id is None:
        return None
    people = Customer.objects.select_related("location")
    return people.filter(pk=customer_id, erased_at=None).first()


def get_customer(*, actor: Actor, customer_id: UUID) -> Customer:
    """Return a person; NotFoundError without one in the actor's places, or one erased."""
    customer = list_customers(actor=actor).filter(pk=customer_id).first()
    if customer is None:
        raise NotFoundError(_("This customer does not exist, or has been erased."))
    return customer


def find_customers(customer_ids: Iterable[UUID]) -> dict[UUID, Customer]:
    """Return many people by id in one query; those erased are left out."""
    return Customer.objects.filter(erased_at=None).in_bulk(list(customer_ids))


def list_customers(*, actor: Actor) -> QuerySet[Customer]:
    """Return everybody in the actor's places who has not been erased."""
    people = Customer.objects.filter(erased_at=None).select_related("location")
    return within(actor, people)


def count_customers(*, actor: Actor) -> int:
    """Return how many people there are in the actor's places."""
    return list_customers(actor=actor).count()


def count_unplaced() -> int:
    """Return how many people belong to no location, so that every member sees them."""
    return Customer.objects.filter(erased_at=None, location=None).count()


def search_customers(text: str, *, actor: Actor) -> QuerySet[Customer]:
    """Return those in the actor's places of whom something begins with ``text``.

    That is a name, an address, a number or a customer number. Every word of a name must begin
    the first or the last name.
    """
    words = text.lower().replace("\x00", "").split()[:_MOST_WORDS]
    if not words:
        return list_customers(actor=actor)
    found = _search_names(words)
    needle = " ".join(words)
    found = found.union(
        ContactPoint.objects.filter(address__startswith=needle).values("customer_id"),
        ExternalId.objects.alias(_value=Lower("value"))
        .filter(_value__startswith=needle)
        .values("customer_id"),
    )
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) >= _FEWEST_DIGITS and not any(sign.isalpha() for sign in text):
        start = _international(text.strip(), digits)
        phones = ContactPoint.objects.filter(channel=Channel.SMS, address__startswith=f"+{start}")
        found = found.union(phones.values("customer_id"))
    return list_customers(actor=actor).filter(pk__in=found)


def _search_names(words: list[str]) -> QuerySet[Customer, Any]:
    people = Customer.objects.alias(_first=Lower("first_name"), _last=Lower("last_name"))
    found = None
    for word in words:
        # A union, so that each half can use its own index.
        hits = people.filter(_first__startswith=word).values("pk")
        hits = hits.union(people.filter(_last__startswith=word).values("pk"))
        people = people.filter(pk__in=hits)
        found = people
    assert found is not None  # noqa: S101 - there is at least one word
    return found.values("pk")


def _international(text: str, digits: str) -> str:
    """Return the digits of the international number whose beginning somebody typed."""
    if text.startswith("00"):
        return digits.removeprefix("00")
    if text.startswith("0"):
        code = phonenumbers.country_code_for_region(wall.current_business().country)
        return f"{code}{digits[1:]}"
    return digits


def list_contacts(customer_ids: Iterable[UUID]) -> dict[UUID, list[ContactPoint]]:
    """Return the addresses of many people in one query, mail first, oldest first."""
    found: dict[UUID, list[ContactPoint]] = defaultdict(list)
    points = ContactPoint.objects.filter(customer_id__in=list(customer_ids))
    for point in points.order_by("channel", "created_at", "pk"):
        found[point.customer_id].append(point)
    return found


def get_contact(*, customer_id: UUID, contact_id: UUID) -> ContactPoint:
    """Return an address of a person; NotFoundError when it is not theirs."""
    contact = ContactPoint.objects.filter(pk=contact_id, customer_id=customer_id).first()
    if contact is None:
        raise NotFoundError(_("This address does not exist."))
    return contact


def list_external_ids(customer_id: UUID) -> list[ExternalId]:
    """Return what other systems call a person."""
    return list(ExternalId.objects.filter(customer_id=customer_id).order_by("pk"))


def get_transactions(customer_id: UUID, *, actor: Actor) -> QuerySet[Transaction]:
    """Return what a person had from the business in the actor's places, newest first."""
    own = Transaction.objects.filter(customer_id=customer_id).select_related("location")
    return within(actor, own).order_by("-happened_at", "-pk")
