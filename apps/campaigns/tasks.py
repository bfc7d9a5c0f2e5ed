"""Jobs of the room: a chunk of people, steps that fall due, and looking whether all is done."""

from uuid import UUID

from apps.campaigns import services
from apps.core import clock
from apps.jobs.registry import Claimed, job


@job("campaigns.enrol")
def enrol(*, key: str, **_: object) -> None:
    """Ask the next chunk of a campaign's people."""
    services.enrol_chunk(campaign_id=UUID(key), now=clock.now())


@job("campaigns.step", in_sets=True)
def step(*, tickets: list[Claimed], **_: object) -> None:
    """Send later messages of campaigns."""
    services.take_steps(tickets=tickets, now=clock.now())


@job("campaigns.settle")
def settle(*, key: str, **_: object) -> None:
    """Finish a campaign that has nothing left to do."""
    services.settle_campaign(campaign_id=UUID(key), now=clock.now())
