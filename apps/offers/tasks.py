"""What happens to offers by the clock."""

from uuid import UUID

from apps.core import clock
from apps.jobs.registry import job
from apps.offers import services


@job("offers.expire")
def expire(*, key: str, **_: object) -> None:
    """End an offer whose time is over."""
    services.expire_offer(offer_id=UUID(key), now=clock.now())
