"""One person: asked now by hand, sent a test, or taken out of a campaign."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.campaigns import sql
from apps.campaigns.choices import LeaveReason, RequestState
from apps.campaigns.models import Campaign, Request, Step
from apps.campaigns.queries import ask_verdict, list_transactions, transaction_values
from apps.campaigns.queries.audience import ELIGIBLE
from apps.campaigns.rules import ASK_WINDOW_DAYS, first_steps
from apps.campaigns.services.enrol import PURPOSE, SUBJECT
from apps.core.db import fetch_all
from apps.core.errors import AppError, ForbiddenError, NotFoundError
from apps.core.facts import Actor
from apps.customers.choices import Channel
from apps.customers.models import ContactPoint, Customer, Transaction
from apps.jobs.choices import Lane
from apps.messaging import queries as ledger
from apps.messaging import services as messaging
from apps.messaging.models import Template
from apps.messaging.services.cancel import cancel_messages
from apps.staff import queries as staff

# A second press within the same minute is a double click, not a second test.
SAME_TEST_S = 60


@transaction.atomic
def request_review(*, customer: Customer, channel: str, actor: Actor, now: datetime) -> Request:
    """Ask one customer now; AppError with the reason when they may not be asked."""
    if not actor.can("customers.send"):
        raise ForbiddenError(_("You may look at customers but not write to them."))
    if channel not in Channel.values:
        raise AppError(_("Choose mail or text message."), code="channel", field="channel")
    # The customer's row is the lock, as it is in a campaign: asked once, whoever asks.
    fetch_all(sql.LOCK_CHUNK, _lock_values(customer.pk))
    found = ask_verdict(
        customer_id=customer.pk, channels=[channel], window_days=ASK_WINDOW_DAYS, now=now
    )
    if found is None:
        raise NotFoundError(_("There is no such customer."))
    if found.verdict != ELIGIBLE:
        raise AppError(explain_reason(found.verdict), code=found.verdict)
    last, place = list_transactions(customer_ids=[customer.pk]).get(customer.pk, (None, None))
    request = Request.objects.create(
        customer=customer,
        transaction_id=last,
        location_id=place or customer.location_id,
        asked_at=now,
        created_at=now,
        state=RequestState.ACTIVE,
    )
    step = next(step for step in first_steps() if step["channel"] == channel)
    messaging.queue_message(
        dedupe_key=f"request:{request.pk}",
        channel=channel,
        purpose=PURPOSE,
        subject_kind=SUBJECT,
        subject_id=request.pk,
        customer=customer,
        contact=ContactPoint.objects.get(pk=found.contacts[channel]),
        template=messaging.create_template(
            channel=channel, subject=step.get("subject", ""), text=step["text"], now=now
        ),
        values=transaction_values(Transaction.objects.filter(pk=last).first() if last else None),
        link_purpose="r",
        link_id=request.pk,
        lane=Lane.INTERACTIVE,
        actor=actor,
        now=now,
    )
    return request


def _lock_values(customer_id: UUID) -> dict[str, object]:
    empty = dict.fromkeys(("locations", "tags", "import", "since", "until", "after", "most"))
    return {**empty, "ids": [customer_id]}


def explain_reason(reason: str) -> str:
    """Say why somebody is not asked, as it is shown to staff."""
    return {
        "no_address": _("There is no address for this way of asking."),
        "bounced": _("The address does not work: earlier messages came back."),
        "opted_out": _("This person asked for no more messages."),
        "no_consent": _("This person has not agreed to be asked this way."),
        "asked": _("This person has been asked within the last six months."),
    }.get(reason, _("This person cannot be asked now."))


@transaction.atomic
def leave(*, request_id: UUID, reason: str, now: datetime) -> bool:
    """End what is still to come for one request; its waiting message is not sent any more."""
    changed = Request.objects.filter(
        pk=request_id, state__in=(RequestState.ACTIVE, RequestState.DONE), left_reason=""
    ).update(state=RequestState.LEFT, left_reason=reason, next_at=None)
    if changed:
        _cancel_messages([request_id], reason, now)
    return bool(changed)


@transaction.atomic
def leave_all(*, customer_id: UUID, reason: str, now: datetime) -> int:
    """End what is still to come for one customer in every campaign; returns how many requests."""
    active = Request.objects.filter(customer_id=customer_id, state=RequestState.ACTIVE)
    ids = list(active.select_for_update().order_by("pk").values_list("pk", flat=True))
    Request.objects.filter(pk__in=ids).update(
        state=RequestState.LEFT, left_reason=reason, next_at=None
    )
    _cancel_messages(ids, reason, now)
    return len(ids)


@transaction.atomic
def take_out(*, request: Request, actor: Actor, now: datetime) -> bool:
    """Take one person out of a campaign by hand."""
    if not actor.can("campaigns.launch"):
        raise ForbiddenError(_("Taking people out is for managers and owners."))
    return leave(request_id=request.pk, reason=LeaveReason.BY_HAND, now=now)


def _cancel_messages(request_ids: Collection[UUID], reason: str, now: datetime) -> None:
    cancel_messages(subject_kind=SUBJECT, subject_ids=request_ids, reason=reason, now=now)


@transaction.atomic
def send_test(*, campaign: Campaign, steps: list[Step], actor: Actor, now: datetime) -> int:
    """Send all messages of a campaign to the member who asks, marked as a test.

    Pressed twice within a minute it is one test. Returns how many mails are on their way.
    """
    if actor.kind != "staff" or actor.id is None:
        raise ForbiddenError(_("A test goes to a member of the team."))
    member = staff.get_member(member_id=actor.id)
    stamp = int(now.timestamp()) // SAME_TEST_S
    for step in steps:
        source = Template(channel=step.channel, subject=step.subject, text=step.text)
        preview = ledger.render_preview(source)
        what = preview.subject or _("Text message")
        messaging.queue_staff_message(
            to=member.email,
            subject=_("[Test %(number)d] %(subject)s")
            % {
                "number": step.position,
                "subject": what,
            },
            text=preview.text,
            dedupe_key=f"test:{campaign.pk}:{actor.id}:{step.position}:{stamp}",
            subject_kind="campaign",
            subject_id=campaign.pk,
            actor=actor,
            now=now,
        )
    return len(steps)
