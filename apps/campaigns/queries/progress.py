"""How far a campaign is: people asked, reached and on the page, counted from the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from apps.campaigns.choices import RequestState
from apps.campaigns.models import Campaign, Request
from apps.campaigns.rules import gate_of
from apps.messaging import queries as messaging
from apps.messaging.choices import MessageState
from apps.messaging.models import Hit, Message

REACHED = (MessageState.SENT, MessageState.DELIVERED)
OUT = (*REACHED, MessageState.BOUNCED, MessageState.UNCONFIRMED)
OPEN = (MessageState.QUEUED, MessageState.SENDING)


@dataclass(frozen=True)
class Funnel:
    """Messages by state, and people from the audience to the page."""

    states: Mapping[str, int]
    eligible: int
    left_out: int
    asked: int
    sent: int
    delivered: int
    opened: int
    waiting_steps: int
    next_step_at: datetime | None

    @property
    def messages(self) -> int:
        """Return the number of messages of all steps so far."""
        return sum(self.states.values())

    @property
    def open_messages(self) -> int:
        """Return how many messages have not come to an end."""
        return sum(self.states.get(state.value, 0) for state in OPEN)


def list_waits(*, campaign_id: UUID, now: datetime) -> list[messaging.Wait]:
    """Return why messages of a campaign do not leave now, those that go soonest first."""
    return messaging.list_waits(gate=gate_of(campaign_id), now=now)


def count_open(*, campaign_id: UUID) -> int:
    """Return how many messages of a campaign still have to leave."""
    return Message.objects.filter(gate=gate_of(campaign_id), state__in=OPEN).count()


def list_reached(*, campaign_id: UUID) -> QuerySet[Message, UUID]:
    """Return the requests for which a message has left, or may have."""
    left = (*OUT, MessageState.SENDING)
    return Message.objects.filter(gate=gate_of(campaign_id), state__in=left).values_list(
        "subject_id", flat=True
    )


def count_reached(*, campaigns: Sequence[Campaign]) -> dict[UUID, int]:
    """Return how many people of each of these campaigns a message has left for."""
    gates = {gate_of(campaign.pk): campaign.pk for campaign in campaigns}
    rows = (
        Message.objects.filter(gate__in=gates, state__in=OUT)
        .values("gate")
        .annotate(people=Count("subject_id", distinct=True))
        .order_by()
    )
    return {gates[row["gate"]]: row["people"] for row in rows}


def get_funnel(*, campaign: Campaign) -> Funnel:
    """Count a campaign's messages and people; each person once, however many messages."""
    gate = gate_of(campaign.pk)
    people = Message.objects.filter(gate=gate).aggregate(
        asked=Count("subject_id", distinct=True),
        sent=Count("subject_id", distinct=True, filter=Q(state__in=OUT)),
        delivered=Count("subject_id", distinct=True, filter=Q(state=MessageState.DELIVERED)),
    )
    requests = Request.objects.filter(campaign=campaign)
    steps = requests.filter(state=RequestState.ACTIVE, next_at__isnull=False).aggregate(
        count=Count("pk"), first=Min("next_at")
    )
    opened = Hit.objects.filter(purpose="r", object_id__in=requests.values("pk")).aggregate(
        count=Count("object_id", distinct=True)
    )
    return Funnel(
        states=messaging.count_states(gate),
        eligible=campaign.eligible_count,
        left_out=sum(campaign.left_out.values()),
        asked=people["asked"],
        sent=people["sent"],
        delivered=people["delivered"],
        opened=opened["count"],
        waiting_steps=steps["count"],
        next_step_at=steps["first"],
    )
