"""One door to all checkers: what to look for in which kind of text."""

from collections.abc import Callable, Collection, Mapping
from typing import Literal

from apps.text.apology import check_apology
from apps.text.findings import Finding, Tone
from apps.text.gating import check_offer_text, check_request, mentions_review
from apps.text.tone import check_privacy, check_tone

Kind = Literal["apology", "service_reply", "public_reply", "request", "offer"]
_ORDER = {Tone.BAD: 0, Tone.WARN: 1, Tone.GOOD: 2}


def check_text(kind: Kind, text: str, *, own: Collection[str] = ()) -> list[Finding]:
    """Return what the checkers for this kind of text find, the gravest first.

    ``own`` are the business's own addresses and numbers, which are not private.
    """
    if not text.strip():
        return []
    findings = _CHECKS[kind](text, own)
    return sorted(findings, key=lambda finding: (_ORDER[finding.tone], finding.start))


def is_blocked(findings: Collection[Finding]) -> bool:
    """Tell whether a text must not go out as it is: law or privacy stand against it."""
    return any(finding.tone == Tone.BAD and finding.code in _BLOCKING for finding in findings)


def is_forbidden(findings: Collection[Finding]) -> bool:
    """Tell whether law stands against a text, whatever its writer confirms (16 CFR 465.7)."""
    return any(finding.code in _FORBIDDEN for finding in findings)


_FORBIDDEN = frozenset({"legal_threat", "removal_demand", "buys_silence"})
_BLOCKING = frozenset(
    {
        *("selective_asking", "wanted_rating", "support_first", "discourages", "asks_for_change"),
        *("incentive", "tied_to_review", "buys_silence", "legal_threat", "removal_demand"),
        *("private_email", "private_number", "private_card", "private_phone", "private_health"),
    }
)
_CHECKS: Mapping[str, Callable[[str, Collection[str]], list[Finding]]] = {
    "apology": lambda text, _own: [*check_apology(text), *check_tone("apology", text)],
    "service_reply": lambda text, _own: check_tone("service_reply", text),
    "public_reply": lambda text, own: [
        *check_tone("public_reply", text),
        *check_privacy("public_reply", text, own=own),
        *_check_rewards(text),
    ],
    "request": lambda text, _own: check_request(text),
    "offer": lambda text, _own: check_offer_text(text),
}


def _check_rewards(text: str) -> list[Finding]:
    """Return the rewards that a public reply holds out for a review."""
    if not mentions_review(text):
        return []
    return [finding for finding in check_request(text) if finding.code == "incentive"]
