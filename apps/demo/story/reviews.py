"""What people wrote elsewhere, oldest first, and what the staff replied."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.demo.story.telling import read_rows


@dataclass(frozen=True, kw_only=True)
class Written:
    """A review on a public site; ``when`` and ``after`` are read by ``Stage.read``."""

    when: str
    site: str
    author: str
    stars: int
    text: str
    title: str = ""
    place: int = 0
    reply: str = ""
    # Hours until the reply, or until somebody put it aside as read.
    after: float = 5.0
    is_read: bool = False
    who: int | None = None
    case: str = ""
    note: str = ""
    tags: Sequence[str] = ()
    language: str = "en"


REVIEWS = read_rows("reviews", Written)
RIVAL_REVIEWS = read_rows("rival_reviews", Written)
