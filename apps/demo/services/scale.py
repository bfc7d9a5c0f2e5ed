"""A business of any size, for benchmarks: made row by row, written in batches."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Model

from apps.consent.models import Standing
from apps.core.crypto import keyed_hash
from apps.core.errors import AppError
from apps.customers.choices import Channel
from apps.customers.models import ContactPoint, Customer, Transaction
from apps.demo.story import bulk
from apps.reviews.choices import ReviewKind, ReviewStatus
from apps.reviews.models import Review
from apps.tenants import wall

BATCH = 5_000
MOST = 100_000_000
YEAR_H = 365 * 24
SOURCES = ("google", "trustpilot", "facebook", "tripadvisor")
# Where the reviews of a busy business stand: nearly all are done.
STATUSES = {
    ReviewStatus.RESOLVED: 70, ReviewStatus.REPLIED: 24, ReviewStatus.OPEN: 4, ReviewStatus.NEW: 2,
}  # fmt: skip
STARS = {5: 55, 4: 20, 3: 10, 2: 6, 1: 9}
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many of what, and from which seed the names and words come."""

    customers: int
    reviews: int
    transactions: int
    seed: int = 1


def seed_scale(*, size: Size, now: datetime, say: Say) -> None:
    """Fill the entered business; the same seed always gives the same names, words and dates.

    AppError when the seed has been sown here, or when transactions have no customers.
    """
    if min(size.customers, size.reviews, size.transactions) < 0 or size.customers > MOST:
        raise AppError(f"Give numbers from 0 to {MOST:,}.")
    if size.transactions and not size.customers:
        raise AppError("Transactions need customers: give --customers as well.")
    if Customer.objects.filter(attributes__seed=size.seed).exists():
        raise AppError(f"Seed {size.seed} has been sown here; choose another with --seed.")
    _sow_customers(size, now, say)
    _sow_reviews(size, now, say)


def _sow_customers(size: Size, now: datetime, say: Say) -> None:
    random = Random(size.seed)  # noqa: S311 - rows for benchmarks
    numbers = iter(range(size.customers))
    done = 0
    while batch := list(islice(numbers, BATCH)):
        people = [_customer(number, size, random, now) for number in batch]
        visits = [
            visit
            for number, person in zip(batch, people, strict=True)
            for visit in _visits(number, person, size, random, now)
        ]
        with transaction.atomic():
            _store(Customer, people)
            contacts = _store(ContactPoint, _contacts(batch, people, size, now))
            _store(Standing, (_standing(contact) for contact in contacts))
            _store(Transaction, visits)
        done += len(batch)
        say(f"{done:,} of {size.customers:,} customers")


def _store(model: type[Model], rows: Iterable[Any]) -> list[Any]:
    held = list(rows)
    for start in range(0, len(held), BATCH):
        model._default_manager.bulk_create(held[start : start + BATCH])  # noqa: SLF001 - model API
    return held


def _customer(number: int, size: Size, random: Random, now: datetime) -> Customer:
    created = now - timedelta(hours=random.randrange(24, 2 * YEAR_H))
    return Customer(
        first_name=random.choice(bulk.FIRST),
        last_name=random.choice(bulk.LAST),
        language="en",
        tags=[random.choice(bulk.TAGS)] if number % 5 == 0 else [],
        attributes={"seed": size.seed},
        created_at=created,
        updated_at=created,
    )


def _contacts(
    batch: list[int], people: list[Customer], size: Size, now: datetime
) -> Iterator[ContactPoint]:
    key = wall.current_business().uuid
    for number, person in zip(batch, people, strict=True):
        email = f"{person.first_name}.{person.last_name}.{size.seed}.{number}@example.com".lower()
        # Numbers of a range that nobody is called by, told apart by seed and by person.
        phone = f"+4474{size.seed % 100:02d}{number % 10**6:06d}"
        ways = [(Channel.EMAIL, email)]
        if number < 10**6 and number % 10 < 8:  # noqa: PLR2004 - eight in ten have one
            ways.append((Channel.SMS, phone))
        for channel, address in ways:
            is_phone = channel == Channel.SMS
            yield ContactPoint(
                customer=person,
                channel=channel,
                address=address,
                address_hash=keyed_hash(key, address),
                region="GB" if is_phone else "",
                zones=["Europe/London"] if is_phone else [],
                created_at=person.created_at,
            )


def _standing(contact: ContactPoint) -> Standing:
    return Standing(
        address_hash=contact.address_hash,
        channel=contact.channel,
        purpose="review_request",
        is_granted=True,
        basis="express",
        source="seed_scale",
        since=contact.created_at,
    )


def _visits(
    number: int, person: Customer, size: Size, random: Random, now: datetime
) -> Iterator[Transaction]:
    share, rest = divmod(size.transactions, size.customers)
    for visit in range(share + (1 if number < rest else 0)):
        moment = now - timedelta(hours=random.randrange(1, YEAR_H))
        person.last_transaction_at = max(person.last_transaction_at or moment, moment)
        yield Transaction(
            customer=person,
            kind="order",
            external_id=f"S{size.seed}-{number}-{visit}",
            happened_at=moment,
            amount_minor=random.randrange(300, 9000),
            currency=wall.current_business().currency,
            description=random.choice(bulk.GOODS),
            created_at=moment,
        )


def _sow_reviews(size: Size, now: datetime, say: Say) -> None:
    random = Random(-size.seed - 1)  # noqa: S311 - rows for benchmarks
    numbers = iter(range(size.reviews))
    done = 0
    while batch := list(islice(numbers, BATCH)):
        with transaction.atomic():
            _store(Review, (_review(number, size, random, now) for number in batch))
        done += len(batch)
        say(f"{done:,} of {size.reviews:,} reviews")


def _review(number: int, size: Size, random: Random, now: datetime) -> Review:
    moment = now - timedelta(minutes=random.randrange(10, YEAR_H * 60))
    status = random.choices(list(STATUSES), list(STATUSES.values()))[0]
    is_done = status in (ReviewStatus.RESOLVED, ReviewStatus.REPLIED)
    return Review(
        kind=ReviewKind.REVIEW,
        source=random.choice(SOURCES),
        remote_id=f"seed-{size.seed}-{number}",
        author_name=f"{random.choice(bulk.FIRST)} {random.choice(bulk.LAST)}",
        rating=Decimal(random.choices(list(STARS), list(STARS.values()))[0]),
        rating_max=5,
        text=" ".join(random.choice(part) for part in bulk.SENTENCES),
        language="en",
        written_at=moment,
        received_at=moment,
        sort_at=moment,
        created_at=moment,
        status=status,
        due_at=moment + timedelta(hours=24),
        replied_at=moment + timedelta(hours=6) if status == ReviewStatus.REPLIED else None,
        resolved_at=moment + timedelta(hours=9) if is_done else None,
    )
