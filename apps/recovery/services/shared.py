"""What all writes on cases share: locking, moving on, saying so."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import ConflictError, ForbiddenError
from apps.core.facts import Actor, Fact
from apps.failures.choices import FailureStatus
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal import services as journal
from apps.recovery import events, rules
from apps.recovery.choices import CaseStatus, Stage
from apps.recovery.models import Case


def hold_case(case: Case, *, open_only: bool = True) -> Case:
    """Return the case as it is now, locked until the transaction ends.

    Raises ConflictError for a closed case unless ``open_only`` is off.
    """
    held = (
        Case.objects.select_for_update(of=("self",))
        .select_related("failure", "customer", "location", "owner")
        .get(pk=case.pk)
    )
    if open_only and held.status == CaseStatus.CLOSED:
        raise ConflictError(_("This case is closed. Open it again first."))
    return held


def need(actor: Actor, permission: str) -> None:
    """Raise ForbiddenError unless the actor may do this."""
    if not actor.can(permission):
        raise ForbiddenError(_("You may not do this. Ask a manager or an owner."))


def member_id(actor: Actor) -> UUID | None:
    """Return the id of the member of staff who acts."""
    return actor.id if actor.kind == "staff" else None


def take_up(case: Case, *, actor: Actor) -> None:
    """Give a case that nobody has to the member who begins to work on it."""
    if case.owner_id is None and actor.kind == "staff":
        case.owner_id = actor.id
        case.save(update_fields=["owner"])


def tell(case: Case, kind: type[Fact], *, actor: Actor, now: datetime, **values: object) -> None:
    """Write a fact about a case into the journal."""
    about = {
        "case_id": case.pk,
        "customer_id": case.customer_id,
        "location_id": case.location_id,
        **values,
    }
    names = kind.__dataclass_fields__
    fact = kind(**{name: value for name, value in about.items() if name in names})
    journal.record(fact, actor=actor, now=now)


def next_stage(case: Case) -> Stage:
    """Return the stage whose work is the first that is not done."""
    if case.failure.status == FailureStatus.RECORDED:
        return Stage.COLLECT
    if case.failure.apologised_at is None:
        return Stage.APOLOGISE
    return Stage.RESPOND


def move(case: Case, stage: Stage, *, actor: Actor, now: datetime) -> None:
    """Put a held case into a stage and set its clock; nothing happens where it stands already."""
    if case.stage == stage:
        return
    case.stage, case.stage_at = stage, now
    set_clock(case, now=now)
    case.save(update_fields=["stage", "stage_at", "due_at"])
    tell(case, events.CaseStageChanged, actor=actor, now=now, stage=str(stage))


def set_clock(case: Case, *, now: datetime) -> None:
    """Set until when the stage should be done, and ring then."""
    begin = now if case.stage == Stage.ESCALATE else case.opened_at
    due = rules.due_at(case.stage, begin, case.severity)
    # A stage entered late, or again, still gets the time a stage of its kind has.
    if due <= now:
        due = now + (due - begin)
    case.due_at = due
    jobs.enqueue(
        "recovery.due",
        key=f"{case.pk}:{case.stage}",
        now=now,
        lane=Lane.INTERACTIVE,
        not_before=due,
        dedupe_key=f"recovery.due:{case.pk}:{case.stage}:{int(due.timestamp())}",
    )
