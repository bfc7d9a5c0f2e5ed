"""What counts as a failure, how grave it is as far as words and stars tell, and its name."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from apps.failures.choices import Evidence, FailureKind
from apps.text.severity import find_flags

MAX_TITLE = 80
_BAD_SHARE = Decimal("0.4")  # two of five
_MIDDLE_SHARE = Decimal("0.6")
_WORST_SHARE = Decimal("0.2")
_STRONGLY_NEGATIVE = -0.6
_GRAVEST = 5
_SEVERAL = 3

# The kinds that a text flag names, the gravest first; "refund" is a wish, not a failure.
_KINDS = {
    "safety": FailureKind.SAFETY,
    "missing": FailureKind.MISSING,
    "broken": FailureKind.BROKEN,
    "billing": FailureKind.BILLING,
    "rude": FailureKind.RUDE,
    "wait": FailureKind.WAIT,
}
_SENTENCE = re.compile(r"[^.!?\n]+")


@dataclass(frozen=True)
class Severity:
    """From 1 (slight) to 5 (danger); how that is known, and what it was read from."""

    value: int
    evidence: Evidence = Evidence.ESTIMATED
    because: tuple[str, ...] = ()


def is_failure(
    *,
    rating: Decimal | None,
    rating_max: int | None,
    flags: Collection[str],
    sentiment: float | None = None,
) -> bool:
    """Tell whether an answer tells of a failure: low stars, danger, or very bad words.

    Stars outrank words: with four or five of five, words make a failure only where they speak of
    danger and do not sound content.
    """
    share = _share(rating, rating_max)
    if share is not None and share <= _BAD_SHARE:
        return True
    feeling = sentiment or 0.0
    if share is not None and share > _MIDDLE_SHARE:
        return "safety" in flags and feeling < 0
    return "safety" in flags or feeling <= _STRONGLY_NEGATIVE


def grade_severity(
    *, rating: Decimal | None, rating_max: int | None, flags: Collection[str]
) -> Severity:
    """Estimate how grave it was for the customer; asking the customer is better."""
    if "safety" in flags:
        return Severity(_GRAVEST, because=("safety",))
    share = _share(rating, rating_max)
    because: tuple[str, ...] = () if share is None else ("rating",)
    value = _grade_share(share)
    named = sorted(flag for flag in flags if flag in _KINDS)
    if len(named) >= _SEVERAL:
        value, because = value + 1, (*because, *named)
    return Severity(min(value, _GRAVEST - 1), because=because)


def name_failure(*, flags: Collection[str], text: str) -> tuple[FailureKind, str]:
    """Return the kind of a failure and a title in the customer's own words where there are any."""
    named = [flag for flag in find_flags(text) if flag.name in _KINDS]
    known = {flag.name for flag in named} | set(flags)
    kind = next((kind for name, kind in _KINDS.items() if name in known), FailureKind.OTHER)
    start = next((flag.start for flag in named if _KINDS[flag.name] == kind), 0)
    title = _find_sentence(text, start)
    return kind, title or str(kind.label)


def _grade_share(share: Decimal | None) -> int:
    steps = ((_WORST_SHARE, 4), (_BAD_SHARE, 3), (_MIDDLE_SHARE, 2), (Decimal(1), 1))
    if share is None:
        return 3
    return next((value for limit, value in steps if share <= limit), 1)


def _share(rating: Decimal | None, rating_max: int | None) -> Decimal | None:
    if rating is None or not rating_max:
        return None
    return Decimal(rating) / rating_max


def _find_sentence(text: str, place: int) -> str:
    for match in _SENTENCE.finditer(text):
        sentence = " ".join(match.group().split())
        if match.end() > place and sentence:
            return sentence if len(sentence) <= MAX_TITLE else f"{sentence[: MAX_TITLE - 1]}…"
    return ""
