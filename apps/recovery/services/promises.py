"""Promises to the customer: made, kept, broken."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ConflictError, NotFoundError
from apps.core.facts import SYSTEM, Actor
from apps.jobs import services as jobs
from apps.recovery import events
from apps.recovery.choices import PromiseState
from apps.recovery.models import Case, Promise
from apps.recovery.services.shared import hold_case, member_id, need, tell

TEXT_LENGTH = 200
_FACTS = {PromiseState.KEPT: events.PromiseKept, PromiseState.BROKEN: events.PromiseBroken}


def make_promise(
    *, case: Case, text: str, due_at: datetime, actor: Actor, now: datetime
) -> Promise:
    """Note what somebody told the customer would happen, and by when."""
    need(actor, "recovery.work")
    if not text.strip():
        raise AppError(_("Write down what was promised."), field="text")
    if due_at <= now:
        raise AppError(_("Choose a moment that is still to come."), field="due_at")
    with transaction.atomic():
        held = hold_case(case)
        promise = Promise.objects.create(
            case=held,
            text=text.strip()[:TEXT_LENGTH],
            made_by_id=member_id(actor),
            due_at=due_at,
            state=PromiseState.OPEN,
            created_at=now,
        )
        tell(held, events.PromiseMade, actor=actor, now=now, promise_id=promise.pk)
        jobs.enqueue("recovery.promise_due", key=promise.pk, now=now, not_before=due_at)
    return promise


def note_promise_due(*, promise_id: UUID, now: datetime) -> bool:
    """Mark a promise broken whose time is over with no word on it; False when there is one.

    A promise outlives its case: it was given to the customer.

    Whoever knows that it was kept all the same can still say so.
    """
    promise = Promise.objects.select_related("case").filter(pk=promise_id).first()
    if promise is None:
        return False
    with transaction.atomic():
        held = hold_case(promise.case, open_only=False)
        over = Promise.objects.filter(pk=promise_id, state=PromiseState.OPEN, due_at__lte=now)
        if not over.update(state=PromiseState.BROKEN):
            return False
        tell(held, events.PromiseBroken, actor=SYSTEM, now=now, promise_id=promise_id, why="late")
    return True


def settle_promise(
    *, case: Case, promise_id: UUID, state: str, actor: Actor, now: datetime
) -> Promise:
    """Note that a promise was kept or broken, once; ConflictError when that is known already.

    One that broke by itself, its time being over, is nobody's word yet: it can still be said.
    """
    need(actor, "recovery.work")
    settled = next((one for one in _FACTS if one == state), None)
    if settled is None:
        raise AppError(_("A promise is kept or broken."), field="state")
    with transaction.atomic():
        held = hold_case(case, open_only=False)
        promise = Promise.objects.filter(case=held, pk=promise_id).first()
        if promise is None:
            message = "This promise is not part of the case."
            raise NotFoundError(message)
        if promise.settled_at is not None:
            raise ConflictError(_("It is already known how this promise ended."))
        is_news = promise.state != settled
        promise.state, promise.settled_at = settled, now
        promise.save(update_fields=["state", "settled_at"])
        if is_news:
            tell(held, _FACTS[settled], actor=actor, now=now, promise_id=promise.pk)
    return promise
