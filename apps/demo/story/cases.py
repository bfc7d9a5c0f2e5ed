"""How the staff put right what went wrong; hours count from when the case was opened."""

from dataclasses import dataclass
from typing import Any

from apps.demo.story.telling import read_tables


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What is offered because of a failure."""

    remedy: str
    title: str
    terms: str
    value_minor: int
    days: int = 60


@dataclass(frozen=True, kw_only=True)
class Story:
    """A case from its opening to its end, as far as it has come."""

    what_happened: str = ""
    cause: str = ""
    kind: str = ""
    apology: str = ""
    how: str = "email"
    prevent: str = ""
    gift: Gift | None = None
    promise: str = ""
    # What the customer says when asked, and in how many hours they come back.
    answer: str = ""
    words: str = ""
    back: int = 0
    outcome: str = "settled"
    note: str = ""
    by: str = "agent"


def _read(told: dict[str, Any]) -> Story:
    gift = told.pop("gift", None)
    return Story(**told, gift=Gift(**gift) if gift else None)


_TOLD = read_tables("cases")
CLOSED = {name: _read(told) for name, told in _TOLD["closed"].items()}
_OPEN = {name: _read(told) for name, told in _TOLD["open"].items()}
COLLECTED, LATE_VAN, CRUST, SAFETY = (
    _OPEN[name] for name in ("collected", "late_van", "crust", "safety")
)
