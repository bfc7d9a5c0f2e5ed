"""Checks traffic against an OpenAPI description: what was sent, and what was answered."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import FormatChecker  # type: ignore[import-untyped]
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

CONTRACTS = Path(__file__).parent.parent / "contracts"
WHOLE = "urn:contract"
E164 = re.compile(r"\+[1-9]\d{6,14}")


def _is_phone_number(value: object) -> bool:
    # Senders may also be names, short codes or channel addresses.
    return not str(value).startswith("+") or E164.fullmatch(str(value)) is not None


def _is_rfc_2822(value: object) -> bool:
    try:
        return value is None or parsedate_to_datetime(str(value)).tzinfo is not None
    except ValueError:
        return False


def _is_uri(value: object) -> bool:
    # Twilio's own answers carry paths under this format.
    parts = urlsplit(str(value))
    return value is None or bool(parts.path or parts.netloc)


def _is_currency(value: object) -> bool:
    return value is None or re.fullmatch(r"[A-Z]{3}", str(value)) is not None


formats = FormatChecker(formats=())
for name, check in {
    "phone-number": _is_phone_number,
    "date-time-rfc-2822": _is_rfc_2822,
    "uri": _is_uri,
    "currency": _is_currency,
}.items():
    formats.checks(name)(check)


@dataclass(frozen=True)
class Operation:
    """One call of the description, with the parts of the path that matched."""

    name: str
    spec: Mapping[str, Any]
    path_values: Mapping[str, str]


class Description:
    """One OpenAPI 3.0 document."""

    def __init__(self, name: str) -> None:
        text = (CONTRACTS / name).read_text("utf-8")
        # Parts of the document are checked by themselves, so references must name the whole.
        self.document: dict[str, Any] = json.loads(text.replace('"#/', f'"{WHOLE}#/'))
        self._validators: dict[int, OAS30Validator] = {}

    @cached_property
    def _routes(self) -> list[tuple[re.Pattern[str], Mapping[str, Any]]]:
        return [
            (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))), item)
            for path, item in self.document["paths"].items()
        ]

    @cached_property
    def _registry(self) -> Registry[Any]:
        whole: Resource[Any] = DRAFT4.create_resource(self.document)
        registry: Registry[Any] = Registry()
        known: Registry[Any] = registry.with_resource(WHOLE, whole)
        return known

    def find_operation(self, method: str, path: str) -> Operation | None:
        """Find the call that a request makes."""
        for pattern, item in self._routes:
            match = pattern.fullmatch(path)
            if match and method.lower() in item:
                spec = item[method.lower()]
                return Operation(spec["operationId"], spec, match.groupdict())
        return None

    def check_request(
        self,
        operation: Operation,
        *,
        query: Iterable[tuple[str, str]] = (),
        form: Iterable[tuple[str, str]] = (),
    ) -> list[str]:
        """List what is wrong with a request's path, query and form."""
        parameters = operation.spec.get("parameters", [])
        faults = []
        for place, given in (("path", operation.path_values.items()), ("query", query)):
            known = {p["name"]: p["schema"] for p in parameters if p["in"] == place}
            required = [p["name"] for p in parameters if p["in"] == place and p.get("required")]
            faults += self._check_pairs(list(given), known, required)
        body = operation.spec.get("requestBody", {}).get("content", {})
        schema = body.get("application/x-www-form-urlencoded", {}).get("schema", {})
        known = schema.get("properties", {})
        return faults + self._check_pairs(list(form), known, schema.get("required", []))

    def check_answer(self, operation: Operation, status: int, body: object) -> list[str]:
        """List what is wrong with an answer."""
        answers = operation.spec["responses"]
        if str(status) not in answers:
            return [f"{operation.name} never answers {status}"]
        content = answers[str(status)].get("content", {})
        if not content:
            return [] if body is None else ["a body where none is described"]
        return self._check(content["application/json"]["schema"], body)

    def check_schema(self, name: str, value: object) -> list[str]:
        """List what is wrong with a value of a named schema, unknown members included."""
        schema = self.document["components"]["schemas"][name]
        faults = self._check(schema, value)
        if isinstance(value, dict):
            faults += [f"{key}: not described" for key in value if key not in schema["properties"]]
            faults += [f"{key}: missing" for key in schema["properties"] if key not in value]
        return faults

    def _check_pairs(
        self,
        given: list[tuple[str, str]],
        known: Mapping[str, Mapping[str, Any]],
        required: Iterable[str],
    ) -> list[str]:
        names = [name for name, _ in given]
        faults = [f"{name}: required" for name in required if name not in names]
        for name, value in given:
            if name not in known:
                faults.append(f"{name}: not described")
                continue
            schema = known[name]
            if schema.get("type") == "array":
                schema = schema["items"]
            elif names.count(name) > 1:
                faults.append(f"{name}: given twice")
            if schema.get("format") == "date-time":
                continue
            faults += [f"{name}: {fault}" for fault in self._check(schema, _typed(value, schema))]
        return faults

    def _check(self, schema: Mapping[str, Any], value: object) -> list[str]:
        validator = self._validators.get(id(schema))
        if validator is None:
            validator = OAS30Validator(
                dict(schema), registry=self._registry, format_checker=formats
            )
            self._validators[id(schema)] = validator
        return [
            f"{'/'.join(str(step) for step in error.absolute_path)} {error.message}".strip()
            for error in validator.iter_errors(value)
        ]


def _typed(value: str, schema: Mapping[str, Any]) -> object:
    """Read a form's text as the type that its schema names; what cannot be read stays text."""
    kind = schema.get("type")
    try:
        if kind == "integer":
            return int(value)
        if kind == "number":
            return float(value)
    except ValueError:
        return value
    if kind == "boolean" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value
