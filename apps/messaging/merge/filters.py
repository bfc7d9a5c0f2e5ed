"""The filters of the merge language: each takes time in proportion to its value, no more."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from urllib.parse import quote_plus

from markupsafe import Markup, escape

_MOST_DECIMALS = 6
_MOST_DIGITS = 30
_DEFAULT_LENGTH = 50
_DEFAULT_WORDS = 15
_DIRECTIVE = re.compile("%(-?)(.)")
_DIRECTIVES = frozenset("aAbBdHIjmMpSyY")


@dataclass(frozen=True)
class Filter:
    """A filter in both ways of writing, and how few and how many values it takes."""

    plain: Callable[..., object]
    html: Callable[..., object]
    arguments: tuple[int, int] = (0, 0)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str.__str__(value) if isinstance(value, str) else str(value)


def _number(value: object, otherwise: int) -> int:
    try:
        return int(str(value)[:_MOST_DIGITS])
    except ValueError:
        return otherwise


def _default(value: object, otherwise: object = "") -> object:
    is_empty = value is None or value is False or value in ("", [])
    return otherwise if is_empty or not str(value).strip() else value


def _capitalize(value: object) -> str:
    text = _text(value)
    return text[:1].upper() + text[1:]


def _date(value: object, shape: object = "%d %B %Y") -> str:
    moment = value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return _text(value)
    if not isinstance(moment, date):
        return _text(value)
    day: date = moment

    def write(match: re.Match[str]) -> str:
        sign, letter = match.groups()
        if letter == "%":
            return "%"
        if letter == "e":
            sign, letter = "-", "d"
        if letter not in _DIRECTIVES:
            return match.group()
        written = day.strftime(f"%{letter}")
        return (written.lstrip("0") or "0") if sign else written

    return _DIRECTIVE.sub(write, _text(shape))


def _truncate(value: object, length: object = _DEFAULT_LENGTH, end: object = "...") -> str:
    text, tail = _text(value), _text(end)
    most = _number(length, _DEFAULT_LENGTH)
    if len(text) <= most:
        return text
    return text[: max(most - len(tail), 0)] + tail


def _truncate_words(value: object, count: object = _DEFAULT_WORDS, end: object = "...") -> str:
    words = _text(value).split()
    most = max(_number(count, _DEFAULT_WORDS), 1)
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + _text(end)


def _size(value: object) -> int:
    return len(value) if isinstance(value, list) else len(_text(value))


def _first(value: object) -> object:
    items = value if isinstance(value, list) else _text(value)
    return items[0] if items else ""


def _last(value: object) -> object:
    items = value if isinstance(value, list) else _text(value)
    return items[-1] if items else ""


def _round(value: object, places: object = 0) -> str:
    text = _text(value).strip()
    decimals = min(max(_number(places, 0), 0), _MOST_DECIMALS)
    try:
        number = Decimal(text)
        if len(text) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
            return text
        return str(number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    except InvalidOperation:
        return text


def _escape(value: object) -> Markup:
    return escape(_text(value))


def _break_lines(value: object) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in _text(value).splitlines())


def _both(function: Callable[..., object], arguments: tuple[int, int] = (0, 0)) -> Filter:
    return Filter(function, function, arguments)


FILTERS: dict[str, Filter] = {
    "capitalize": _both(_capitalize),
    "date": _both(_date, (0, 1)),
    "default": _both(_default, (1, 1)),
    "downcase": _both(lambda value: _text(value).lower()),
    "escape": Filter(_text, _escape),
    "first": _both(_first),
    "last": _both(_last),
    "newline_to_br": Filter(_text, _break_lines),
    "round": _both(_round, (0, 1)),
    "size": _both(_size),
    "strip": _both(lambda value: _text(value).strip()),
    "strip_newlines": _both(lambda value: " ".join(_text(value).split())),
    "truncate": _both(_truncate, (0, 2)),
    "truncatewords": _both(_truncate_words, (0, 2)),
    "upcase": _both(lambda value: _text(value).upper()),
    "url_encode": _both(lambda value: quote_plus(_text(value), errors="replace")),
}
