"""Replies going out when the time for taking them back is over."""

from uuid import UUID

from apps.core import clock
from apps.jobs.registry import job
from apps.replies import services


@job("replies.publish")
def publish(*, key: str, **_: object) -> None:
    """Let one reply out."""
    services.publish_reply(reply_id=UUID(key), now=clock.now())
