"""The two plans of a case: make it right, and keep it from happening again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, NotFoundError
from apps.core.facts import Actor
from apps.recovery import events
from apps.recovery.choices import Plan
from apps.recovery.models import Case, PlanItem
from apps.recovery.services.shared import hold_case, member_id, need, tell

TEXT_LENGTH = 200


def add_plan_item(
    *,
    case: Case,
    plan: str,
    text: str,
    actor: Actor,
    now: datetime,
    due_at: datetime | None = None,
) -> PlanItem:
    """Add a step to one of the two plans."""
    need(actor, "recovery.work")
    if plan not in Plan.values:
        raise AppError(_("Choose one of the two plans."), field="plan")
    if not text.strip():
        raise AppError(_("Write down what is to be done."), field="text")
    with transaction.atomic():
        held = hold_case(case)
        return PlanItem.objects.create(
            case=held,
            plan=plan,
            position=PlanItem.objects.filter(case=held).count(),
            text=text.strip()[:TEXT_LENGTH],
            owner_id=member_id(actor),
            due_at=due_at,
            created_at=now,
        )


def finish_plan_item(*, case: Case, item_id: UUID, actor: Actor, now: datetime) -> PlanItem:
    """Tick a step off; again changes nothing."""
    need(actor, "recovery.work")
    with transaction.atomic():
        held = hold_case(case)
        item = _get(held, item_id)
        if item.done_at is None:
            item.done_at = now
            item.owner_id = member_id(actor) or item.owner_id
            item.save(update_fields=["done_at", "owner"])
            tell(held, events.CaseStepDone, actor=actor, now=now, plan_item_id=item.pk)
    return item


def reopen_plan_item(*, case: Case, item_id: UUID, actor: Actor, now: datetime) -> PlanItem:
    """Take a tick back."""
    need(actor, "recovery.work")
    with transaction.atomic():
        item = _get(hold_case(case), item_id)
        item.done_at = None
        item.save(update_fields=["done_at"])
    return item


def _get(case: Case, item_id: UUID) -> PlanItem:
    item = PlanItem.objects.filter(case=case, pk=item_id).first()
    if item is None:
        message = "This step is not part of the case."
        raise NotFoundError(message)
    return item
