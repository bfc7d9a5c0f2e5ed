"""How texts, moments and money look in JSON."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import list_currencies
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.errors import AppError
from apps.core.money import Money, from_decimal

_MOMENT = re.compile(
    r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)$", re.ASCII
)
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.ASCII | re.IGNORECASE)
_AMOUNT = re.compile(r"^\d{1,13}(\.\d{1,4})?$", re.ASCII)
_YEARS = range(1900, 2201)
MONEY_SCHEMA = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "pattern": r"^\d{1,13}(\.\d{1,4})?$", "example": "12.50"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "example": "EUR"},
    },
    "required": ["amount", "currency"],
    "additionalProperties": False,
}


class TextField(serializers.CharField):
    """A text and nothing else: numbers and truth values are not turned into one."""

    def __init__(self, **options: Any) -> None:
        if not options.get("allow_blank"):
            options.setdefault("min_length", 1)
        super().__init__(**options)

    def to_internal_value(self, data: object) -> str:
        """Return the text without white space around it."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentField(serializers.Field[Any, Any, Any, Any]):
    """A moment after RFC 3339, always with its offset; answered in UTC."""

    default_error_messages = {
        "invalid": "Write the moment like 2026-05-13T09:00:00Z, with Z or an offset."
    }

    def to_internal_value(self, data: object) -> datetime:
        """Return the moment in UTC."""
        if not isinstance(data, str) or not _MOMENT.match(data):
            self.fail("invalid")
        try:
            moment = datetime.fromisoformat(data.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")
        if moment.year not in _YEARS:
            self.fail("invalid")
        return moment

    def to_representation(self, value: datetime) -> str:
        """Return the moment in UTC."""
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _from_address(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Tell whether a value comes out of an address, where everything is a text."""
    return bool(field.context.get("is_query"))


class WholeField(serializers.IntegerField):
    """A whole number; in JSON a number and no text."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        if not _from_address(self):
            if isinstance(data, bool) or not isinstance(data, int | float):
                self.fail("invalid")
            if isinstance(data, float) and not data.is_integer():
                self.fail("invalid")
            return int(super().to_internal_value(int(data)))
        return int(super().to_internal_value(data))


class TruthField(serializers.BooleanField):
    """True or false; in JSON nothing that only looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the truth value."""
        if not _from_address(self) and not isinstance(data, bool):
            self.fail("invalid", input=str(data)[:20])
        return bool(super().to_internal_value(data))


class IdField(serializers.UUIDField):
    """A UUID in its usual form."""

    def to_internal_value(self, data: Any) -> UUID:
        """Return the UUID."""
        if not isinstance(data, str) or not _UUID.match(data):
            self.fail("invalid", value=str(data)[:40])
        found: UUID = super().to_internal_value(data)
        return found


class PatternField(serializers.RegexField):
    """A text of a certain form; numbers are not turned into one."""

    def to_internal_value(self, data: object) -> str:
        """Return the text without white space around it."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class DayField(serializers.DateField):
    """A day like 2026-05-13, of our times."""

    def to_internal_value(self, value: Any) -> date:
        """Return the day."""
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        day: date = super().to_internal_value(value)
        if day.year not in _YEARS:
            self.fail("invalid", format="YYYY-MM-DD")
        return day


@extend_schema_field(MONEY_SCHEMA)
class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """``{"amount": "12.50", "currency": "EUR"}``; the amount is a text, never a float."""

    default_error_messages = {
        "invalid": 'Write money like {{"amount": "12.50", "currency": "EUR"}}.',
        "currency": "{currency} is no currency code.",
        "decimals": "{reason}",
    }

    def to_internal_value(self, data: object) -> Money:
        """Return the money in minor units."""
        if not isinstance(data, Mapping) or set(data) != {"amount", "currency"}:
            self.fail("invalid")
        amount, currency = data["amount"], data["currency"]
        if not isinstance(amount, str) or not _AMOUNT.match(amount):
            self.fail("invalid")
        if not isinstance(currency, str) or currency not in list_currencies():
            self.fail("currency", currency=str(currency)[:12])
        try:
            return from_decimal(Decimal(amount), currency)
        except AppError as error:
            self.fail("decimals", reason=error.message)

    def to_representation(self, value: Money) -> dict[str, str]:
        """Return the amount in major units as a text."""
        return {"amount": format(value.decimal, "f"), "currency": value.currency}


@extend_schema_field(MONEY_SCHEMA)
class MoneyOf(MoneyField):
    """The money in two columns of a row, read-only."""

    def __init__(self, minor: str) -> None:
        super().__init__(source="*", read_only=True)
        self.minor = minor

    def to_representation(self, value: Any) -> Any:
        """Return the money, or None where the row has no amount."""
        minor = getattr(value, self.minor)
        return None if minor is None else super().to_representation(Money(minor, value.currency))


@extend_schema_field({"oneOf": [MONEY_SCHEMA, {"type": "null"}]})
class OptionalMoneyOf(MoneyOf):
    """The same, where there may be none."""
