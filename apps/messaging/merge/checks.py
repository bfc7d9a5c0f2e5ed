"""Everything that is looked at before a template is accepted."""

import difflib
import re
from collections.abc import Collection

from django.utils.translation import gettext as _
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from apps.messaging.merge.errors import Position, TemplateInvalid
from apps.messaging.merge.filters import FILTERS

MAX_SOURCE = 20_000
_MAX_TAG = 500
_MAX_CHAIN = 8
_MAX_WHEN = 10
_CLOSE_ENOUGH = 0.6

_TAGS = frozenset(
    {
        *("if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase"),
        *("comment", "endcomment", "raw", "endraw"),
    }
)
_LOOPS = frozenset({"for", "endfor", "tablerow", "cycle", "break", "continue"})
_WORD = re.compile(r"\w+|#")


def check_shape(source: str) -> None:
    """Refuse by one linear look what the library would take long over, or explain badly."""
    if len(source.encode(errors="replace")) > MAX_SOURCE:
        raise TemplateInvalid(
            _("The text is longer than %(most)d characters.") % {"most": MAX_SOURCE},
            code="source_too_long",
        )
    at = depth = 0
    while (start := _find_opening(source, at)) >= 0:
        closing = "}}" if source[start + 1] == "{" else "%}"
        end = source.find(closing, start + 2)
        if end < 0 or end - start > _MAX_TAG:
            raise TemplateInvalid(
                _("“%(opening)s” in line %(line)d is not closed with “%(closing)s”.")
                % {
                    "opening": source[start : start + 2],
                    "line": _locate(source, start).line,
                    "closing": closing,
                },
                code="not_closed",
                position=_locate(source, start),
            )
        at = end + 2
        if closing == "%}":
            name, at = _check_tag(source, start, end)
            depth += {"case": 1, "endcase": -1}.get(name, 0)
            if depth > 1:
                raise _refuse_nested_case(_locate(source, start))


def _find_opening(source: str, at: int) -> int:
    match = re.compile(r"\{[{%]").search(source, at)
    return match.start() if match else -1


def _refuse_nested_case(position: Position) -> TemplateInvalid:
    message = _("Line %(line)d: a “case” cannot stand inside another one.")
    return TemplateInvalid(message % {"line": position.line}, code="nested_case", position=position)


def _check_tag(source: str, start: int, end: int) -> tuple[str, int]:
    """Return the name of one tag and where to go on; a raw part is skipped whole."""
    found = _WORD.match(source[start + 2 : end].lstrip("- \t\r\n"))
    name = found.group() if found else ""
    position = _locate(source, start)
    if name in _LOOPS:
        message = _("Line %(line)d: there are no loops in messages.") % {"line": position.line}
        raise TemplateInvalid(message, code="loop", position=position)
    if name not in _TAGS:
        message = _("Line %(line)d: there is no instruction “%(name)s”.") % {
            "line": position.line,
            "name": name[:40],
        }
        raise TemplateInvalid(message, code="unknown_tag", position=position)
    if name == "when" and len(re.findall(r",|\bor\b", source[start:end])) >= _MAX_WHEN:
        message = _("Line %(line)d: at most %(most)d values can follow “when”.")
        raise TemplateInvalid(
            message % {"line": position.line, "most": _MAX_WHEN},
            code="too_many_values",
            position=position,
        )
    if name != "raw":
        return name, end + 2
    closing = re.compile(r"\{%-?\s{0,20}endraw\s{0,20}-?%\}").search(source, end)
    if closing is None:
        message = _("Line %(line)d: “raw” is not closed with “endraw”.") % {"line": position.line}
        raise TemplateInvalid(message, code="not_closed", position=position)
    return name, closing.end()


def check_expression(expression: Expression, source: str, allowed: frozenset[str]) -> set[str]:
    """Check the fields and filters of one expression; returns the names of its fields."""
    fields: set[str] = set()
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        position = _locate(source, part.token.start_index)
        if isinstance(part, RangeLiteral):
            message = _("Line %(line)d: a span such as (1..5) has no use in messages.")
            raise TemplateInvalid(
                message % {"line": position.line}, code="range", position=position
            )
        if isinstance(part, FilteredExpression):
            _check_filters(part, position)
        if isinstance(part, Path):
            fields.add(_check_field(part, position, allowed))
            continue
        waiting.extend(part.children())
    return fields


def _check_filters(expression: FilteredExpression, position: Position) -> None:
    filters = expression.filters or []
    if len(filters) > _MAX_CHAIN:
        message = _("Line %(line)d: at most %(most)d filters can follow each other.")
        raise TemplateInvalid(
            message % {"line": position.line, "most": _MAX_CHAIN},
            code="too_many_filters",
            position=position,
        )
    for one in filters:
        if one.name not in FILTERS:
            raise _refuse_filter(one.name, position)
        fewest, most = FILTERS[one.name].arguments
        has_names = any(getattr(argument, "name", None) for argument in one.args)
        if has_names or not fewest <= len(one.args) <= most:
            message = _("Line %(line)d: the filter “%(name)s” has too many or too few values.")
            raise TemplateInvalid(
                message % {"line": position.line, "name": one.name},
                code="filter_arguments",
                position=position,
            )


def _refuse_filter(name: str, position: Position) -> TemplateInvalid:
    shown = {"line": position.line, "name": name[:40]}
    nearest = difflib.get_close_matches(name, FILTERS, n=1)
    message = _("Line %(line)d: there is no filter “%(name)s”.") % shown
    if nearest:
        message = _("Line %(line)d: there is no filter “%(name)s”. Did you mean “%(nearest)s”?") % {
            **shown,
            "nearest": nearest[0],
        }
    return TemplateInvalid(message, code="unknown_filter", position=position)


def _check_field(path: Path, position: Position, allowed: frozenset[str]) -> str:
    segments = [segment for segment in path.path if isinstance(segment, str)]
    name = ".".join(segments)
    if len(segments) == len(path.path) and name in allowed:
        return name
    shown = str(path)[:80]
    message = _("There is no field “%(name)s”.") % {"name": shown}
    nearest = _find_nearest(shown, allowed)
    if nearest:
        message = _("There is no field “%(name)s”. Did you mean “%(nearest)s”?") % {
            "name": shown,
            "nearest": nearest,
        }
    raise TemplateInvalid(message, code="unknown_field", merge_field=shown, position=position)


def _find_nearest(name: str, allowed: Collection[str]) -> str | None:
    """Return the field meant by a misspelling, or by its last part alone."""
    known: dict[str, str] = {}
    for full in sorted(allowed, reverse=True):
        known[_squeeze(full)] = full
        known.setdefault(_squeeze(full.rpartition(".")[2]), full)
    wanted = (_squeeze(name), _squeeze(name.rpartition(".")[2]))
    for word in wanted:
        if word in known:
            return known[word]
    close = difflib.get_close_matches(wanted[0], known, n=1, cutoff=_CLOSE_ENOUGH)
    return known[close[0]] if close else None


def _squeeze(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def explain(error: LiquidError, source: str = "") -> TemplateInvalid:
    """Return what the library found wrong, in our words."""
    position = None
    if error.token is not None and error.token.start_index >= 0:
        position = _locate(source or error.token.source, error.token.start_index)
    text = str(error.message or "").strip().rstrip(".")
    message = _("Line %(line)d cannot be understood: %(reason)s.")
    return TemplateInvalid(
        message % {"line": position.line if position else 1, "reason": text[:200]},
        code="syntax",
        position=position,
    )


def _locate(source: str, index: int) -> Position:
    before = source[: max(index, 0)]
    return Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
