"""Closing and reopening cases, and a customer's return."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ConflictError
from apps.core.facts import SYSTEM, Actor
from apps.failures import services as failing
from apps.offers import queries as offers
from apps.recovery import events
from apps.recovery.choices import CaseStatus, Outcome, Stage
from apps.recovery.models import Case, CaseNote
from apps.recovery.queries import list_missing
from apps.recovery.services.shared import (
    hold_case,
    member_id,
    move,
    need,
    next_stage,
    set_clock,
    tell,
)


class NotDone(AppError):
    """Something has to happen before the case may close; ``data["missing"]`` lists it."""

    code = "case_not_done"


def close_case(*, case: Case, outcome: str, actor: Actor, now: datetime, note: str = "") -> Case:
    """Close a case when all is done; managers and owners may close earlier and say why.

    Raises NotDone that lists what is missing, and ConflictError for a closed case.
    """
    need(actor, "recovery.work")
    if outcome not in Outcome.values:
        raise AppError(_("Say how the case ended."), field="outcome")
    with transaction.atomic():
        held = hold_case(case)
        missing = list_missing(case=held, outcome=outcome, has_note=bool(note.strip()))
        if missing and not actor.can("recovery.close"):
            raise NotDone(_missing_words(missing), data={"missing": missing})
        if missing and not note.strip():
            message = _("Say why the case closes although something is missing: %(missing)s")
            raise NotDone(
                message % {"missing": " ".join(missing)}, field="note", data={"missing": missing}
            )
        _close(held, outcome, note, actor=actor, now=now)
    return held


def reopen_case(*, case: Case, actor: Actor, now: datetime, note: str = "") -> Case:
    """Take a closed case up again; what was done stays done."""
    need(actor, "recovery.work")
    with transaction.atomic():
        held = hold_case(case, open_only=False)
        if held.status != CaseStatus.CLOSED:
            raise ConflictError(_("This case is open."))
        if note.strip():
            CaseNote.objects.create(
                case=held, author_id=member_id(actor), text=note.strip(), created_at=now
            )
        reopen(held, actor=actor, now=now)
    return held


def reopen(case: Case, *, actor: Actor, now: datetime) -> None:
    """Open a held case again in the stage where work goes on."""
    case.status, case.outcome, case.close_note = CaseStatus.OPEN, "", ""
    case.closed_at = case.asked_at = None
    case.save(update_fields=["status", "outcome", "close_note", "closed_at", "asked_at"])
    case.failure = failing.reopen_failure(failure=case.failure, now=now)
    tell(case, events.CaseReopened, actor=actor, now=now)
    stage = next_stage(case)
    if case.stage in (stage, Stage.ESCALATE):
        set_clock(case, now=now)
        case.save(update_fields=["due_at"])
    else:
        move(case, stage, actor=actor, now=now)


def record_return(*, offer_id: UUID, now: datetime) -> Case | None:
    """Note that a customer came back with an offer; the case closes if its rules allow it."""
    offer = offers.find_offer(offer_id=offer_id)
    case = Case.objects.filter(failure_id=offer.failure_id).first() if offer else None
    if case is None:
        return None
    with transaction.atomic():
        held = hold_case(case, open_only=False)
        if held.returned_at is None:
            held.returned_at = now
            held.save(update_fields=["returned_at"])
        tell(held, events.CaseReturned, actor=SYSTEM, now=now, offer_id=offer_id)
        if held.status != CaseStatus.CLOSED and not list_missing(
            case=held, outcome=Outcome.RETURNED
        ):
            _close(
                held, Outcome.RETURNED, _("Came back and used the offer."), actor=SYSTEM, now=now
            )
    return held


def _close(case: Case, outcome: str, note: str, *, actor: Actor, now: datetime) -> None:
    case.status, case.outcome, case.close_note = CaseStatus.CLOSED, outcome, note.strip()
    case.closed_at, case.due_at = now, None
    case.save(update_fields=["status", "outcome", "close_note", "closed_at", "due_at"])
    failing.close_failure(failure=case.failure, actor=actor, now=now)
    tell(case, events.CaseClosed, actor=actor, now=now, outcome=str(outcome))


def _missing_words(missing: list[str]) -> str:
    return _("The case cannot close yet. %(missing)s") % {"missing": " ".join(missing)}
