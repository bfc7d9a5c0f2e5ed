"""Reads about sample data: whether a business has some, and how far its removal is."""

from dataclasses import dataclass
from datetime import datetime

from apps.jobs import queries as jobs
from apps.staff.models import SampleRemoval
from apps.tenants import wall
from apps.tenants.models import Business

JOB = "demo.remove_sample"


@dataclass(frozen=True)
class Sample:
    """The sample data of a business: there, on its way out, or gone."""

    is_there: bool
    is_leaving: bool = False
    # Nothing works on it any more: it failed too often.
    is_stuck: bool = False
    removed: int = 0
    total: int = 0
    gone_at: datetime | None = None


def read_sample(*, business: Business) -> Sample:
    """Return how the entered business stands to its sample data."""
    row = find_removal()
    if row is not None and row.finished_at is None:
        return Sample(
            is_there=True,
            is_leaving=True,
            is_stuck=not jobs.is_alive(kind=JOB),
            removed=min(row.removed, row.total),
            total=row.total,
        )
    if row is not None:
        return Sample(is_there=False, gone_at=row.finished_at)
    return Sample(is_there=business.sample is not None)


def find_removal() -> SampleRemoval | None:
    """Return the removal of the entered business's sample data, if it was asked for."""
    return SampleRemoval.objects.order_by("pk").first()


def was_removed(*, business: Business) -> bool:
    """Tell whether somebody had the sample data of a business removed."""
    with wall.as_business(business):
        return SampleRemoval.objects.exists()
