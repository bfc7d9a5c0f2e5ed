"""Fills a business with consenting customers and queues one message to each, by the real services.

Runs as a process of its own in the product's environment: `python -m tests.chaos.load`.
"""

import argparse
import json
import os
from datetime import datetime
from typing import Any

import django

SLUG = "chaos"
CHUNK = 500
NOON = 12


def zone_at_noon(now: datetime) -> str:
    """Name a time zone where it is about noon, so that quiet hours hold nobody back."""
    hours = NOON - now.hour
    # The signs of these names are turned round: Etc/GMT-3 is three hours ahead of Greenwich.
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def address_of(channel: str, number: int) -> str:
    """Give the address of a made-up customer."""
    return f"customer{number}@example.com" if channel == "email" else f"+1415{5000000 + number}"


def load(*, channel: str, count: int, account: dict[str, str], sender: str) -> int:
    """Make the business, its account, its customers, and queue the messages."""
    from apps.core import clock  # noqa: PLC0415 - after django.setup
    from apps.messaging import services as messaging  # noqa: PLC0415
    from apps.tenants import services as tenants  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    now = clock.now()
    business = tenants.create_business(slug=SLUG, name="Chaos Café", now=now)
    with wall.as_business(business):
        kind = "smtp" if channel == "email" else "twilio"
        messaging.save_account(kind=kind, values=account, sender=sender, now=now)
        template = messaging.create_template(
            channel=channel,
            subject="How was it, {{ customer.first_name }}?" if channel == "email" else "",
            text="Hi {{ customer.first_name }}, tell us how it was: {{ link }}",
            now=now,
        )
        for first in range(0, count, CHUNK):
            numbers = range(first, min(first + CHUNK, count))
            _queue(channel, numbers, template=template, now=now)
    return count


def _queue(channel: str, numbers: range, *, template: Any, now: datetime) -> None:
    from django.db import transaction  # noqa: PLC0415 - after django.setup

    from apps.consent import services as consent  # noqa: PLC0415
    from apps.core.db import uuid7  # noqa: PLC0415
    from apps.core.facts import SYSTEM  # noqa: PLC0415
    from apps.jobs.choices import Lane  # noqa: PLC0415
    from apps.messaging import services as messaging  # noqa: PLC0415

    with transaction.atomic():
        contacts = _contacts(channel, numbers, now)
        grants = [
            consent.Grant(
                contact=contact, purposes=["review_request"], basis="express", source="chaos"
            )
            for contact in contacts
        ]
        consent.record_many(grants, actor=SYSTEM, now=now)
        drafts = [
            messaging.Draft(
                dedupe_key=f"chaos:{contact.address}",
                channel=channel,
                purpose="review_request",
                subject_kind="chaos",
                subject_id=uuid7(),
                customer=contact.customer,
                contact=contact,
                template=template,
                link_purpose="r",
                link_id=uuid7(),
                lane=Lane.BULK,
            )
            for contact in contacts
        ]
        messaging.queue_messages(drafts, actor=SYSTEM, now=now)


def _contacts(channel: str, numbers: range, now: datetime) -> list[Any]:
    from apps.core.crypto import keyed_hash  # noqa: PLC0415 - after django.setup
    from apps.customers.models import ContactPoint, Customer  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    zone = zone_at_noon(now)
    key = wall.current_business().uuid
    customers = [
        Customer(first_name=f"Ana{n}", time_zone=zone, created_at=now, updated_at=now)
        for n in numbers
    ]
    Customer.objects.bulk_create(customers)
    contacts = [
        ContactPoint(
            customer=customer,
            channel=channel,
            address=address_of(channel, number),
            address_hash=keyed_hash(key, address_of(channel, number)),
            zones=[zone],
            created_at=now,
        )
        for customer, number in zip(customers, numbers, strict=True)
    ]
    return ContactPoint.objects.bulk_create(contacts)


def main() -> None:
    """Load what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channel", choices=("email", "sms"), required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--account", type=json.loads, required=True)
    parser.add_argument("--sender", required=True)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    django.setup()
    loaded = load(
        channel=given.channel, count=given.count, account=given.account, sender=given.sender
    )
    print(f"queued {loaded}")


if __name__ == "__main__":
    main()
