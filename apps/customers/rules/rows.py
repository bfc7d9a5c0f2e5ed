"""One row of an import: all of it understood, or every reason why not, in sentences."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.core.tables import unguard
from apps.customers.rules.contacts import Phone, normalise_email, normalise_phone
from apps.customers.rules.values import (
    Amount,
    DateOrder,
    ValueInvalid,
    parse_amount,
    parse_currency,
    parse_date,
    parse_language,
    parse_yes_no,
)

MAX_NAME = 150
MAX_EXTERNAL_ID = 100
MAX_TEXT = 200
MAX_TAGS = 20
MAX_TAG = 50


@dataclass(frozen=True)
class Row:
    """What one row says about a customer; None and empty mean: not said."""

    first_name: str = ""
    last_name: str = ""
    email: str | None = None
    phone: Phone | None = None
    external_id: str = ""
    language: str = ""
    visited_on: date | None = None
    amount: Decimal | None = None
    currency: str | None = None
    location: str = ""
    tags: tuple[str, ...] = ()
    consent_email: bool | None = None
    consent_sms: bool | None = None
    consent_source: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one cell (or, without field, with the whole row)."""

    code: str
    message: str
    field: str = ""
    column: str = ""


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot be taken in, with every reason at once."""

    problems: tuple[Problem, ...]

    @property
    def message(self) -> str:
        """Return all reasons as one text."""
        return " ".join(problem.message for problem in self.problems)


def check_row(
    cells: Sequence[str],
    mapping: Mapping[int, str],
    *,
    region: str | None,
    today: date,
    headers: Sequence[str] = (),
    order: DateOrder | None = None,
) -> Row | RowProblem:
    """Read a row by its mapping (column to field); ``order`` is how the file writes dates."""
    readers = _readers(region, today, order)
    values: dict[str, object] = {}
    problems: list[Problem] = []
    if headers and len(cells) > len(headers):
        problems.append(_too_wide(cells, headers))
    for index, field in sorted(mapping.items()):
        raw = unguard(cells[index]).strip() if index < len(cells) else ""
        if not raw:
            continue
        try:
            values[field] = readers[field](raw)
        except AppError as error:
            column = _name_column(index, headers)
            message = _("%(column)s: %(reason)s") % {"column": column, "reason": error.message}
            problems.append(Problem(error.code, message, field, column))
    if not problems and not {"email", "phone", "external_id"} & values.keys():
        problems.append(_unreachable())
    return RowProblem(tuple(problems)) if problems else _build(values)


def row_key(row: Row) -> tuple[str, str]:
    """Return what makes two rows the same customer: the number, else the email, else the phone."""
    if row.external_id:
        return "external_id", row.external_id.casefold()
    if row.email:
        return "email", row.email
    return "phone", row.phone.e164 if row.phone else ""


def _readers(
    region: str | None, today: date, order: DateOrder | None
) -> Mapping[str, Callable[[str], object]]:
    return {
        "first_name": lambda raw: _read_text(raw, MAX_NAME),
        "last_name": lambda raw: _read_text(raw, MAX_NAME),
        "full_name": lambda raw: _read_text(raw, MAX_NAME),
        "email": normalise_email,
        "phone": lambda raw: normalise_phone(raw, region=region),
        "external_id": lambda raw: _read_text(raw, MAX_EXTERNAL_ID),
        "language": parse_language,
        "visited_on": lambda raw: _read_visit(raw, today, order),
        "amount": _read_amount,
        "currency": parse_currency,
        "location": lambda raw: _read_text(raw, MAX_TEXT),
        "tags": _read_tags,
        "consent_email": parse_yes_no,
        "consent_sms": parse_yes_no,
        "consent_source": lambda raw: _read_text(raw, MAX_TEXT),
    }


def _read_text(raw: str, longest: int) -> str:
    text = unicodedata.normalize("NFC", raw)
    text = "".join(
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
    text = re.sub(r" {2,}", " ", text).strip()
    if len(text) > longest:
        raise ValueInvalid(
            _("The text is longer than %(longest)d characters.") % {"longest": longest},
            code="too_long",
        )
    return text


def _read_visit(raw: str, today: date, order: DateOrder | None) -> date:
    found = parse_date(raw, order=order)
    if found > today:
        raise ValueInvalid(
            _("%(day)s lies in the future.") % {"day": found.isoformat()}, code="date_future"
        )
    return found


def _read_amount(raw: str) -> Amount:
    found = parse_amount(raw)
    if found.value < 0:
        raise ValueInvalid(_("The amount is below zero."), code="amount_negative")
    return found


def _read_tags(raw: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(_read_text(tag, MAX_TAG) for tag in re.split(r"[,;|]", raw)))
    kept = tuple(tag for tag in tags if tag)
    if len(kept) > MAX_TAGS:
        raise ValueInvalid(
            _("There are more than %(most)d tags.") % {"most": MAX_TAGS}, code="too_many_tags"
        )
    return kept


def _build(values: dict[str, object]) -> Row:
    full_name = str(values.pop("full_name", ""))
    if full_name and "first_name" not in values and "last_name" not in values:
        values["first_name"], values["last_name"] = _split_name(full_name)
    amount = values.pop("amount", None)
    if isinstance(amount, Amount):
        values["amount"] = amount.value
        values.setdefault("currency", amount.currency)
    return Row(**values)  # type: ignore[arg-type]  # each reader gives what its field holds


def _split_name(name: str) -> tuple[str, str]:
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _space, last = name.partition(" ")
    return first, last.strip()


def _name_column(index: int, headers: Sequence[str]) -> str:
    heading = headers[index].strip() if index < len(headers) else ""
    if heading:
        return _("Column “%(heading)s”") % {"heading": heading}
    return _("Column %(number)d") % {"number": index + 1}


def _too_wide(cells: Sequence[str], headers: Sequence[str]) -> Problem:
    message = _(
        "The row has %(cells)d cells, but there are %(columns)d columns; perhaps a separator "
        "stands inside a text without quotation marks."
    ) % {"cells": len(cells), "columns": len(headers)}
    return Problem("too_wide", message)


def _unreachable() -> Problem:
    message = _("The row has neither an email address nor a phone number nor a customer number.")
    return Problem("unreachable", message)
