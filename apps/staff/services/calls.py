"""Writes about the calls of integrators: how many a minute, and each of them once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ConflictError
from apps.staff.models import ApiKey, IdempotencyRecord
from apps.staff.sql import SPEND_ONE, TRY_HOLD

KEPT = timedelta(hours=24)
_SWEPT = 20


@dataclass(frozen=True)
class Allowance:
    """What a key may still ask this minute."""

    is_granted: bool
    limit: int
    remaining: int
    reset_seconds: int
    wait_seconds: float


def take_token(*, key: ApiKey, now: datetime) -> Allowance:
    """Count one request against the limit of a key, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(SPEND_ONE, {"key_id": key.pk, "now": now})
        limit, level = cursor.fetchone() or (key.per_minute, 0.0)
    granted = level >= 1
    left = max(0.0, level - 1) if granted else level
    pace = max(limit, 1) / 60
    return Allowance(
        is_granted=granted,
        limit=limit,
        remaining=int(left),
        reset_seconds=int((limit - left) / pace) + 1 if left < limit else 0,
        wait_seconds=0.0 if granted else (1 - level) / pace,
    )


def begin_call(
    *, key: ApiKey, value: str, fingerprint: str, now: datetime
) -> tuple[IdempotencyRecord, bool]:
    """Note that a request has begun, inside the transaction of its work.

    Returns the record and whether it is new; an old one carries the answer to give again.
    ConflictError while another request with this value runs, AppError when it was another one.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError
    with connection.cursor() as cursor:
        cursor.execute(TRY_HOLD, [f"{key.pk}.{value}"])
        (is_held,) = cursor.fetchone() or (False,)
    if not is_held:
        message = _("A request with this Idempotency-Key is being worked on. Ask again shortly.")
        raise ConflictError(message, code="idempotency_running")
    earlier = IdempotencyRecord.objects.filter(api_key=key, value=value).first()
    if earlier is not None and earlier.created_at > now - KEPT:
        if earlier.fingerprint != fingerprint:
            message = _("This Idempotency-Key was used for another request. Take a new one.")
            raise AppError(message, code="idempotency_key_reused")
        return earlier, False
    if earlier is not None:
        earlier.delete()
    _sweep(now)
    record = IdempotencyRecord.objects.create(
        api_key=key, value=value, fingerprint=fingerprint, created_at=now
    )
    return record, True


def finish_call(
    *, record: IdempotencyRecord, status: int, headers: dict[str, str], body: str
) -> None:
    """Keep the answer of a request, to be given again."""
    IdempotencyRecord.objects.filter(pk=record.pk).update(status=status, headers=headers, body=body)


def forget_call(*, record: IdempotencyRecord) -> None:
    """Forget a request that never got to its work: the value may be used again."""
    IdempotencyRecord.objects.filter(pk=record.pk).delete()


def _sweep(now: datetime) -> None:
    """Remove a few answers that have had their day, leaving those that somebody holds."""
    old = IdempotencyRecord.objects.filter(created_at__lte=now - KEPT).order_by("created_at")
    held = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_SWEPT])
    if held:
        IdempotencyRecord.objects.filter(pk__in=held).delete()
