"""Decisions about replies: how long they may be, what looks at them, and whom a template suits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from apps.text.checks import Kind

UNDO_WINDOW = timedelta(seconds=10)
UNHAPPY = 2
Unit = Literal["bytes", "characters"]
_USUAL: tuple[int, Unit] = (4000, "characters")
# What the sites themselves count.
_LIMITS: dict[str, tuple[int, Unit]] = {
    "google": (4096, "bytes"),
    "app_store": (5970, "characters"),
    "google_play": (350, "characters"),
    "email": (20_000, "characters"),
    "sms": (1600, "characters"),
}
_OWN = frozenset({"own"})


@dataclass(frozen=True)
class Length:
    """How much of the room for a reply is used, in the unit that the reader's side counts."""

    used: int
    limit: int
    unit: Unit

    @property
    def is_over(self) -> bool:
        """Tell whether it is too long."""
        return self.used > self.limit


def measure(place: str, text: str) -> Length:
    """Return the length of a reply at a site or on a channel."""
    limit, unit = _LIMITS.get(place, _USUAL)
    used = len(text.encode("utf-8", "replace")) if unit == "bytes" else len(text)
    return Length(used, limit, unit)


def is_own(source: str) -> bool:
    """Tell whether the reply appears on a page of the business itself."""
    return source in _OWN


def is_unhappy(*, stars: int | None, flags: Collection[str]) -> bool:
    """Tell whether somebody has reason for an apology: few stars, or trouble without many."""
    if stars is None:
        return bool(flags)
    return stars <= UNHAPPY or (bool(flags) and stars == UNHAPPY + 1)


def check_kinds(*, is_public: bool, stars: int | None, flags: Collection[str]) -> tuple[Kind, ...]:
    """Return which checkers look at a reply: one to an unhappy customer should apologise well."""
    usual: Kind = "public_reply" if is_public else "service_reply"
    return ("apology", usual) if is_unhappy(stars=stars, flags=flags) else (usual,)


def rank_template(
    *,
    ratings: Sequence[int],
    template_flags: Sequence[str],
    stars: int | None,
    flags: Collection[str],
) -> int:
    """Return how well a template suits a review: 0 not at all, more is better."""
    if ratings and stars not in ratings:
        return 0
    shared = len(set(template_flags) & set(flags))
    if template_flags and not shared:
        return 0
    return 1 + (1 if ratings else 0) + 2 * shared
