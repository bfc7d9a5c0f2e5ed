"""People with consent, and messages to them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from apps.core import crypto
from apps.core.db import uuid7
from apps.core.facts import SYSTEM
from apps.customers.models import ContactPoint, Customer
from apps.messaging import services as messaging
from apps.messaging.models import Message
from apps.messaging.services.sending import connections
from apps.tenants import wall

# A Wednesday, noon in Greenwich, one o'clock in the afternoon in London.
NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Stop the clock at noon."""
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture(autouse=True)
def _hang_up() -> Iterator[None]:
    """Close the connections to providers that a test has opened."""
    yield
    connections.close()


def make_contact(
    address: str, *, channel: str = "email", name: str = "Nora", agrees: bool = True, **fields: Any
) -> ContactPoint:
    """Make a person with one contact point who has said yes to being asked."""
    from apps.consent import services as consent  # noqa: PLC0415

    customer = Customer.objects.create(first_name=name, created_at=NOON, updated_at=NOON)
    contact = ContactPoint.objects.create(
        customer=customer,
        channel=channel,
        address=address,
        address_hash=crypto.keyed_hash(wall.current_business().uuid, address),
        created_at=NOON,
        **fields,
    )
    if agrees:
        consent.record_consent(
            contact=contact,
            purposes=["review_request"],
            basis="express",
            source="test",
            actor=SYSTEM,
            now=NOON,
        )
    return contact


def make_draft(contact: ContactPoint, /, **changes: Any) -> messaging.Draft:
    """Make a request for a review."""
    values: dict[str, Any] = {
        "dedupe_key": f"test:{contact.address}",
        "channel": contact.channel,
        "purpose": "review_request",
        "subject_kind": "request",
        "subject_id": uuid7(),
        "customer": contact.customer,
        "contact": contact,
        "subject": "How was it?",
        "text": "Hello Nora, how was it?",
        "link_purpose": "r",
        "link_id": uuid7(),
    }
    return messaging.Draft(**{**values, **changes})


def queue(contact: ContactPoint, **changes: Any) -> Message:
    """Queue a request for a review."""
    return messaging.queue_messages([make_draft(contact, **changes)], actor=SYSTEM, now=NOON)[0]


Queue = Callable[..., Message]
