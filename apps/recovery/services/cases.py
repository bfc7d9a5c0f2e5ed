"""Opening cases, giving them an owner, writing notes."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core.db import fetch_all
from apps.core.errors import AppError
from apps.core.facts import SYSTEM, Actor
from apps.customers.models import Customer
from apps.failures import queries as failures
from apps.failures import services as failing
from apps.failures.models import Failure
from apps.locations.models import Location
from apps.recovery import events, rules, sql
from apps.recovery.choices import CaseStatus, Plan, Stage
from apps.recovery.models import Case, CaseNote, PlanItem
from apps.recovery.services.shared import hold_case, member_id, need, set_clock, tell
from apps.staff import queries as staff

FIRST_NUMBER = 1001


def open_case(
    *, failure_id: UUID, now: datetime, actor: Actor = SYSTEM, owner_id: UUID | None = None
) -> Case:
    """Open the case of a failure with its playbook's plans and its clock; again returns it."""
    with transaction.atomic():
        fetch_all(sql.LOCK_NUMBERS)
        found = Case.objects.filter(failure_id=failure_id).first()
        if found is not None:
            return found
        failure = failures.get_failure(actor=SYSTEM, failure_id=failure_id)
        playbook = rules.pick_playbook(kind=failure.kind, severity=failure.severity)
        last = Case.objects.aggregate(last=Max("number"))["last"] or FIRST_NUMBER - 1
        case = Case(
            number=last + 1,
            failure=failure,
            customer_id=failure.customer_id,
            location_id=failure.location_id,
            title=failure.title,
            playbook=playbook.title,
            stage=Stage.COLLECT,
            status=CaseStatus.OPEN,
            severity=failure.severity,
            owner_id=owner_id,
            opened_at=now,
            stage_at=now,
            created_at=now,
        )
        set_clock(case, now=now)
        case.save(force_insert=True)
        _add_plans(case, playbook, now)
        tell(
            case,
            events.CaseOpened,
            actor=actor,
            now=now,
            failure_id=failure.pk,
            severity=failure.severity,
        )
    return case


def open_case_by_hand(
    *,
    kind: str,
    title: str,
    severity: int,
    actor: Actor,
    now: datetime,
    quote: str = "",
    customer: Customer | None = None,
    location: Location | None = None,
    happened_on: date | None = None,
) -> Case:
    """Record a failure somebody told of, and open its case, owned by who did."""
    need(actor, "recovery.work")
    with transaction.atomic():
        failure = failing.record_failure(
            kind=kind,
            title=title,
            severity=severity,
            quote=quote,
            customer=customer,
            location=location,
            happened_on=happened_on,
            actor=actor,
            now=now,
        )
        return open_case(failure_id=failure.pk, actor=actor, owner_id=member_id(actor), now=now)


def open_case_from_review(*, review_id: UUID, actor: Actor, now: datetime) -> Case:
    """Record what a review tells of as a failure and open its case; again returns it."""
    need(actor, "recovery.work")
    with transaction.atomic():
        failure: Failure = failing.record_by_hand(review_id=review_id, actor=actor, now=now)
        return open_case(failure_id=failure.pk, actor=actor, owner_id=member_id(actor), now=now)


def assign_case(*, case: Case, owner_id: UUID | None, actor: Actor, now: datetime) -> Case:
    """Give a case to a member of the team, or to nobody."""
    need(actor, "recovery.work")
    owner = None
    if owner_id is not None:
        owner = staff.get_assignable(member_id=owner_id, location_id=case.location_id)
    with transaction.atomic():
        held = hold_case(case)
        held.owner = owner
        held.save(update_fields=["owner"])
    return held


def add_note(*, case: Case, text: str, actor: Actor, now: datetime) -> CaseNote:
    """Write a word about a case."""
    need(actor, "recovery.work")
    if not text.strip():
        raise AppError(_("The note is empty."), field="text")
    return CaseNote.objects.create(
        case=case, author_id=member_id(actor), text=text.strip(), created_at=now
    )


def _add_plans(case: Case, playbook: rules.Playbook, now: datetime) -> None:
    steps = [(Plan.MAKE_RIGHT, text) for text in playbook.make_right]
    steps += [(Plan.PREVENT, text) for text in playbook.prevent]
    PlanItem.objects.bulk_create(
        PlanItem(
            case=case,
            plan=plan,
            position=position,
            text=text,
            owner_id=case.owner_id,
            created_at=now,
        )
        for position, (plan, text) in enumerate(steps)
    )
