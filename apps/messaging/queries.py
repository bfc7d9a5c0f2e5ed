"""Reads about messages: the ledger, previews, the sandbox, what an account may do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from apps.core import tokens
from apps.core.db import within
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.customers.choices import Channel
from apps.customers.models import Customer
from apps.locations import queries as locations
from apps.locations.models import Location
from apps.messaging import bodies
from apps.messaging.bodies import Body, Sender, Source
from apps.messaging.choices import MessageState, ProviderKind
from apps.messaging.models import (
    Account,
    Attempt,
    Hit,
    Inbound,
    Message,
    SandboxDelivery,
    Template,
)
from apps.messaging.rules import Segments, sms_segments
from apps.tenants import queries as tenants
from apps.tenants import wall

OPEN = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNCONFIRMED)


@dataclass(frozen=True)
class MergeField:
    """A merge field that texts may use, in words, with a sample."""

    name: str
    words: str
    sample: str


@dataclass(frozen=True)
class Preview:
    """A message as one customer would get it; ``missing`` are fields that would leave a hole."""

    subject: str
    text: str
    html: str
    segments: Segments | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """What the sandbox received, its links working."""

    message_id: UUID
    channel: str
    to: str
    sender: str
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    received_at: datetime


def merge_fields() -> list[MergeField]:
    """Return the merge fields that exist."""
    return [MergeField(name, str(words), sample) for name, (words, sample) in bodies.FIELDS.items()]


def get_sender() -> Sender:
    """Return who writes: the brand, or the business where there is none."""
    brand = locations.get_brand()
    return Sender(
        name=brand.name or wall.current_business().name, postal_address=brand.postal_address
    )


def get_template(template_id: UUID) -> Template:
    """Return a template; NotFoundError when there is none."""
    template = Template.objects.filter(pk=template_id).first()
    if template is None:
        raise NotFoundError("This text does not exist.")
    return template


def base_values(
    customer: Customer | None, *, sender: Sender, location: Location | None = None
) -> dict[str, str]:
    """Return the values that every message of a customer may use."""
    values = {"business.name": sender.name}
    if customer is not None:
        values |= {
            "customer.first_name": customer.first_name,
            "customer.last_name": customer.last_name,
            "customer.name": f"{customer.first_name} {customer.last_name}".strip(),
        }
    if location is not None:
        values |= {"location.name": location.name, "location.city": location.city}
    return values


def render_preview(
    template: Source,
    customer: Customer | None = None,
    *,
    values: Mapping[str, object] | None = None,
    purpose: str = "review_request",
    link_purpose: str = "r",
) -> Preview:
    """Return a message as ``customer`` (or a made-up person) would get it.

    Raises AppError with the field (``subject``, ``text``, ``html``) when the text is not valid.
    """
    sender = get_sender()
    parts = bodies.compile_parts(template.channel, template.subject, template.text, template.html)
    own: dict[str, object] = {}
    if customer is None:
        own |= {name: sample for name, (_words, sample) in bodies.FIELDS.items() if sample}
    location = customer.location if customer is not None else None
    own |= {**base_values(customer, sender=sender, location=location), **(values or {})}
    body = bodies.complete(
        bodies.render(template, own),
        channel=template.channel,
        purpose=purpose,
        sender=sender,
        has_link=bool(link_purpose),
    )
    base = tenants.base_url(wall.current_business())
    links = {bodies.UNSUBSCRIBE: f"{base}/u/…"}
    if link_purpose:
        # As long as the real one, so that the parts of a text message are counted right.
        links[bodies.LINK] = f"{base}/{link_purpose}/{'x' * 43}/"
    text = bodies.insert_links(body.text, links)
    is_sms = template.channel == Channel.SMS
    shown = {**links, bodies.LINK: f"{base}/{link_purpose}/…"} if link_purpose else links
    holes = parts.missing({**own, "link": "x", "unsubscribe": "x"})
    return Preview(
        subject=body.subject,
        text=bodies.insert_links(body.text, shown),
        html="" if is_sms else mail_html(body, links=shown, link_purpose=link_purpose),
        segments=sms_segments(text) if is_sms else None,
        missing=tuple(sorted(holes)),
    )


def mail_html(body: Body, *, links: Mapping[str, str], link_purpose: str) -> str:
    """Return the HTML of a mail."""
    button = str(bodies.BUTTONS.get(link_purpose, "Open"))
    language = wall.current_business().language
    return bodies.to_html(body, links=links, button=button, language=language)


def message_links(
    message_id: UUID, *, link_purpose: str = "", link_id: UUID | None = None
) -> dict[str, str]:
    """Return the addresses that stand behind the masks of a message."""
    business = wall.current_business()
    base = tenants.base_url(business)
    links = {
        bodies.UNSUBSCRIBE: f"{base}/u/{tokens.sign(business.uuid, 'u', message_id)}/",
    }
    if link_purpose and link_id is not None:
        token = tokens.sign(business.uuid, link_purpose, link_id)
        links[bodies.LINK] = f"{base}/{link_purpose}/{token}/"
    return links


def list_messages(
    *,
    actor: Actor,
    state: str = "",
    channel: str = "",
    customer_ids: Collection[UUID] | None = None,
) -> QuerySet[Message]:
    """Return the ledger of the actor's places; order it with ``keyset_page(by="queued_at")``."""
    rows = within(actor, Message.objects.select_related("customer"))
    if state:
        rows = rows.filter(state=state)
    if channel:
        rows = rows.filter(channel=channel)
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=customer_ids)
    return rows


def get_message(message_id: UUID, *, actor: Actor) -> Message:
    """Return one message with its customer; NotFoundError without one in the actor's places."""
    rows = list_messages(actor=actor).select_related("account")
    message = rows.filter(pk=message_id).first()
    if message is None:
        raise NotFoundError("This message does not exist.")
    return message


def find_message(message_id: UUID) -> Message | None:
    """Return one message, or None."""
    return Message.objects.select_related("customer", "contact").filter(pk=message_id).first()


def list_attempts(message_id: UUID) -> QuerySet[Attempt]:
    """Return the tries to hand a message over, first one first."""
    return Attempt.objects.filter(message_id=message_id).order_by("number")


def list_subject_messages(kind: str, subject_id: UUID) -> QuerySet[Message]:
    """Return the messages about one object, newest first."""
    return Message.objects.filter(subject_kind=kind, subject_id=subject_id).order_by(
        "-queued_at", "-pk"
    )


def count_states(gate: str) -> dict[str, int]:
    """Return how many messages behind a gate are in each state; states without any are left out."""
    rows = Message.objects.filter(gate=gate).values("state").annotate(n=Count("pk")).order_by()
    return {row["state"]: row["n"] for row in rows}


@dataclass(frozen=True)
class Wait:
    """Why messages wait, how many, and until when the first of them does."""

    why: str
    count: int
    until: datetime


def list_waits(*, gate: str, now: datetime) -> list[Wait]:
    """Return why messages behind a gate wait, those that go soonest first."""
    rows = (
        Message.objects.filter(gate=gate, state=MessageState.QUEUED, deferred_until__gt=now)
        .order_by()
        .values_list("deferred_why")
        .annotate(Count("pk"), until=Min("deferred_until"))
        .order_by("until")
    )
    return [Wait(*row) for row in rows]


def count_open(gate: str) -> int:
    """Return how many messages behind a gate have not come to an end on our side."""
    return Message.objects.filter(gate=gate, state__in=OPEN).count()


def count_unconfirmed(*, actor: Actor) -> int:
    """Return how many messages of the actor's places may or may not have arrived."""
    return within(actor, Message.objects.filter(state=MessageState.UNCONFIRMED)).count()


def count_hits(purpose: str, object_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how often each link was opened, by whoever or whatever."""
    rows = (
        Hit.objects.filter(purpose=purpose, object_id__in=object_ids)
        .values("object_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["object_id"]: row["n"] for row in rows}


def list_inbound(customer_ids: Collection[UUID]) -> QuerySet[Inbound]:
    """Return what customers wrote by message, newest first."""
    return Inbound.objects.filter(customer_id__in=customer_ids).order_by("-created_at")


def get_inbound(inbound_id: UUID) -> Inbound:
    """Return one message from a customer; NotFoundError when there is none."""
    row = Inbound.objects.select_related("customer").filter(pk=inbound_id).first()
    if row is None:
        raise NotFoundError("This message does not exist.")
    return row


def list_accounts() -> QuerySet[Account]:
    """Return the accounts that messages leave by now, one for each channel."""
    return Account.objects.filter(is_default=True).order_by("channel")


def list_sandboxed() -> set[str]:
    """Return the channels whose messages land in the sandbox; so they do until one chooses."""
    real = Account.objects.filter(is_default=True).exclude(kind=ProviderKind.SANDBOX)
    return set(Channel.values) - set(real.values_list("channel", flat=True))


def get_account(channel: str) -> Account:
    """Return the account of a channel; NotFoundError when there is none yet."""
    account = Account.objects.filter(channel=channel, is_default=True).first()
    if account is None:
        raise NotFoundError("There is no account for this channel yet.")
    return account


def _received(actor: Actor) -> QuerySet[SandboxDelivery]:
    """Return what the sandbox received for people of the actor's places, newest first."""
    rows = SandboxDelivery.objects.order_by("-received_at", "-message_id")
    if actor.location_ids is None:
        return rows
    return rows.filter(message_id__in=within(actor, Message.objects.all()).values("pk"))


def list_sandbox(
    channel: str = "", *, actor: Actor, to: str = "", limit: int = 100
) -> list[Delivery]:
    """Return what the sandbox received, newest first, with links signed now."""
    rows = _received(actor)
    if channel:
        rows = rows.filter(channel=channel)
    if to:
        rows = rows.filter(to=to)
    found = list(rows[:limit])
    about = {
        message.pk: message
        for message in Message.objects.filter(pk__in=[row.message_id for row in found]).only(
            "link_purpose", "link_id"
        )
    }
    return [_delivery(row, about.get(row.message_id)) for row in found]


def _delivery(row: SandboxDelivery, message: Message | None) -> Delivery:
    links = message_links(
        row.message_id,
        link_purpose=message.link_purpose if message else "",
        link_id=message.link_id if message else None,
    )
    return Delivery(
        message_id=row.message_id,
        channel=row.channel,
        to=row.to,
        sender=row.sender,
        subject=row.subject,
        text=bodies.insert_links(row.text, links),
        html=bodies.insert_links(row.html, links),
        headers=tuple((name, bodies.insert_links(value, links)) for name, value in row.headers),
        received_at=row.received_at,
    )


def find_sandbox(message_id: UUID, *, actor: Actor) -> Delivery | None:
    """Return one message of the sandbox with its links working, or None."""
    row = _received(actor).filter(pk=message_id).first()
    return _delivery(row, find_message(message_id)) if row else None


@dataclass(frozen=True)
class Bubble:
    """One text message of a conversation; ``is_own`` is the customer's."""

    at: datetime
    text: str
    is_own: bool


def list_conversation(address: str, *, actor: Actor, limit: int = 100) -> list[Bubble]:
    """Return what the sandbox phone of a number received and what was answered, oldest first."""
    got = [
        Bubble(row.received_at, row.text, is_own=False)
        for row in list_sandbox(Channel.SMS, actor=actor, to=address, limit=limit)
    ]
    if actor.location_ids is not None and not got:
        return []
    answers = Inbound.objects.filter(channel=Channel.SMS, address=address)
    said = [
        Bubble(row.created_at, row.text, is_own=True)
        for row in answers.order_by("-created_at")[:limit]
    ]
    return sorted([*got, *said], key=lambda bubble: bubble.at)


def list_sandbox_people(channel: str, *, actor: Actor) -> list[tuple[str, int]]:
    """Return to whom the sandbox received something, with how many, the latest first."""
    rows = _received(actor).filter(channel=channel)
    counts: dict[str, int] = {}
    for address in rows.values_list("to", flat=True)[:2000]:
        counts[address] = counts.get(address, 0) + 1
    return list(counts.items())
