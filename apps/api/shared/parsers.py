"""Reading JSON strictly: what no database can hold is refused before anyone looks at it."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 32


class StrictJSONParser(JSONParser):
    """JSON without duplicate keys, NaN, NUL, lone surrogates or deep nesting."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the document, or raise ParseError saying what is wrong with it."""
        try:
            text = stream.read().decode("utf-8")
            document = json.loads(text, object_pairs_hook=_no_twins, parse_constant=_no_constants)
        except (ValueError, RecursionError) as error:
            message = f"The body is not clean JSON: {error}"
            raise ParseError(message) from error
        _check(document, 0)
        return document


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key stands twice in one object"
        raise ValueError(message)
    return found


def _no_constants(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)


def _check(node: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        message = f"The body is nested deeper than {MAX_DEPTH} levels."
        raise ParseError(message)
    if isinstance(node, str):
        if "\x00" in node or any("\ud800" <= char <= "\udfff" for char in node):
            message = "The body holds a NUL or half of a character."
            raise ParseError(message)
    elif isinstance(node, list):
        for item in node:
            _check(item, depth + 1)
    elif isinstance(node, dict):
        for key, value in node.items():
            _check(key, depth + 1)
            _check(value, depth + 1)
