"""What an offer must hold, which remedy answers which failure, and codes that forgive typing."""

import re
import unicodedata
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.failures.choices import FailureKind
from apps.offers.choices import OfferState, Remedy
from apps.text.gating import check_offer_text

MAX_DAYS = 365
MAX_TITLE = 120
MAX_TERMS = 2_000
MAX_MINOR = 10**11

# No I, L, O, S or U: what is typed for them is read as 1, 1, 0, 5 and V. 31 signs are a prime
# number, so the check sign finds every single mistake and every swap of two signs.
ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
CODE_LENGTH = 10
_READ_AS = str.maketrans("ILOSU", "1105V")
_PRIME = len(ALPHABET)
_FEWEST_BYTES = 10


class LimitGrade(StrEnum):
    """Whether one may give this much alone."""

    WITHIN = "within"
    ABOVE = "above"


class Refusal(StrEnum):
    """Why a code cannot be used."""

    NOT_ISSUED = "not_issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVOKED = "revoked"


_RELATED = {
    FailureKind.SAFETY: {Remedy.REFUND_PART, Remedy.REPLACE, Remedy.REDO, Remedy.CREDIT_SAME},
    FailureKind.BROKEN: {*Remedy} - {Remedy.OTHER},
    FailureKind.MISSING: {*Remedy} - {Remedy.OTHER},
    FailureKind.WAIT: {*Remedy} - {Remedy.OTHER, Remedy.REPLACE},
    FailureKind.RUDE: {*Remedy} - {Remedy.OTHER, Remedy.REPLACE},
    FailureKind.BILLING: {Remedy.REFUND_PART, Remedy.CREDIT_SAME, Remedy.DISCOUNT_SAME},
    FailureKind.OTHER: {*Remedy} - {Remedy.OTHER},
}


def grade_limit(amount: int, limit: int) -> LimitGrade:
    """Tell whether an amount (minor units) lies within what a person may give alone."""
    return LimitGrade.WITHIN if amount <= limit else LimitGrade.ABOVE


def is_related(remedy: str, failure_kind: str) -> bool:
    """Tell whether a remedy answers the very thing that failed."""
    return remedy in _RELATED.get(FailureKind(failure_kind), set())


def check_offer(*, title: str, terms: str, value_minor: int, days: int, remedy: str) -> None:
    """Refuse an offer that is not complete, or whose words tie it to a review or to silence.

    Raises AppError with the field it belongs to.
    """
    if remedy not in Remedy.values:
        raise AppError(_("Choose how it is put right."), code="remedy", field="remedy")
    _check_words(title, _("Say in a few words what the offer is."), MAX_TITLE, "title")
    _check_words(
        terms, _("Say for what, where and how often the offer can be used."), MAX_TERMS, "terms"
    )
    if not 0 <= value_minor <= MAX_MINOR:
        message = _("The value must be zero or more.")
        raise AppError(message, code="value", field="value")
    if not 1 <= days <= MAX_DAYS:
        message = _("The offer must last from 1 to %(most)d days.") % {"most": MAX_DAYS}
        raise AppError(message, code="days", field="days")
    for field, words in (("title", title), ("terms", terms)):
        for finding in check_offer_text(words):
            message = f"{finding.title}. {finding.text} {finding.fix}"
            raise AppError(message, code=finding.code, field=field)


def _check_words(words: str, missing: str, longest: int, field: str) -> None:
    if not words.strip():
        raise AppError(missing, code=f"{field}_missing", field=field)
    if len(words) > longest:
        message = _("This is longer than %(longest)d characters.") % {"longest": longest}
        raise AppError(message, code=f"{field}_long", field=field)


def may_redeem(state: str, expires_at: datetime, now: datetime) -> Refusal | None:
    """Return why an offer cannot be used, None when it can."""
    refusals = {
        OfferState.REDEEMED: Refusal.REDEEMED,
        OfferState.REVOKED: Refusal.REVOKED,
        OfferState.EXPIRED: Refusal.EXPIRED,
    }
    if state in refusals:
        return refusals[OfferState(state)]
    if state != OfferState.ISSUED:
        return Refusal.NOT_ISSUED
    return Refusal.EXPIRED if expires_at <= now else None


def make_code(random_bytes: bytes) -> str:
    """Return the code of ten signs that belongs to the given bytes (at least ten of them)."""
    if len(random_bytes) < _FEWEST_BYTES:
        raise ValueError("A code needs at least ten random bytes.")
    number = int.from_bytes(random_bytes, "big")
    signs = []
    for _place in range(CODE_LENGTH - 1):
        number, index = divmod(number, _PRIME)
        signs.append(index)
    return "".join(ALPHABET[index] for index in (*signs, _check_sign(signs)))


def read_code(typed: str) -> str | None:
    """Return a typed code in its one form; None when no code of ours can be meant."""
    text = unicodedata.normalize("NFKC", typed).upper()
    text = re.sub(r"[\s\-_.\u2010-\u2015]", "", text).translate(_READ_AS)
    if len(text) != CODE_LENGTH or not set(text) <= set(ALPHABET):
        return None
    signs = [ALPHABET.index(sign) for sign in text]
    return text if _check_sign(signs[:-1]) == signs[-1] else None


def show_code(code: str) -> str:
    """Return a code in two groups, as it is read aloud."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def _check_sign(signs: list[int]) -> int:
    total = sum(weight * sign for weight, sign in enumerate(signs, start=1))
    return -total * pow(CODE_LENGTH, -1, _PRIME) % _PRIME
