"""Later messages of a campaign: taken in sets when they fall due."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.campaigns import sql
from apps.campaigns.choices import CampaignStatus, RequestState
from apps.campaigns.models import Campaign, Request
from apps.campaigns.queries import list_steps
from apps.campaigns.queries.audience import parameters, read_verdict
from apps.campaigns.rules import Conditions
from apps.campaigns.services.enrol import plans_of, send_steps
from apps.campaigns.services.launch import enqueue_settling
from apps.core.db import fetch_all
from apps.customers.choices import Channel
from apps.jobs import services as jobs
from apps.jobs.registry import Claimed

NO_WINDOW = 0


@transaction.atomic
def take_steps(*, tickets: Sequence[Claimed], now: datetime) -> int:
    """Send the steps of these tickets and remove them, in one transaction; returns how many."""
    held = jobs.held_tickets(tickets=tickets)
    mine = [ticket for ticket in tickets if ticket.id in held]
    wanted: dict[UUID, int] = {}
    for ticket in mine:
        request_id, position = ticket.key.split(":")
        wanted[UUID(request_id)] = int(position)
    sent = _send_due(wanted, now)
    jobs.finish_tickets(tickets=mine)
    return sent


def _send_due(wanted: dict[UUID, int], now: datetime) -> int:
    rows = (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer", "transaction", "campaign")
        .filter(pk__in=wanted, state=RequestState.ACTIVE)
        .order_by("pk")
    )
    due = [row for row in rows if row.next_position == wanted[row.pk] and row.next_at is not None]
    campaigns: dict[UUID, list[Request]] = {}
    for row in due:
        # A paused one is queued anew on resuming; the request still says what comes next.
        if row.campaign is not None and row.campaign.status == CampaignStatus.RUNNING:
            campaigns.setdefault(row.campaign.pk, []).append(row)
    for campaign_id, requests in campaigns.items():
        campaign = Campaign.objects.get(pk=campaign_id)
        steps = list_steps(campaign_id=campaign_id)
        customers = [row.customer_id for row in requests]
        contacts = list_reachable(customer_ids=customers, now=now)
        send_steps(campaign, requests, plans_of(steps), contacts, now=now)
        enqueue_settling(campaign, now)
    return sum(len(requests) for requests in campaigns.values())


def list_reachable(*, customer_ids: Sequence[UUID], now: datetime) -> dict[UUID, dict[str, UUID]]:
    """Return on which channels these people may still be asked, and at which address."""
    values = parameters(
        Conditions(),
        channels=[channel.value for channel in Channel],
        window_days=NO_WINDOW,
        now=now,
        ids=customer_ids,
    )
    rows = [read_verdict(row) for row in fetch_all(sql.ROWS, values)]
    return {row.customer_id: dict(row.contacts) for row in rows}
