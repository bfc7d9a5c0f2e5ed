"""Reads of the journal; nobody sees past a transaction that is still open."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from apps.journal.models import Entry

_SETTLED = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def list_entries(*, after: int = 0) -> QuerySet[Entry]:
    """Return settled facts after a cursor, oldest first: the feed of events."""
    return (
        Entry.objects.filter(id__gt=after)
        .filter(transaction_id__lt=RawSQL(_SETTLED, ()))  # noqa: S611 - a constant
        .order_by("id")
    )


def get_entry(*, entry_id: int) -> Entry:
    """Return one fact by its number."""
    return Entry.objects.get(pk=entry_id)


def list_customer_entries(*, customer_ids: list[UUID]) -> QuerySet[Entry]:
    """Return everything that happened with a customer, newest first."""
    return Entry.objects.filter(customer_id__in=customer_ids).order_by("-id")


def list_subject_entries(*, kind: str, subject_id: UUID) -> QuerySet[Entry]:
    """Return what happened to one object, oldest first."""
    return Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("id")


def list_entries_about(*, kinds: list[str], subject_ids: list[UUID]) -> QuerySet[Entry]:
    """Return what happened to several objects of these kinds, oldest first."""
    return Entry.objects.filter(subject_kind__in=kinds, subject_id__in=subject_ids).order_by("id")
