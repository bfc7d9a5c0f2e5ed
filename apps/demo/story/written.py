"""The form in which a review of the story is told."""

from dataclasses import dataclass


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
    tags: tuple[str, ...] = ()
    language: str = "en"
