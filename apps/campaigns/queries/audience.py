"""Who would be asked, who is left out and why, counted from the tables as they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.campaigns import sql
from apps.campaigns.models import Campaign, Step
from apps.campaigns.rules import Conditions, own_conditions, read_conditions
from apps.core.db import fetch_all, scope_values
from apps.core.facts import Actor
from apps.customers.choices import Channel
from apps.customers.models import Customer
from apps.tenants import wall

ELIGIBLE = "eligible"
REASONS = ("no_consent", "asked", "opted_out", "bounced", "no_address")
MAX_SHOWN = 100


@dataclass(frozen=True)
class Audience:
    """The audience of a campaign at one moment.

    ``by_channel`` counts people by their first message, ``reach`` by every channel they may get.
    """

    eligible: int
    left_out: dict[str, int]
    by_channel: dict[str, int]
    reach: dict[str, int]

    @property
    def left_out_count(self) -> int:
        """Return how many the conditions name who are not asked."""
        return sum(self.left_out.values())

    @property
    def total(self) -> int:
        """Return how many the conditions name."""
        return self.eligible + self.left_out_count


@dataclass(frozen=True)
class Person:
    """One customer of the audience and where the first message would go."""

    customer: Customer
    channel: str
    contact_id: UUID | None


@dataclass(frozen=True)
class Verdict:
    """What is known about asking one customer: the contact of each channel, or why not."""

    customer_id: UUID
    verdict: str
    contacts: Mapping[str, UUID]

    @property
    def channels(self) -> frozenset[str]:
        """Return the channels on which this person may be asked."""
        return frozenset(self.contacts)


def parameters(
    conditions: Conditions,
    *,
    channels: Sequence[str],
    window_days: int,
    now: datetime,
    after: UUID | None = None,
    most: int | None = None,
    ids: Sequence[UUID] | None = None,
) -> dict[str, Any]:
    """Return the values of the audience statements; days are those of the business's zone."""
    zone = ZoneInfo(wall.current_business().time_zone)
    since = conditions.since and datetime.combine(conditions.since, time.min, tzinfo=zone)
    until = conditions.until and datetime.combine(
        conditions.until + timedelta(days=1), time.min, tzinfo=zone
    )
    return {
        "locations": list(conditions.locations) or None,
        "tags": list(conditions.tags) or None,
        "import": conditions.import_id,
        "since": since,
        "until": until,
        "channels": sorted(set(channels)),
        "asked_after": now - timedelta(days=window_days),
        "now": now,
        "after": after,
        "most": most,
        "ids": None if ids is None else list(ids),
    }


def values_of(campaign: Campaign, steps: Sequence[Step], *, now: datetime) -> dict[str, Any]:
    """Return the values of the audience statements for a campaign and its messages."""
    channels = [step.channel for step in steps] or [channel.value for channel in Channel]
    return parameters(
        read_conditions(campaign.audience),
        channels=channels,
        window_days=campaign.ask_window_days,
        now=now,
    )


def preview_audience(*, campaign: Campaign, steps: Sequence[Step], now: datetime) -> Audience:
    """Count who would be asked now, by the channel of their first message, and who not and why."""
    order = _channel_order(steps)
    left_out: dict[str, int] = {}
    by_channel: dict[str, int] = {}
    reach: dict[str, int] = {}
    for verdict, has_email, has_sms, count in fetch_all(
        sql.COUNT,
        values_of(campaign, steps, now=now),
    ):
        if verdict != ELIGIBLE:
            left_out[verdict] = left_out.get(verdict, 0) + count
            continue
        there = {Channel.EMAIL: has_email, Channel.SMS: has_sms}
        first = next(channel for channel in order if there[Channel(channel)])
        by_channel[first] = by_channel.get(first, 0) + count
        for channel in (name for name, is_there in there.items() if is_there):
            reach[channel.value] = reach.get(channel.value, 0) + count
    return Audience(
        eligible=sum(by_channel.values()),
        left_out={reason: left_out[reason] for reason in REASONS if reason in left_out},
        by_channel=by_channel,
        reach=reach,
    )


def _channel_order(steps: Sequence[Step]) -> list[str]:
    """Return the channels in the order in which the messages use them."""
    used = [step.channel for step in steps]
    return list(dict.fromkeys([*used, *(channel.value for channel in Channel)]))


def sample_people(
    *,
    actor: Actor,
    campaign: Campaign,
    steps: Sequence[Step],
    now: datetime,
    seed: str,
    most: int = 5,
) -> list[Person]:
    """Return some of the actor's places who would be asked; the same ones for the same ``seed``."""
    return _people(campaign, steps, actor=actor, now=now, verdict=ELIGIBLE, seed=seed, most=most)


def list_left_out(
    *, actor: Actor, campaign: Campaign, steps: Sequence[Step], reason: str, now: datetime
) -> list[Person]:
    """Return some of the actor's places who are left out for one reason."""
    return _people(campaign, steps, actor=actor, now=now, verdict=reason, seed="", most=MAX_SHOWN)


def _people(
    campaign: Campaign,
    steps: Sequence[Step],
    *,
    actor: Actor,
    now: datetime,
    verdict: str,
    seed: str,
    most: int,
) -> list[Person]:
    values = {
        **values_of(campaign, steps, now=now),
        **scope_values(actor),
        "verdict": verdict,
        "seed": seed,
        "sample": most,
    }
    rows = [read_verdict(row) for row in fetch_all(sql.SAMPLE, values)]
    customers = Customer.objects.in_bulk([row.customer_id for row in rows])
    order = _channel_order(steps)
    found = []
    for row in rows:
        channel = next((item for item in order if item in row.contacts), "")
        found.append(Person(customers[row.customer_id], channel, row.contacts.get(channel)))
    return found


def read_verdict(row: tuple[Any, ...]) -> Verdict:
    """Return one row of the audience statements as a value."""
    contacts = {Channel.EMAIL.value: row[2], Channel.SMS.value: row[3]}
    return Verdict(row[0], row[1], {name: found for name, found in contacts.items() if found})


def ask_verdict(
    *, customer_id: UUID, channels: Sequence[str], window_days: int, now: datetime
) -> Verdict | None:
    """Tell whether one customer may be asked now; None when the customer is gone."""
    values = parameters(
        Conditions(), channels=channels, window_days=window_days, now=now, ids=[customer_id]
    )
    rows = fetch_all(sql.ROWS, values)
    return read_verdict(rows[0]) if rows else None


def list_tags(*, actor: Actor) -> list[str]:
    """Return the tags that customers of the actor's places carry, by name."""
    return [row[0] for row in fetch_all(sql.TAGS, scope_values(actor))]


def with_conditions(
    *, actor: Actor, campaign: Campaign, audience: Mapping[str, Any], ask_window_days: int
) -> Campaign:
    """Return a campaign with other conditions, to count by; nothing is stored.

    AppError for a condition that knows what people think.
    """
    campaign.audience = own_conditions(audience, actor).as_json()
    campaign.ask_window_days = ask_window_days
    return campaign
