"""Keyset pages: lists that stay as fast on page 1,000 as on page one."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from apps.core.errors import NotFoundError

M = TypeVar("M", bound=Model)
_PARTS = 2


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list and the cursors to its neighbours (empty where there is none)."""

    items: list[M]
    next_cursor: str
    previous_cursor: str


def encode_cursor(direction: str, *key: object) -> str:
    """Return an opaque cursor that starts after ``key`` in ``direction`` (``n`` or ``p``)."""
    raw = json.dumps([direction, *(str(part) for part in key)]).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> tuple[str, list[str]]:
    """Return direction and key of a cursor; NotFoundError when it is not one of ours."""
    message = "This page of the list does not exist. Start again from the first page."
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        parts = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise NotFoundError(message, code="bad_cursor") from error
    good = (
        isinstance(parts, list)
        and len(parts) == _PARTS + 1
        and parts[0] in {"n", "p"}
        and all(isinstance(part, str) and "\x00" not in part for part in parts)
    )
    if not good:
        raise NotFoundError(message, code="bad_cursor")
    return parts[0], parts[1:]


def keyset_page(
    queryset: QuerySet[M], *, by: str, cursor: str = "", limit: int = 50, descending: bool = True
) -> Page[M]:
    """Return one page ordered by ``(by, pk)``; ``by`` must not be null and should be indexed.

    Raises NotFoundError for a cursor that this list did not give out.
    """
    direction, key = decode_cursor(cursor) if cursor else ("n", [])
    backwards = direction == "p"
    falling = descending != backwards
    if key:
        queryset = queryset.filter(_beyond(queryset, by, key, falling=falling))
    sign = "-" if falling else ""
    rows: list[Any] = list(queryset.order_by(f"{sign}{by}", f"{sign}pk")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], "", "")
    first, last = rows[0], rows[-1]
    has_next = more if not backwards else True
    has_previous = more if backwards else bool(key)
    return Page(
        rows,
        encode_cursor("n", _stamp(last, by), last.pk) if has_next else "",
        encode_cursor("p", _stamp(first, by), first.pk) if has_previous else "",
    )


def _stamp(row: Model, by: str) -> str:
    value = getattr(row, by)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _beyond(queryset: QuerySet[M], by: str, key: list[str], *, falling: bool) -> Q:
    meta: Any = queryset.model._meta  # noqa: SLF001 - Django's documented model API
    try:
        value = meta.get_field(by).to_python(key[0])
        pk = meta.pk.to_python(key[1]) if meta.pk else key[1]
    except Exception as error:  # a field may raise what it likes for text that is not its own
        message = "This page of the list does not exist. Start again from the first page."
        raise NotFoundError(message, code="bad_cursor") from error
    side = "lt" if falling else "gt"
    return Q(**{f"{by}__{side}": value}) | Q(**{by: value, f"pk__{side}": pk})
