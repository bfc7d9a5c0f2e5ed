"""The shop of the story: its places, its colours, and who comes to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.consent import services as consent
from apps.core.facts import SYSTEM
from apps.customers import queries as customers
from apps.customers import services as people
from apps.customers.choices import Channel, ContactStatus
from apps.customers.models import ContactPoint, Customer
from apps.customers.services import Agreement
from apps.demo.stage import Stage
from apps.demo.story import texts
from apps.demo.story.people import LANGUAGES, PHONES, Person
from apps.locations import queries as found
from apps.locations import services as locations
from apps.messaging import services as messaging

ASKED_FOR = ("review_request", "winback_offer")
GOODS = (
    ("order", "Seeded sourdough", 480), ("order", "Rye loaf", 520), ("order", "Saffron buns", 640),
    ("order", "Six cardamom knots", 1380), ("order", "White tin, sliced", 360),
    ("order", "Birthday cake", 4200), ("order", "Bread club, weekly loaf", 550),
    ("order", "Cheese scones", 720), ("order", "Sandwich platter", 3650),
    ("order", "Wholesale, forty loaves", 14000), ("visit", "Flat white and a bun", 590),
    ("visit", "Pot of tea for two", 680), ("visit", "Lunch for two", 2450),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """A shop, as its customers find it."""

    name: str
    address: str
    city: str
    postal_code: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a business looks, who speaks for it, and where people may write about it."""

    name: str
    colour: str
    contact_name: str
    contact_title: str
    phone: str
    email: str
    postal_address: str
    places: tuple[Place, ...]
    sites: tuple[tuple[str, str], ...]


BAKERY = Look(
    name="Harbour Street Bakery",
    colour="#0f5c66",
    contact_name="Marcus Manning",
    contact_title="Manager, both shops",
    phone="+441632960120",
    email="marcus@harbourstreet.example",
    postal_address="14 Harbour Street, Porthmarren TR99 1AB",
    places=(
        Place(
            name="Harbour Street",
            address="14 Harbour Street",
            city="Porthmarren",
            postal_code="TR99 1AB",
            phone="+441632960120",
        ),
        Place(
            name="Market Hall",
            address="Stall 7, Market Hall",
            city="Trevissick",
            postal_code="TR99 4CD",
            phone="+441632960121",
        ),
    ),
    sites=(
        ("google", "https://search.google.example/harbour-street-bakery/write"),
        ("trustpilot", "https://trustpilot.example/harbour-street-bakery"),
        ("facebook", "https://facebook.example/harbourstreetbakery/reviews"),
    ),
)
CRUMB = Look(
    name="Corner Crumb",
    colour="#8a3b12",
    contact_name="Rita Vale",
    contact_title="Owner",
    phone="+441632960177",
    email="rita@cornercrumb.example",
    postal_address="2 Chapel Row, Porthmarren TR99 1AF",
    places=(
        Place(
            name="Chapel Row", address="2 Chapel Row", city="Porthmarren",
            postal_code="TR99 1AF", phone="+441632960177",
        ),
    ),
    sites=(("google", "https://search.google.example/corner-crumb/write"),),
)  # fmt: skip


def furnish(*, stage: Stage, look: Look, now: datetime) -> None:
    """Open the places and say how the business looks and where its customers may write."""
    owner = stage.who("owner")
    locations.update_brand(
        name=look.name,
        colour=look.colour,
        postal_address=look.postal_address,
        contact_name=look.contact_name,
        contact_title=look.contact_title,
        contact_phone=look.phone,
        contact_email=look.email,
        sender_email=look.email.replace(look.email.split("@")[0], "hello"),
        actor=owner,
        now=now,
    )
    # One that something else belongs to stays when the sample goes, and is there already.
    kept = {place.name: place for place in found.list_all_locations(actor=owner)}
    stage.places = [
        kept.get(place.name)
        or locations.create_location(
            country="GB", time_zone="Europe/London", actor=owner, now=now, **vars(place)
        )
        for place in look.places
    ]
    for site, url in look.sites:
        locations.create_destination(site=site, label="", url=url, actor=owner, now=now)
    messaging.ensure_default_accounts(now=now)


def settle_in(*, stage: Stage, persons: Sequence[Person]) -> None:
    """Let the customers come over a year, each with what they had and what they agreed to."""
    for number, person in enumerate(persons):
        days = 360 - 300 * number // len(persons)
        come(stage=stage, person=person, now=stage.awake(stage.now - timedelta(days=days)))


def come(*, stage: Stage, person: Person, now: datetime) -> None:
    """Let somebody come for the first time, and a few times more."""
    number = len(stage.people)
    customer = _welcome(stage, person, number, now)
    stage.people.append(customer)
    _serve(stage, customer, number, now)


def _welcome(stage: Stage, person: Person, number: int, now: datetime) -> Customer:
    head, digits = PHONES[person.region]
    phone = f"{head}{(123456 + 37 * number) % 10**digits:0{digits}d}"
    agreement = Agreement(
        basis="express", purposes=ASKED_FOR, source="Card at the counter", wording=texts.AGREED
    )
    return people.create_customer(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email if person.has_email else "",
        phone=phone if person.has_phone else "",
        language=LANGUAGES[person.region],
        location=stage.places[person.place % len(stage.places)],
        tags=person.tags,
        external_id=f"C-{1001 + number}",
        region=person.region,
        agreement=agreement if person.agreed else None,
        source="till",
        actor=SYSTEM,
        now=now,
    )


def _serve(stage: Stage, customer: Customer, number: int, first: datetime) -> None:
    """Let somebody come back a few times, the last time not long ago."""
    span = stage.now - timedelta(days=1) - first
    moments = sorted(first + span * stage.random.random() for _ in range(1 + number % 3))
    for visit, day in enumerate(moments):
        moment = stage.awake(day)
        kind, what, price = stage.random.choice(GOODS)
        people.record_transaction(
            customer=customer,
            external_id=f"T-{number:04d}-{visit}",
            kind=kind,
            happened_at=moment,
            amount_minor=price,
            location=customer.location,
            description=what,
            actor=SYSTEM,
            now=moment,
        )


def opt_out(*, customer: Customer, source: str, now: datetime) -> None:
    """Let somebody say that they want no more messages, on every way there is."""
    for contact in customers.list_contacts(customer_ids=[customer.pk])[customer.pk]:
        consent.withdraw(
            address_hash=contact.address_hash,
            channel=contact.channel,
            customer_id=customer.pk,
            source=source,
            actor=SYSTEM,
            now=now,
        )


def bounce(*, customer: Customer, now: datetime) -> None:
    """Let a person's email address turn out not to work any more."""
    contact = email_of(customer)
    people.set_contact_status(contact=contact, status=ContactStatus.BOUNCED, now=now)
    consent.suppress(
        address_hash=contact.address_hash,
        channel=contact.channel,
        reason="bounced",
        source="returned mail",
        now=now,
    )


def email_of(customer: Customer) -> ContactPoint:
    """Return a customer's email address."""
    contacts = customers.list_contacts(customer_ids=[customer.pk])[customer.pk]
    return next(contact for contact in contacts if contact.channel == Channel.EMAIL)
