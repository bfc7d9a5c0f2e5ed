"""What customers do on the page of their own case."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.recovery import events
from apps.recovery.choices import Answer, CaseStatus, Plan
from apps.recovery.models import Case, CaseNote, PlanItem
from apps.recovery.services.closing import reopen
from apps.recovery.services.shared import hold_case, tell

TEXT_LENGTH = 4000
CALL_BACK = timedelta(hours=4)
WAYS = ("phone", "sms", "email")


def answer_case(*, case: Case, answer: str, actor: Actor, now: datetime, text: str = "") -> Case:
    """Note whether it is good again; an unhappy answer takes a closed case up again."""
    if answer not in Answer.values:
        raise AppError(_("Choose one of the two answers."), field="answer")
    words = _read(text)
    with transaction.atomic():
        held = hold_case(case, open_only=False)
        was_closed = held.status == CaseStatus.CLOSED
        held.answer, held.answered_at = answer, now
        held.asked_at = held.asked_at or now
        held.status = held.status if was_closed else CaseStatus.OPEN
        held.save(update_fields=["answer", "answered_at", "asked_at", "status"])
        _keep_words(held, words, actor=actor, now=now)
        tell(held, events.CaseAnswered, actor=actor, now=now, answer=answer)
        if was_closed and answer == Answer.NOT_GOOD:
            reopen(held, actor=actor, now=now)
    return held


def ask_for_contact(
    *, case: Case, how: str, actor: Actor, now: datetime, address: str = "", text: str = ""
) -> PlanItem:
    """Note that the customer wants a person to get in touch; a closed case opens again."""
    if how not in WAYS:
        raise AppError(_("Choose how we should get in touch."), field="how")
    words = _read(text)
    place = address.strip()[:120]
    with transaction.atomic():
        held = hold_case(case, open_only=False)
        if held.status == CaseStatus.CLOSED:
            reopen(held, actor=actor, now=now)
        elif held.status == CaseStatus.WAITING:
            held.status = CaseStatus.OPEN
            held.save(update_fields=["status"])
        _keep_words(held, words, actor=actor, now=now)
        tell(held, events.CaseContactAsked, actor=actor, now=now, how=how)
        step = _("Get in touch, as the customer asked (%(how)s)") % {"how": how}
        item, _created = PlanItem.objects.get_or_create(
            case=held,
            plan=Plan.MAKE_RIGHT,
            text=f"{step}: {place}"[:200] if place else step,
            done_at=None,
            defaults={
                "position": PlanItem.objects.filter(case=held).count(),
                "owner_id": held.owner_id,
                "due_at": now + CALL_BACK,
                "created_at": now,
            },
        )
    return item


def _read(text: str) -> str:
    if len(text) > TEXT_LENGTH:
        message = _("This is more than %(n)s characters.") % {"n": TEXT_LENGTH}
        raise AppError(message, field="text")
    return text.replace("\x00", "").strip()


def _keep_words(case: Case, text: str, *, actor: Actor, now: datetime) -> None:
    if text:
        CaseNote.objects.create(case=case, is_from_customer=True, text=text, created_at=now)
