"""Files of reviews coming in, and snoozed items coming back."""

from uuid import UUID

from apps.core import clock
from apps.jobs.registry import job
from apps.reviews import services


@job("reviews.check_import")
def check_import(*, key: str, **_: object) -> None:
    """Read an uploaded file once without bringing anything in."""
    services.check_import(run_id=UUID(key), now=clock.now())


@job("reviews.import_chunk")
def import_chunk(*, key: str, **_: object) -> None:
    """Bring the next rows of a file in."""
    services.import_chunk(run_id=UUID(key), now=clock.now())


@job("reviews.wake")
def wake(*, key: str, **_: object) -> None:
    """Bring a snoozed item back."""
    services.wake_review(review_id=UUID(key), now=clock.now())
