"""Money: integer minor units with a currency code, and its printing."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision

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
