"""The OpenAPI document as the tests walk it: every operation, and bodies that fit it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from drf_spectacular.generators import SchemaGenerator

NOBODY = str(UUID(int=7))
PREFIX = "/api/v1/"
# What a pattern asks for, by the name of its field.
FITTING = {
    "phone": "+447700900123",
    "country": "GB",
    "language": "en",
    "source": "google",
    "amount": "12.50",
    "currency": "GBP",
}
# Fields of which one is needed, which a schema does not say.
TOGETHER: dict[str, dict[str, Any]] = {
    "record_consent": {"purposes": ["service"]},
    "push_review": {"text": "x"},
}


@cache
def document() -> dict[str, Any]:
    """Return the document as it is served."""
    generator: Any = SchemaGenerator
    found: dict[str, Any] = generator().get_schema(request=None, public=True)
    return found


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    about: Any

    @property
    def name(self) -> str:
        """Return the id of the operation."""
        return str(self.about["operationId"])

    def address(self, one: str = NOBODY) -> str:
        """Return the address below the prefix, with an id in each of its holes."""
        parts = self.path.removeprefix(PREFIX).split("/")
        return "/".join(one if part.startswith("{") else part for part in parts)

    @property
    def schema(self) -> dict[str, Any] | None:
        """Return what a body must look like; None where none is taken."""
        body = self.about.get("requestBody")
        return resolve(body["content"]["application/json"]["schema"]) if body else None

    @property
    def body(self) -> dict[str, Any] | None:
        """Return the smallest body that fits."""
        schema = self.schema
        return None if schema is None else smallest(schema) | TOGETHER.get(self.name, {})

    @property
    def queries(self) -> dict[str, Any]:
        """Return the parameters of the address, by name."""
        given = self.about.get("parameters", [])
        return {one["name"]: one for one in given if one["in"] == "query"}


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within the document."""
    for key in ("allOf", "oneOf", "anyOf"):
        if key in schema and "type" not in schema:
            return resolve(schema[key][0])
    if "$ref" not in schema:
        return schema
    found: Any = document()
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return resolve(found)


def smallest(schema: dict[str, Any], name: str = "") -> Any:
    """Return the smallest value that a schema allows."""
    schema = resolve(schema)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object":
        parts = schema.get("properties", {})
        return {one: smallest(parts[one], one) for one in schema.get("required", ())}
    if kind == "array":
        return [smallest(schema["items"], name)] * schema.get("minItems", 0)
    return _plain(schema, kind, name)


def _plain(schema: dict[str, Any], kind: str | None, name: str) -> Any:
    formats = {
        "uuid": NOBODY,
        "date-time": "2199-05-13T09:00:00Z",
        "date": "2026-05-13",
        "email": "nora@example.com",
    }
    if "format" in schema and schema["format"] in formats:
        return formats[schema["format"]]
    if kind == "string":
        return FITTING.get(name, "x") if "pattern" in schema else "x"
    return {"integer": schema.get("minimum", 0), "number": 1, "boolean": True}[kind or ""]


def operations() -> Iterator[Operation]:
    """Yield every operation of the document."""
    for path, parts in sorted(document()["paths"].items()):
        for method, about in sorted(parts.items()):
            if "operationId" in about:
                yield Operation(method.upper(), path, about)


ALL = list(operations())
LISTS = [one for one in ALL if "cursor" in one.queries]
POSTS = [one for one in ALL if one.method == "POST"]
WITH_BODY = [one for one in ALL if one.schema is not None]
SINGLE = [one for one in ALL if one.method == "GET" and one.path.endswith("}/")]


def label(operation: Operation) -> str:
    """Return the name by which pytest shows a case."""
    return operation.name
