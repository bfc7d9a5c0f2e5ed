"""Whose row it is: the same person by number, address or phone, a new one, or two at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from apps.customers.rules.rows import Row

Identifier = tuple[str, str]


class Placing(StrEnum):
    """What a row is to those we know."""

    NEW = "new"
    KNOWN = "known"
    DUPLICATE = "duplicate"


@dataclass(eq=False)
class Owner:
    """Somebody whom identifiers lead to; ``line`` is the first of this file to name them."""

    person: Any = None
    name: str = ""
    line: int = 0
    numbers: set[str] = field(default_factory=set)
    has_email: bool = False

    @property
    def marks(self) -> dict[str, Any]:
        """Return what later chunks of the file must know, as plain values."""
        return {"name": self.name, "numbers": sorted(self.numbers), "has_email": self.has_email}


def identifiers(row: Row) -> list[Identifier]:
    """Return what names a person, the surest first."""
    found = [
        ("number", row.external_id),
        ("email", row.email or ""),
        ("sms", row.phone.e164 if row.phone else ""),
    ]
    return [(kind, value) for kind, value in found if value]


def key_of(identifier: Identifier) -> str:
    """Return the form in which an identifier is remembered while a file is on its way."""
    return hashlib.sha256("\x1f".join(identifier).encode()).hexdigest()


def find_place(
    row: Row, *, line: int, directory: dict[Identifier, Owner]
) -> tuple[Placing, Owner] | str:
    """Decide whose row it is and enter its identifiers, or say why nobody can tell.

    The customer number decides before the email address, and that before the phone.
    """
    own = identifiers(row)
    hits = [(identifier, directory[identifier]) for identifier in own if identifier in directory]
    if not hits:
        owner, placing = Owner(), Placing.NEW
    else:
        problem = _find_conflict(row, hits)
        if problem:
            return problem
        owner = hits[0][1]
        placing = Placing.DUPLICATE if owner.line else Placing.KNOWN
    _enter(row, owner, line)
    directory.update(dict.fromkeys(own, owner))
    return placing, owner


def _enter(row: Row, owner: Owner, line: int) -> None:
    owner.line = owner.line or line
    owner.name = owner.name or _fold_name(row)
    owner.has_email = owner.has_email or bool(row.email)
    if row.external_id:
        owner.numbers.add(row.external_id)


def _find_conflict(row: Row, hits: list[tuple[Identifier, Owner]]) -> str:
    owner = hits[0][1]
    for (kind, value), other in hits[1:]:
        if other is not owner:
            return _words(kind) % {"value": value}
    kind, value = hits[0][0]
    if kind != "number" and row.external_id and owner.numbers:
        message = _("“%(value)s” belongs to the customer with the number %(number)s.")
        return message % {"value": value, "number": min(owner.numbers)}
    is_phone_alone = kind == "sms" and bool(row.email) and owner.has_email
    name = _fold_name(row)
    if is_phone_alone and name and owner.name and name != owner.name:
        # Families share a phone: neither name nor address may pass from one to the other.
        return _words(kind) % {"value": value}
    return ""


def _words(kind: str) -> str:
    if kind == "email":
        return _("The email address %(value)s belongs to another customer.")
    return _("The phone number %(value)s belongs to another customer.")


def fold_name(first_name: str, last_name: str) -> str:
    """Return a name as it is compared."""
    return f"{first_name} {last_name}".casefold().strip()


def _fold_name(row: Row) -> str:
    return fold_name(row.first_name, row.last_name)


def read_marks(line: int, marks: Mapping[str, Any]) -> Owner:
    """Return somebody whom an earlier chunk of the same file named."""
    return Owner(
        name=marks["name"],
        line=line,
        numbers=set(marks["numbers"]),
        has_email=marks["has_email"],
    )
