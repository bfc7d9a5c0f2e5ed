"""Launching a campaign once, pausing it within seconds, and ending it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from apps.campaigns.choices import CampaignStatus, LeaveReason, RequestState
from apps.campaigns.events import CampaignFinished, CampaignLaunched, CampaignPaused
from apps.campaigns.models import Campaign, Request, Step
from apps.campaigns.queries import (
    check_campaign,
    count_open,
    is_blocked,
    list_reached,
    list_steps,
)
from apps.campaigns.rules import check_places, gate_of
from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal import services as journal
from apps.messaging import services as messaging
from apps.messaging.choices import GateState

LOOK_SOON, LOOK_LATER = timedelta(seconds=20), timedelta(minutes=5)
LOOK_AT_LEAST = timedelta(hours=1)
YOUNG = timedelta(minutes=30)
LIVE = (CampaignStatus.RUNNING, CampaignStatus.PAUSED)
STARTED = (*LIVE, CampaignStatus.FINISHED)


@transaction.atomic
def launch_campaign(*, campaign: Campaign, actor: Actor, now: datetime) -> Campaign:
    """Start to send; however often it is pressed, a campaign starts once.

    AppError when the rules forbid it, ConflictError when it was stopped for good.
    """
    _may_launch(campaign, actor)
    if campaign.status == CampaignStatus.DRAFT:
        _check_rules(campaign, now)
    # One statement decides who is first; the others wait here and then find it launched.
    first = Campaign.objects.filter(pk=campaign.pk, status=CampaignStatus.DRAFT).update(
        status=CampaignStatus.RUNNING,
        launched_at=now,
        launched_by_id=actor.id if actor.kind == "staff" else None,
        left_out={},
        updated_at=now,
    )
    row = Campaign.objects.get(pk=campaign.pk)
    if not first:
        if row.status not in STARTED:
            raise ConflictError(_("This campaign was stopped and cannot be launched again."))
        return row
    check_places(row.audience, actor)  # whom it asks may have been changed a moment ago
    _freeze_texts(row, now)
    messaging.set_gate(key=gate_of(row.pk), state=GateState.OPEN, now=now)
    enqueue_enrolment(row, now)
    journal.record(CampaignLaunched(campaign_id=row.pk), actor=actor, now=now)
    return row


def _may_launch(campaign: Campaign, actor: Actor) -> None:
    if not actor.can("campaigns.launch"):
        raise ForbiddenError(_("Launching and stopping campaigns is for managers and owners."))
    check_places(campaign.audience, actor)


def _check_rules(campaign: Campaign, now: datetime) -> None:
    findings = check_campaign(campaign=campaign, now=now)
    if is_blocked(findings):
        first = next(finding for finding in findings if finding.tone == "bad")
        message = _("This cannot go out yet: %(title)s.") % {"title": first.title.rstrip(".")}
        raise AppError(message, code="rules")


def _freeze_texts(campaign: Campaign, now: datetime) -> None:
    """Turn each message into a template, whose words no later change can touch."""
    for step in list_steps(campaign_id=campaign.pk):
        template = messaging.create_template(
            channel=step.channel, subject=step.subject, text=step.text, now=now
        )
        Step.objects.filter(pk=step.pk).update(template_id=template.pk)


def enqueue_enrolment(campaign: Campaign, now: datetime) -> None:
    """Queue the next chunk of a campaign's people; at most one ticket waits at a time."""
    jobs.enqueue(
        "campaigns.enrol",
        key=campaign.pk,
        now=now,
        lane=Lane.BULK,
        dedupe_key=f"campaigns.enrol:{campaign.pk}",
    )


@transaction.atomic
def pause_campaign(*, campaign: Campaign, actor: Actor, now: datetime) -> bool:
    """Hold everything that has not left yet; False when there was nothing to hold."""
    _may_launch(campaign, actor)
    changed = Campaign.objects.filter(pk=campaign.pk, status=CampaignStatus.RUNNING).update(
        status=CampaignStatus.PAUSED, updated_at=now
    )
    if changed:
        messaging.set_gate(key=gate_of(campaign.pk), state=GateState.PAUSED, now=now)
        journal.record(CampaignPaused(campaign_id=campaign.pk), actor=actor, now=now)
    return bool(changed)


@transaction.atomic
def resume_campaign(*, campaign: Campaign, actor: Actor, now: datetime) -> bool:
    """Go on exactly where the pause began: enrolment, messages, and steps that fell due."""
    _may_launch(campaign, actor)
    changed = Campaign.objects.filter(pk=campaign.pk, status=CampaignStatus.PAUSED).update(
        status=CampaignStatus.RUNNING, updated_at=now
    )
    if not changed:
        return False
    row = Campaign.objects.get(pk=campaign.pk)
    messaging.set_gate(key=gate_of(row.pk), state=GateState.OPEN, now=now)
    if row.enrolled_at is None:
        enqueue_enrolment(row, now)
    due = Request.objects.filter(
        campaign=row, state=RequestState.ACTIVE, next_at__lte=now
    ).values_list("pk", "next_position")
    enqueue_steps([(f"{pk}:{position}", now) for pk, position in due], now=now)
    enqueue_settling(row, now)
    return True


def enqueue_steps(keys: list[tuple[str, datetime]], *, now: datetime) -> None:
    """Queue later steps, ``(request:position, when)`` each; one ticket each at a time."""
    if keys:
        marks = [f"campaigns.step:{key}" for key, _when in keys]
        jobs.enqueue_many("campaigns.step", keys=keys, now=now, lane=Lane.BULK, dedupe_keys=marks)


@transaction.atomic
def cancel_campaign(*, campaign: Campaign, actor: Actor, now: datetime) -> bool:
    """Stop for good: what has not left never leaves, and whoever it had not reached was not asked.

    False when it had ended before.
    """
    _may_launch(campaign, actor)
    changed = Campaign.objects.filter(pk=campaign.pk, status__in=LIVE).update(
        status=CampaignStatus.CANCELLED, finished_at=now, updated_at=now
    )
    if not changed:
        return False
    messaging.set_gate(key=gate_of(campaign.pk), state=GateState.CLOSED, now=now)
    active = Request.objects.filter(campaign=campaign, state=RequestState.ACTIVE)
    active.update(state=RequestState.LEFT, left_reason=LeaveReason.CANCELLED, next_at=None)
    _forget_unasked(campaign)
    journal.record(CampaignFinished(campaign_id=campaign.pk), actor=actor, now=now)
    return True


def _forget_unasked(campaign: Campaign) -> None:
    """Let another campaign ask those whom no message of this one has left for."""
    reached = list_reached(campaign_id=campaign.pk)
    Request.objects.filter(campaign=campaign).exclude(pk__in=reached).update(asked_at=None)


def enqueue_settling(
    campaign: Campaign, now: datetime, *, not_before: datetime | None = None
) -> None:
    """Look again later whether a campaign has anything left to do."""
    is_young = campaign.launched_at is not None and now - campaign.launched_at < YOUNG
    soon = now + (LOOK_SOON if is_young else LOOK_LATER)
    jobs.enqueue(
        "campaigns.settle",
        key=campaign.pk,
        now=now,
        lane=Lane.BULK,
        not_before=max(soon, not_before or soon),
        dedupe_key=f"campaigns.settle:{campaign.pk}",
    )


def settle_campaign(*, campaign_id: UUID, now: datetime) -> bool:
    """Finish a running campaign when nothing is open; else look again later."""
    row = Campaign.objects.select_for_update().filter(pk=campaign_id).first()
    if row is None or row.status != CampaignStatus.RUNNING or row.enrolled_at is None:
        return False
    waiting = Request.objects.filter(
        campaign=row, state=RequestState.ACTIVE, next_at__isnull=False
    ).aggregate(first=Min("next_at"))["first"]
    is_open = count_open(campaign_id=row.pk) > 0
    if waiting or is_open:
        # Until the next step there is nothing to see, unless people answer or leave before it.
        quiet = min(waiting, now + LOOK_AT_LEAST) if waiting and not is_open else None
        enqueue_settling(row, now, not_before=quiet)
        return False
    row.status, row.finished_at, row.updated_at = CampaignStatus.FINISHED, now, now
    row.save(update_fields=["status", "finished_at", "updated_at"])
    Request.objects.filter(campaign=row, state=RequestState.ACTIVE).update(state=RequestState.DONE)
    journal.record(CampaignFinished(campaign_id=row.pk), actor=SYSTEM, now=now)
    return True
