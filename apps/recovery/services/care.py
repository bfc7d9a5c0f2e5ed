"""Collect, apologise, respond, escalate."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ConflictError
from apps.core.facts import SYSTEM, Actor
from apps.customers import queries as customers
from apps.customers.choices import ContactStatus
from apps.customers.models import ContactPoint
from apps.failures import services as failing
from apps.jobs.choices import Lane
from apps.messaging import services as messaging
from apps.messaging.models import Message
from apps.recovery import events, rules
from apps.recovery.choices import ApologyWay, CaseStatus, Stage
from apps.recovery.models import Apology, Case, CaseNote
from apps.recovery.services.shared import (
    hold_case,
    member_id,
    move,
    need,
    next_stage,
    take_up,
    tell,
)
from apps.staff import queries as staff
from apps.tenants import wall
from apps.text import checks
from apps.text.apology import PARTS
from apps.text.findings import Tone

WRITTEN = (ApologyWay.EMAIL, ApologyWay.SMS)


def record_collect(
    *,
    case: Case,
    what_happened: str,
    actor: Actor,
    now: datetime,
    cause: str = "",
    kind: str = "",
    severity: int | None = None,
) -> Case:
    """Note what really happened; the first time the case moves on to the apology."""
    need(actor, "recovery.work")
    with transaction.atomic():
        held = hold_case(case)
        take_up(held, actor=actor)
        failure = failing.describe_failure(
            failure=held.failure,
            what_happened=what_happened,
            cause=cause,
            kind=kind,
            severity=severity,
            actor=actor,
            now=now,
        )
        held.failure = failure
        held.severity = failure.severity
        held.save(update_fields=["severity"])
        if held.stage == Stage.COLLECT:
            move(held, next_stage(held), actor=actor, now=now)
    return held


def record_apology(
    *, case: Case, how: str, text: str, actor: Actor, now: datetime, is_confirmed: bool = True
) -> Apology:
    """Say sorry by email or text, or note that it was said on the phone or in person.

    Raises AppError for words that must not go out, or where there is no address for them, and
    ``apology_incomplete`` for a written one that lacks parts, unless the writer confirms it.
    """
    need(actor, "recovery.work")
    way = _read_way(how)
    _check_words(text, is_checked=way in WRITTEN and not is_confirmed)
    with transaction.atomic():
        held = hold_case(case)
        take_up(held, actor=actor)
        apology = Apology(
            case=held, by_id=member_id(actor), how=way, text=text.strip(), created_at=now
        )
        if way in WRITTEN:
            apology.message_id = _write(
                held,
                way,
                key=f"apology:{apology.pk}",
                component="apology",
                subject=_("We are sorry"),
                text=_letter(held, way, text, actor),
                actor=actor,
                now=now,
            ).pk
        apology.save(force_insert=True)
        failing.record_apology(failure=held.failure, now=now)
        held.failure.apologised_at = held.failure.apologised_at or now
        tell(held, events.CaseApologised, actor=actor, now=now, how=str(way))
        if held.stage == Stage.APOLOGISE:
            move(held, next_stage(held), actor=actor, now=now)
    return apology


def _check_words(text: str, *, is_checked: bool) -> None:
    if not text.strip():
        raise AppError(_("Write down the words of the apology."), field="text")
    findings = checks.check_text("apology", text)
    if checks.is_blocked(findings):
        message = f"{findings[0].title}. {findings[0].text}"
        raise AppError(message, code=findings[0].code, field="text")
    lacking = [
        finding.fix for finding in findings if finding.code in PARTS and finding.tone == Tone.BAD
    ]
    if is_checked and lacking:
        message = _("Not all five parts of an apology are there. %(what)s")
        what = " ".join(lacking)
        raise AppError(message % {"what": what}, code="apology_incomplete", field="text")


def _letter(case: Case, way: ApologyWay, text: str, actor: Actor) -> str:
    """Return what is sent: a mail has a greeting and a name below it, a text message is short."""
    if way != ApologyWay.EMAIL:
        return text
    name = case.customer.first_name if case.customer else ""
    signer = actor.name if actor.kind == "staff" else wall.current_business().name
    return rules.complete_letter(text, name=name, signer=signer)


def ask_customer(*, case: Case, how: str, actor: Actor, now: datetime) -> Case:
    """Ask whether it is good again, at most once a day; the case waits for the answer."""
    need(actor, "recovery.work")
    way = _read_way(how)
    with transaction.atomic():
        held = hold_case(case)
        if held.asked_at and held.asked_at.date() == now.date() and not held.answer:
            raise ConflictError(_("The customer has been asked today. Give them a day."))
        if way in WRITTEN:
            _write(
                held,
                way,
                key=f"ask:{held.pk}:{now.date()}",
                component="check_in",
                subject=_("Is it good again?"),
                text=_question(held, actor),
                actor=actor,
                now=now,
            )
        held.asked_at, held.answer, held.answered_at = now, "", None
        held.status = CaseStatus.WAITING
        held.save(update_fields=["asked_at", "answer", "answered_at", "status"])
        tell(held, events.CaseAsked, actor=actor, now=now, how=str(way))
    return held


def move_stage(*, case: Case, stage: str, actor: Actor, now: datetime) -> Case:
    """Put a case into another stage by hand; AppError for a move that makes no sense."""
    need(actor, "recovery.work")
    if stage not in Stage.values:
        raise AppError(_("There is no such stage."), field="stage")
    with transaction.atomic():
        held = hold_case(case)
        if not rules.can_move(Stage(held.stage), Stage(stage)):
            raise AppError(_("The case cannot go to this stage now."), field="stage")
        move(held, Stage(stage), actor=actor, now=now)
    return held


def escalate_case(
    *, case: Case, actor: Actor, now: datetime, note: str = "", why: str = "by_hand"
) -> Case:
    """Hand a case to somebody who may decide more, with a word about where it stands."""
    need(actor, "recovery.work")
    with transaction.atomic():
        held = hold_case(case)
        if held.stage == Stage.ESCALATE:
            raise ConflictError(_("This case is with somebody who may decide already."))
        if note.strip():
            CaseNote.objects.create(
                case=held, author_id=member_id(actor), text=note.strip(), created_at=now
            )
        held.owner_id = _find_decider(held, member_id(actor))
        held.escalated_at = now
        held.save(update_fields=["owner", "escalated_at"])
        move(held, Stage.ESCALATE, actor=actor, now=now)
        tell(held, events.CaseEscalated, actor=actor, now=now, why=why)
    return held


def note_due(*, case_id: UUID, stage: str, now: datetime) -> bool:
    """Escalate a case that is late in a stage; False when it has moved on or has more time."""
    case = Case.objects.filter(pk=case_id, stage=stage, due_at__lte=now).first()
    late = case is not None and case.status != CaseStatus.CLOSED and stage != Stage.ESCALATE
    if case is None or not late or case.status == CaseStatus.WAITING:
        return False
    escalate_case(case=case, actor=SYSTEM, now=now, why="late")
    return True


def _find_decider(case: Case, actor_id: UUID | None) -> UUID | None:
    """Return a manager who does not have the case yet, else an owner, else whoever has it."""
    owner_id = case.owner_id
    approvers = staff.list_approvers(location_id=case.location_id)
    deciders = sorted(approvers, key=lambda member: member.role != "manager")
    fresh = [one.pk for one in deciders if one.pk not in (owner_id, actor_id)]
    return fresh[0] if fresh else owner_id


def _read_way(how: str) -> ApologyWay:
    if how not in ApologyWay.values:
        raise AppError(_("Choose email, text, phone or in person."), field="how")
    return ApologyWay(how)


def _write(
    case: Case,
    way: ApologyWay,
    *,
    key: str,
    component: str,
    subject: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> Message:
    contact = _find_contact(case, way)
    return messaging.queue_message(
        dedupe_key=key,
        channel=contact.channel,
        purpose="recovery",
        subject_kind="failure",
        subject_id=case.failure_id,
        customer=case.customer,
        contact=contact,
        subject=subject,
        text=text,
        link_purpose="c",
        link_id=case.pk,
        component=component,
        lane=Lane.TRANSACTIONAL,
        actor=actor,
        now=now,
    )


def _find_contact(case: Case, way: ApologyWay) -> ContactPoint:
    contacts: list[ContactPoint] = []
    if case.customer_id is not None:
        found = customers.list_contacts(customer_ids=[case.customer_id])
        contacts = found.get(case.customer_id, [])
    for contact in contacts:
        if contact.channel == way.value and contact.status == ContactStatus.OK:
            return contact
    message = _("We have no address of this kind. Ring them, or say it in person.")
    raise AppError(message, code="no_address", field="how")


def _question(case: Case, actor: Actor) -> str:
    text = _(
        "Hello %(name)s,\n\nwe have worked on what went wrong for you. Is it good again? "
        "Please tell us here, either way.\n\n%(who)s"
    )
    name = case.customer.first_name if case.customer else ""
    return (text % {"name": name, "who": actor.name}).replace(" ,", ",")
