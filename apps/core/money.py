"""Money: integer minor units with a currency code, its printing and reading."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol
from django.utils.translation import gettext as _

from apps.core.errors import AppError


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents for EUR, yen for JPY) of one currency."""

    minor: int
    currency: str

    @property
    def decimal(self) -> Decimal:
        """Return the amount in major units."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def format(self, locale: str = "en") -> str:
        """Return the amount as a person of ``locale`` writes it, without empty cents."""
        try:
            known = Locale.parse(locale.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            known = Locale.parse("en")
        if self.decimal == self.decimal.to_integral_value():
            return format_currency(
                self.decimal, self.currency, "¤#,##0", locale=known, currency_digits=False
            )
        return format_currency(self.decimal, self.currency, locale=known)

    def __str__(self) -> str:
        return self.format()


def from_decimal(amount: Decimal, currency: str) -> Money:
    """Return ``amount`` of major units as money.

    Raises AppError ``too_many_decimals`` when the currency cannot hold the amount exactly.
    """
    scaled = amount.scaleb(get_currency_precision(currency))
    if scaled != scaled.to_integral_value(ROUND_HALF_EVEN):
        message = f"{currency} has {get_currency_precision(currency)} decimal places."
        raise AppError(message, code="too_many_decimals", field="amount")
    return Money(int(scaled), currency)


_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]+)*|[.,][0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})*")
_SPACES = re.compile(r"[\s'\u2019]")


def read_amount(raw: str, currency: str) -> Money:
    """Return an amount as people type it: “£5”, “5,00”, “12.50 GBP”, “1,250.00”.

    Raises AppError, with how to write it, for another currency and for what can be read in two
    ways: “1,250” may be a thousand or a little more than one.
    """
    text = _strip_currency(_SPACES.sub("", raw), currency)
    sample = Money(1250 * 10 ** get_currency_precision(currency), currency).decimal
    if not _NUMBER.fullmatch(text):
        message = _("Write the amount in %(currency)s as a number, like %(sample)s.")
        raise AppError(message % {"currency": currency, "sample": sample}, code="no_amount")
    digits = get_currency_precision(currency)
    whole, fraction = _split(text, digits)
    if whole is None:
        message = _("“%(value)s” can be read in two ways; write it like %(sample)s.")
        raise AppError(message % {"value": raw.strip(), "sample": sample}, code="two_ways")
    return from_decimal(Decimal(f"{whole or 0}.{fraction or 0}"), currency)


def _strip_currency(text: str, currency: str) -> str:
    symbol = get_currency_symbol(currency, locale="en")
    for name in (currency, symbol, symbol[-1]):
        folded = text.upper()
        if folded.startswith(name):
            return text[len(name) :]
        if folded.endswith(name):
            return text[: -len(name)]
    return text


def _split(text: str, digits: int) -> tuple[str | None, str]:
    """Return what stands before and after the decimal mark; None where nobody can tell."""
    marks = [sign for sign in text if sign in ".,"]
    if not marks:
        return text, ""
    head, tail = text.rsplit(marks[-1], 1)
    plain = re.sub("[.,]", "", text)
    if _GROUPED.fullmatch(text) and not head.startswith("0"):
        is_thousand = len(marks) > 1 or digits == 0
        return (plain, "") if is_thousand else (None, "")
    is_single = len(marks) == 1
    if is_single or (_GROUPED.fullmatch(head) and marks[-1] not in head):
        return re.sub("[.,]", "", head), tail
    return None, ""
