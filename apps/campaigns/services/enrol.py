"""Turning an audience into requests and their first messages, a chunk at a time."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.campaigns import sql
from apps.campaigns.choices import CampaignStatus, RequestState
from apps.campaigns.models import Campaign, Request, Step
from apps.campaigns.queries import list_steps, list_transactions, transaction_values
from apps.campaigns.queries.audience import ELIGIBLE, Verdict, read_verdict, values_of
from apps.campaigns.rules import CHUNK, StepPlan, choose_step, dedupe_key, gate_of
from apps.campaigns.services.launch import enqueue_enrolment, enqueue_settling, enqueue_steps
from apps.core.db import fetch_all
from apps.core.errors import ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.core.failpoints import failpoint
from apps.customers.models import ContactPoint, Customer
from apps.jobs.choices import Lane
from apps.messaging import services as messaging
from apps.messaging.models import Template

PURPOSE = "review_request"
SUBJECT = "request"


@dataclass(frozen=True)
class Turn:
    """One request whose step at ``plan`` goes out now, to ``contact``."""

    request: Request
    plan: StepPlan
    contact: ContactPoint


def enrol_chunk(*, campaign_id: UUID, now: datetime) -> int:
    """Ask the next people of a campaign, with the checkpoint in the same transaction.

    Returns how many people it looked at; the ticket of the next chunk is queued here.
    """
    campaign = Campaign.objects.select_for_update().filter(pk=campaign_id).first()
    if campaign is None or campaign.status != CampaignStatus.RUNNING or campaign.enrolled_at:
        return 0
    steps = list_steps(campaign_id=campaign.pk)
    values = {
        **values_of(campaign, steps, now=now),
        "asked_after": now - timedelta(days=campaign.ask_window_days),
        "after": campaign.enrol_after,
        "most": CHUNK,
    }
    ids = [row[0] for row in fetch_all(sql.LOCK_CHUNK, values)]
    if ids:
        chunk = {**values, "after": None, "most": None, "ids": ids}
        rows = [read_verdict(row) for row in fetch_all(sql.ROWS, chunk)]
        _enrol(campaign, steps, rows, now)
        campaign.enrol_after = ids[-1]
    failpoint("in_campaign_chunk")
    is_over = len(ids) < CHUNK
    if is_over:
        campaign.enrolled_at = now
        enqueue_settling(campaign, now)
    else:
        enqueue_enrolment(campaign, now)
    campaign.save(
        update_fields=[
            "enrol_after", "enrolled_at", "enrolled_count", "eligible_count", "left_out",
        ]
    )  # fmt: skip
    return len(ids)


@transaction.atomic
def enrol_people(
    *, campaign: Campaign, customer_ids: Collection[UUID], actor: Actor, now: datetime
) -> dict[UUID, str]:
    """Ask these people by a running campaign, whatever its conditions say, each once.

    Consent, opt-outs and the wait between two requests bind as ever. Returns for each person
    ``enrolled``, ``already`` (in this campaign), ``unknown``, or why they are left out.
    """
    if not actor.can("campaigns.launch"):
        raise ForbiddenError(_("Asking more people is for managers and owners."))
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if row.status != CampaignStatus.RUNNING:
        message = _("People join a campaign while it runs; this one does not run.")
        raise ConflictError(message, code="wrong_status")
    steps = list_steps(campaign_id=row.pk)
    ids = sorted(set(customer_ids))
    own = Request.objects.filter(campaign=row, customer_id__in=ids)
    known = set(own.values_list("customer_id", flat=True))
    values = {
        **values_of(row, steps, now=now),
        **dict.fromkeys(("locations", "tags", "import", "since", "until", "after", "most")),
        "ids": [one for one in ids if one not in known],
    }
    fetch_all(sql.LOCK_CHUNK, values)
    rows = [read_verdict(found) for found in fetch_all(sql.ROWS, values)]
    _enrol(row, steps, rows, now)
    row.save(update_fields=["enrolled_count", "eligible_count", "left_out"])
    enqueue_settling(row, now)
    verdicts = dict.fromkeys(ids, "unknown") | dict.fromkeys(known, "already")
    told = {found.customer_id: found.verdict for found in rows}
    return verdicts | {
        one: "enrolled" if verdict == ELIGIBLE else verdict for one, verdict in told.items()
    }


def _enrol(
    campaign: Campaign, steps: Sequence[Step], rows: Sequence[Verdict], now: datetime
) -> None:
    left_out = Counter(campaign.left_out)
    left_out.update(row.verdict for row in rows if row.verdict != ELIGIBLE)
    campaign.left_out = dict(left_out)
    chosen = [row for row in rows if row.verdict == ELIGIBLE]
    requests = _make_requests(campaign, chosen, now)
    campaign.eligible_count += len(chosen)
    campaign.enrolled_count += len(requests)
    plans = plans_of(steps)
    first_delay = plans[0].delay_hours if plans else 0
    begin(campaign, requests, plans, chosen, delay_hours=first_delay, now=now)


def _make_requests(campaign: Campaign, rows: Sequence[Verdict], now: datetime) -> list[Request]:
    """Make one request for each person; whoever has one already keeps it."""
    ids = [row.customer_id for row in rows]
    last = list_transactions(customer_ids=ids)
    places = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "location_id"))
    Request.objects.bulk_create(
        [
            Request(
                campaign=campaign,
                customer_id=customer_id,
                transaction_id=last.get(customer_id, (None, None))[0],
                location_id=last.get(customer_id, (None, None))[1] or places.get(customer_id),
                asked_at=now,
                created_at=now,
            )
            for customer_id in ids
        ],
        ignore_conflicts=True,
    )
    return list(
        Request.objects.select_related("customer", "transaction")
        .filter(campaign=campaign, customer_id__in=ids)
        .order_by("customer_id")
    )


def plans_of(steps: Sequence[Step]) -> list[StepPlan]:
    """Return what has to be known of steps to choose one."""
    return [StepPlan(step.position, step.channel, step.delay_hours) for step in steps]


def begin(
    campaign: Campaign,
    requests: Sequence[Request],
    plans: Sequence[StepPlan],
    rows: Sequence[Verdict],
    *,
    delay_hours: int,
    now: datetime,
) -> None:
    """Send everybody's first message now, or when the wait before the first one is over."""
    if delay_hours:
        when = now + timedelta(hours=delay_hours)
        ids = [request.pk for request in requests]
        Request.objects.filter(pk__in=ids).update(next_position=1, next_at=when)
        enqueue_steps([(f"{pk}:1", when) for pk in ids], now=now)
        return
    contacts = {row.customer_id: row.contacts for row in rows}
    send_steps(campaign, requests, plans, contacts, now=now)


def send_steps(
    campaign: Campaign,
    requests: Sequence[Request],
    plans: Sequence[StepPlan],
    contacts: Mapping[UUID, Mapping[str, UUID]],
    *,
    now: datetime,
) -> None:
    """Queue the next message of each request and plan the one after it."""
    points = _points(contacts)
    turns: list[Turn] = []
    ended: list[Request] = []
    for request in requests:
        there = points.get(request.customer_id, {})
        plan = choose_step(plans, channels=frozenset(there), start=request.next_position)
        if plan is None:
            ended.append(request)
        else:
            turns.append(Turn(request, plan, there[plan.channel]))
    _queue(campaign, turns, now)
    _plan_next(turns, plans, points, now)
    for request in ended:
        request.next_at, request.state = None, RequestState.DONE
    _store_plans([*ended, *(turn.request for turn in turns)])


def _store_plans(requests: Sequence[Request]) -> None:
    """Store what comes next, with one statement for all whose next step is the same."""
    groups: dict[tuple[int, datetime | None, str], list[UUID]] = defaultdict(list)
    for request in requests:
        groups[request.next_position, request.next_at, request.state].append(request.pk)
    for (position, moment, state), ids in groups.items():
        Request.objects.filter(pk__in=ids).update(
            next_position=position, next_at=moment, state=state
        )


def _points(contacts: Mapping[UUID, Mapping[str, UUID]]) -> dict[UUID, dict[str, ContactPoint]]:
    ids = [pk for found in contacts.values() for pk in found.values()]
    rows = ContactPoint.objects.in_bulk(ids)
    return {
        customer_id: {channel: rows[pk] for channel, pk in found.items() if pk in rows}
        for customer_id, found in contacts.items()
    }


def _queue(campaign: Campaign, turns: Sequence[Turn], now: datetime) -> None:
    steps = {step.position: step for step in list_steps(campaign_id=campaign.pk)}
    templates = Template.objects.in_bulk([step.template_id for step in steps.values()])
    drafts = [
        messaging.Draft(
            dedupe_key=dedupe_key(campaign.pk, turn.request.customer_id, turn.plan.position),
            channel=turn.plan.channel,
            purpose=PURPOSE,
            subject_kind=SUBJECT,
            subject_id=turn.request.pk,
            customer=turn.request.customer,
            contact=turn.contact,
            template=templates[steps[turn.plan.position].template_id],
            values=transaction_values(turn.request.transaction),
            link_purpose="r",
            link_id=turn.request.pk,
            gate=gate_of(campaign.pk),
            lane=Lane.BULK,
        )
        for turn in turns
    ]
    messaging.queue_messages(drafts, actor=SYSTEM, now=now)


def _plan_next(
    turns: Sequence[Turn],
    plans: Sequence[StepPlan],
    points: dict[UUID, dict[str, ContactPoint]],
    now: datetime,
) -> None:
    waiting: list[tuple[str, datetime]] = []
    for turn in turns:
        request = turn.request
        channels = frozenset(points[request.customer_id])
        following = choose_step(plans, channels=channels, start=turn.plan.position + 1)
        request.next_position = turn.plan.position + 1
        request.next_at = None
        if following is not None:
            request.next_position = following.position
            request.next_at = now + timedelta(hours=following.delay_hours)
            waiting.append((f"{request.pk}:{following.position}", request.next_at))
    enqueue_steps(waiting, now=now)
