"""Writing a campaign before it goes out: its name, whom it asks, what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.campaigns.choices import CampaignStatus
from apps.campaigns.models import Campaign, Step
from apps.campaigns.rules import (
    ASK_WINDOW_DAYS,
    MAX_WINDOW_DAYS,
    check_places,
    check_steps,
    first_steps,
    own_conditions,
)
from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import Actor
from apps.customers.choices import Channel
from apps.messaging import queries as messaging
from apps.messaging.models import Template

MOST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class StepDraft:
    """One message as it was written; ``delay_hours`` counts from the message before it."""

    channel: str
    text: str
    subject: str = ""
    delay_hours: int = 0


@transaction.atomic
def create_campaign(*, name: str, actor: Actor, now: datetime) -> Campaign:
    """Make a draft with a mail and a reminder by text in plain words.

    It asks everybody in the actor's places.
    """
    _may_change(actor)
    campaign = Campaign.objects.create(
        name=_check_name(name),
        audience=own_conditions({}, actor).as_json(),
        ask_window_days=ASK_WINDOW_DAYS,
        created_by_id=actor.id if actor.kind == "staff" else None,
        created_at=now,
        updated_at=now,
    )
    steps = [StepDraft(**values) for values in first_steps()]
    _store(campaign, steps, now)
    return campaign


def _may_change(actor: Actor) -> None:
    if not actor.can("campaigns.change"):
        raise ForbiddenError(_("You may look at campaigns but not change them."))


def _check_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise AppError(_("Give the campaign a name."), code="no_name", field="name")
    if len(plain) > MOST_NAME:
        raise AppError(_("This name is too long."), code="name_too_long", field="name")
    return plain


def _lock_draft(campaign: Campaign, actor: Actor) -> Campaign:
    """Lock a campaign that can still be changed; ConflictError once it has been launched."""
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    check_places(row.audience, actor)
    if row.status != CampaignStatus.DRAFT:
        message = _("This campaign has been launched and cannot be changed any more.")
        raise ConflictError(message, code="not_a_draft")
    return row


@transaction.atomic
def update_campaign(
    *,
    campaign: Campaign,
    actor: Actor,
    now: datetime,
    name: str | None = None,
    audience: Mapping[str, Any] | None = None,
    ask_window_days: int | None = None,
) -> Campaign:
    """Change the name or whom a draft asks; conditions that know what people think are refused."""
    _may_change(actor)
    row = _lock_draft(campaign, actor)
    if name is not None:
        row.name = _check_name(name)
    if audience is not None:
        row.audience = own_conditions(audience, actor).as_json()
    if ask_window_days is not None:
        if not 1 <= ask_window_days <= MAX_WINDOW_DAYS:
            message = _("Choose between 1 and %(most)d days.") % {"most": MAX_WINDOW_DAYS}
            raise AppError(message, code="window", field="ask_window_days")
        row.ask_window_days = ask_window_days
    row.updated_at = now
    row.save(update_fields=["name", "audience", "ask_window_days", "updated_at"])
    return row


@transaction.atomic
def save_steps(
    *, campaign: Campaign, steps: Sequence[StepDraft], actor: Actor, now: datetime
) -> list[Step]:
    """Put these messages in place of a draft's; AppError with the field of the first fault."""
    _may_change(actor)
    row = _lock_draft(campaign, actor)
    check_steps([(step.channel, step.delay_hours, step.subject, step.text) for step in steps])
    for number, step in enumerate(steps, start=1):
        _check_text(number, step)
    stored = _store(row, steps, now)
    Campaign.objects.filter(pk=row.pk).update(updated_at=now)
    return stored


def _check_text(number: int, step: StepDraft) -> None:
    if step.channel not in Channel.values:
        words = _("Message %(number)d: choose mail or text message.") % {"number": number}
        raise AppError(words, code="channel", field=f"step-{number}-channel")
    source = Template(channel=step.channel, text=step.text, subject=step.subject)
    try:
        messaging.render_preview(source)
    except AppError as error:
        raise AppError(
            error.message,
            code=error.code,
            data=error.data,
            field=f"step-{number}-{error.field or 'text'}",
        ) from error


def _store(campaign: Campaign, steps: Sequence[StepDraft], now: datetime) -> list[Step]:
    Step.objects.filter(campaign=campaign).delete()
    return Step.objects.bulk_create(
        [
            Step(
                campaign=campaign,
                position=position,
                channel=step.channel,
                delay_hours=step.delay_hours,
                subject=step.subject.strip() if step.channel == Channel.EMAIL else "",
                text=step.text.strip(),
                created_at=now,
            )
            for position, step in enumerate(steps, start=1)
        ]
    )


def hold_campaign(*, campaign_id: UUID) -> None:
    """Lock a campaign, if there is one, until the transaction ends."""
    Campaign.objects.select_for_update().filter(pk=campaign_id).first()


@transaction.atomic
def delete_campaign(*, campaign: Campaign, actor: Actor) -> None:
    """Throw a draft away; what was launched stays on record."""
    _may_change(actor)
    _lock_draft(campaign, actor).delete()
