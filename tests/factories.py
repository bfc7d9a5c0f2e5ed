"""Builders of rows that tests of several rooms need; everything has a sensible default."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from apps.core.crypto import keyed_hash
from apps.customers.models import ContactPoint, Customer
from apps.locations.models import Location
from apps.reviews.models import Review
from apps.tenants import wall

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


def make_location(*, name: str = "Mill Lane", now: datetime = NOW) -> Location:
    """Make a place of the entered business."""
    return Location.objects.create(
        name=name, city="Bath", country="GB", time_zone="Europe/London", created_at=now
    )


def make_customer(
    *,
    first_name: str = "Nora",
    last_name: str = "Keane",
    email: str = "nora@example.com",
    phone: str = "+447700900123",
    location: Location | None = None,
    now: datetime = NOW,
) -> Customer:
    """Make a person with an address of each kind; an empty one is left out."""
    customer = Customer.objects.create(
        first_name=first_name,
        last_name=last_name,
        location=location,
        created_at=now,
        updated_at=now,
    )
    for channel, address in (("email", email), ("sms", phone)):
        if address:
            ContactPoint.objects.create(
                customer=customer,
                channel=channel,
                address=address,
                address_hash=keyed_hash(wall.current_business().uuid, address),
                region="GB" if channel == "sms" else "",
                zones=["Europe/London"] if channel == "sms" else [],
                created_at=now,
            )
    return customer


def make_review(
    *,
    rating: int | None = 1,
    text: str = "Four days later the rear brake just went. I rang twice and nobody picked up.",
    customer: Customer | None = None,
    location: Location | None = None,
    remote_id: str = "r-1",
    now: datetime = NOW,
    **values: Any,
) -> Review:
    """Make an inbox item as a source would bring it."""
    return Review.objects.create(
        source=values.pop("source", "google"),
        remote_id=remote_id,
        author_name=customer.name if customer else "Nora K.",
        rating=None if rating is None else Decimal(rating),
        rating_max=None if rating is None else 5,
        text=text,
        customer=customer,
        location=location,
        received_at=now,
        written_at=now,
        sort_at=now,
        created_at=now,
        **values,
    )


def make_failure(*, customer: Customer | None = None, now: datetime = NOW, **values: Any) -> Any:
    """Make a failure without a review and without its case."""
    from apps.failures.models import Failure  # noqa: PLC0415 - an upper room

    defaults = {
        "kind": "broken",
        "title": "Rear brake failed",
        "quote": "The rear brake just went.",
        "severity": 3,
        "severity_evidence": "stated",
        "created_at": now,
        "updated_at": now,
    }
    return Failure.objects.create(customer=customer, **defaults | values)


def grant(customer: Customer, *channels: str, basis: str = "express", now: datetime = NOW) -> None:
    """Note that a person agreed to be asked for a review at all addresses of these channels."""
    from apps.consent import services as consent  # noqa: PLC0415 - most tests need no consent
    from apps.core.facts import SYSTEM  # noqa: PLC0415

    for contact in ContactPoint.objects.filter(customer=customer, channel__in=channels):
        consent.record_consent(
            contact=contact,
            purposes=["review_request"],
            basis=basis,
            source="test",
            actor=SYSTEM,
            now=now,
        )
