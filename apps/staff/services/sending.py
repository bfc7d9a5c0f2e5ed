"""Writes about forms that are sent: each of them has one effect, however often it comes."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.staff.models import SentForm

KEPT = timedelta(minutes=10)
LONGEST = 2000
_SWEPT = 20


def begin_form(*, member_id: UUID, fingerprint: str, now: datetime) -> tuple[SentForm, bool]:
    """Note that a form was sent, inside the transaction of its work.

    Returns the note and whether it is new. While the same form is at work elsewhere this waits
    for its end: an old note then tells where it led to, and after a refusal there is none.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError
    SentForm.objects.filter(
        member_id=member_id, fingerprint=fingerprint, created_at__lte=now - KEPT
    ).delete()
    _sweep(now)
    try:
        with transaction.atomic():
            sent = SentForm.objects.create(
                member_id=member_id, fingerprint=fingerprint, created_at=now
            )
    except IntegrityError:
        return SentForm.objects.get(member_id=member_id, fingerprint=fingerprint), False
    return sent, True


def finish_form(*, sent: SentForm, location: str) -> None:
    """Keep where a form led to, to lead there again."""
    SentForm.objects.filter(pk=sent.pk).update(location=location)


def forget_form(*, sent: SentForm) -> None:
    """Forget a form that was refused: the same one may be sent again."""
    SentForm.objects.filter(pk=sent.pk).delete()


def _sweep(now: datetime) -> None:
    old = SentForm.objects.filter(created_at__lte=now - KEPT).order_by("created_at")
    held = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_SWEPT])
    if held:
        SentForm.objects.filter(pk__in=held).delete()
