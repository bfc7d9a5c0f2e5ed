"""The merge language of templates: compiled once, then filled in, each value made harmless."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment
from liquid.ast import Node
from liquid.builtin.content import Literal
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.case_tag import CaseTag
from liquid.builtin.tags.comment_tag import CommentTag
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.context import RenderContext
from liquid.exceptions import LiquidError, OutputStreamLimitError
from liquid.expression import Expression

from apps.messaging.merge.checks import check_expression, check_shape, explain
from apps.messaging.merge.errors import TemplateInvalid
from apps.messaging.merge.filters import FILTERS

MAX_OUTPUT = 200_000
MAX_VALUE = 10_000
MAX_ITEMS = 50
_UNSAFE_IN_HEADERS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_UNSAFE_IN_TEXT = re.compile(r"[\x00\ud800-\udfff]")


class Channel(StrEnum):
    """Where a text goes, which decides how values are made harmless."""

    HTML = "html"
    TEXT = "text"
    SMS = "sms"
    HEADER = "header"


class Rendered(str):
    """A finished text: it may hold customers' words and so is no template any more."""

    __slots__ = ()


class _Language(Environment):
    """Liquid without loops, assignments, includes and every filter that can multiply text."""

    output_stream_limit: ClassVar[int | None] = MAX_OUTPUT
    block_nesting_limit: ClassVar[int] = 10
    suppress_blank_control_flow_blocks = False

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Register what the language has; there is nothing extra."""
        del extra
        for tag in (Literal, Illegal, Output, IfTag, UnlessTag, CaseTag, CommentTag):
            self.add_tag(tag)
        for name, entry in FILTERS.items():
            self.add_filter(name, entry.html if self.autoescape else entry.plain)


_HTML = _Language(autoescape=True)
_PLAIN = _Language(autoescape=False)


@dataclass(frozen=True)
class Compiled:
    """A template that has passed every check.

    ``fields`` are all merge fields in it, ``bare`` those printed without a default.
    """

    channel: Channel
    fields: frozenset[str]
    bare: frozenset[str]
    _template: BoundTemplate = field(repr=False)

    def render(self, values: Mapping[str, object]) -> Rendered:
        """Return the text with ``values`` in it (dotted names or nested mappings).

        Only the fields of the template are handed over, as plain short texts and numbers.
        """
        context: dict[str, object] = {}
        for name in self.fields:
            _put(context, name, _plain_value(_get(values, name)))
        try:
            text = self._template.render(**context)
        except OutputStreamLimitError as error:
            raise TemplateInvalid(_("The finished text is too long."), code="too_long") from error
        except LiquidError as error:
            raise explain(error) from error
        return Rendered(_clean(text, self.channel))

    def missing(self, values: Mapping[str, object]) -> frozenset[str]:
        """Return the fields that would leave a hole: printed, without default, and empty."""
        return frozenset(
            name for name in self.bare if _plain_value(_get(values, name)) in {None, ""}
        )


def compile_template(source: str, *, allowed: Collection[str], channel: Channel | str) -> Compiled:
    """Check a template and make it ready; raises TemplateInvalid with what to change.

    ``allowed`` are the merge fields that exist, such as ``customer.first_name``.
    """
    if isinstance(source, Rendered):
        raise TypeError("A finished text is no template.")
    check_shape(source)
    way = Channel(channel)
    try:
        template = (_HTML if way == Channel.HTML else _PLAIN).from_string(source)
    except LiquidError as error:
        raise explain(error, source) from error
    fields: set[str] = set()
    bare: set[str] = set()
    for expression, is_printed in _expressions(template):
        found = check_expression(expression, source, frozenset(allowed))
        fields |= found
        if is_printed and not _has_default(expression):
            bare |= found
    return Compiled(way, frozenset(fields), frozenset(bare), template)


def _expressions(template: BoundTemplate) -> Iterator[tuple[Expression, bool]]:
    """Yield each outermost expression, and whether it is printed."""
    context = RenderContext(template)
    nodes: list[Node] = list(template.nodes)
    while nodes:
        node = nodes.pop()
        for expression in node.expressions():
            yield expression, isinstance(node, OutputNode)
        nodes.extend(node.children(context))


def _has_default(expression: Expression) -> bool:
    filters = getattr(expression, "filters", None) or []
    return any(one.name == "default" for one in filters)


def _get(values: Mapping[str, object], name: str) -> object:
    if name in values:
        return values[name]
    found: object = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _put(context: dict[str, object], name: str, value: object) -> None:
    *parents, last = name.split(".")
    place = context
    for parent in parents:
        inner = place.setdefault(parent, {})
        if not isinstance(inner, dict):
            return
        place = inner
    place[last] = value


def _plain_value(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    if isinstance(value, list | tuple):
        return [_plain_text(item) for item in value[:MAX_ITEMS]]
    return _plain_text(value)


def _plain_text(value: object) -> str:
    return _UNSAFE_IN_TEXT.sub("", str(value)[:MAX_VALUE])


def _clean(text: str, channel: Channel) -> str:
    if channel == Channel.HEADER:
        return " ".join(_UNSAFE_IN_HEADERS.sub(" ", _UNSAFE_IN_TEXT.sub("", text)).split())
    return _UNSAFE_IN_TEXT.sub("", text)
