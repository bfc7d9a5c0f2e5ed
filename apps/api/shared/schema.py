"""What the OpenAPI document says beyond the views: keys, pages, problems, conventions."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from apps.api.shared.serializers import ListQuery, Problem, StrictSerializer

View = TypeVar("View", bound=Callable[..., Any])
DESCRIPTION = """
The REST API of one business, on its own host. `Authorization: Bearer <key>`; a key carries scopes
such as `customers:read` and `redemptions:write`.

- Ids are UUIDs. Moments follow RFC 3339, with an offset, and are answered in UTC. Money is
  `{"amount": "12.50", "currency": "EUR"}`, the amount a text. Phones are E.164.
- Lists answer `{"results": [], "next": null, "previous": null}`; follow `next` as it stands.
  `limit` is at most 200.
- Unknown fields and parameters are refused, so that a typing mistake is not taken for silence.
- Refusals are `application/problem+json` (RFC 9457); read `code`, and `errors` for fields. 400 is
  an address or a body that cannot be read, 422 a field or a state that stands in the way.
- Each answer carries `X-Request-ID`: tell it when you ask for help.
- `Idempotency-Key` is honoured on every POST for 24 hours: the same key with the same body is
  answered as the first time (and says `Idempotency-Replayed: true`) and has no second effect; with
  another body it is refused (422); while the first one runs it is 409, ask again. A body that could
  not be read does not use the key up.
- Single objects carry an `ETag`; `If-None-Match` spares reading them again (304), `If-Match` a
  change (PATCH, DELETE) of what somebody else has changed meanwhile (412). It is never required.
- A key may ask 600 times a minute. Answers say `RateLimit-Limit`, `RateLimit-Remaining` and
  `RateLimit-Reset` (seconds); beyond it is 429 with `Retry-After`.
"""
EVER = {
    400: "The address or the body cannot be read: a parameter that does not exist, no clean JSON.",
    401: "No key, or one that is unknown here, revoked or expired.",
    403: "The key lacks the scope.",
    406: "Only JSON is answered.",
    414: "The address is too long; told in no more than the status.",
    429: "The key has asked too often; `Retry-After` says when to ask again.",
    503: "The business is suspended or closed, or the service is away for a moment.",
}
OF_BODIES = {
    409: "Somebody was first, or it has changed; `code` says what.",
    413: "The body is too large.",
    415: "Only JSON is read.",
    422: "A field or the state of things stands in the way; `code` and `errors` say which.",
}
OF_DELETING = {409: OF_BODIES[409]}
# Said by the server that reads the address, before anything of ours.
TOO_LONG = 414
OF_METHOD = {
    "get": EVER,
    "delete": EVER | OF_DELETING,
    "post": EVER | OF_BODIES,
    "patch": EVER | OF_BODIES,
}
HEADERS = {
    "X-Request-ID": ("string", "Tell it when you ask for help."),
    "RateLimit-Limit": ("integer", "How often the key may ask in a minute."),
    "RateLimit-Remaining": ("integer", "How often it may still ask now."),
    "RateLimit-Reset": ("integer", "In how many seconds the whole limit is there again."),
}
# Where no key has been read there is no limit to tell of.
WITHOUT_LIMIT = {"400", "401", "503"}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same request under the same key has one effect and one answer.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
}
CHANGED = {412: "It is no longer the version that `If-Match` names."}
IF_MATCH = OpenApiParameter(
    name="If-Match",
    location=OpenApiParameter.HEADER,
    description="The `ETag` you have read; a change since then is answered with 412.",
)
MISSING = {404: "There is no such thing in this business."}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How integrators show who they are."""

    target_class = "apps.api.shared.auth.ApiKeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme as OpenAPI names it."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of one business, with scopes such as `customers:read`.",
        }


def refusals(*more: dict[int, str]) -> dict[int, OpenApiResponse]:
    """Return the problem documents of an operation beyond those of every one of its method."""
    known: dict[int, str] = {}
    for extra in more:
        known |= extra
    return {
        status: OpenApiResponse(response=Problem, description=words)
        for status, words in sorted(known.items())
    }


def listing(
    row: type[serializers.Serializer[Any]],
    query: type[StrictSerializer] = ListQuery,
    *,
    of: str,
    words: str,
) -> Callable[[View], View]:
    """Describe a list with cursors."""
    return extend_schema(
        operation_id=f"list_{of}",
        summary=words,
        parameters=[query],
        responses={200: _page_of(row), **refusals()},
    )


def reading(
    row: type[serializers.Serializer[Any]],
    query: type[StrictSerializer] | None = None,
    *,
    of: str,
    words: str,
) -> Callable[[View], View]:
    """Describe the reading of one object."""
    return extend_schema(
        operation_id=f"get_{of}",
        summary=words,
        parameters=[query] if query else [],
        responses={200: row, **refusals(MISSING)},
    )


def writing(
    row: type[serializers.Serializer[Any]],
    body: type[StrictSerializer] | None = None,
    *,
    named: str,
    words: str,
    statuses: tuple[int, ...] = (200,),
) -> Callable[[View], View]:
    """Describe a change: what it takes, and that it answers with the thing as it is then."""
    return extend_schema(
        operation_id=named,
        summary=words,
        request=body,
        responses={**dict.fromkeys(statuses, row), **refusals(MISSING)},
    )


def adding(
    row: type[serializers.Serializer[Any]],
    body: type[StrictSerializer],
    *,
    named: str,
    words: str,
    statuses: tuple[int, ...] = (201,),
) -> Callable[[View], View]:
    """Describe the making of a thing in a list."""
    return extend_schema(
        operation_id=named,
        summary=words,
        request=body,
        responses={**dict.fromkeys(statuses, row), **refusals()},
    )


def changing(
    row: type[serializers.Serializer[Any]],
    body: type[StrictSerializer],
    *,
    of: str,
    words: str,
) -> Callable[[View], View]:
    """Describe a change of one object, which may name the version that it means."""
    return extend_schema(
        operation_id=f"change_{of}",
        summary=words,
        request=body,
        parameters=[IF_MATCH],
        responses={200: row, **refusals(MISSING, CHANGED)},
    )


def deleting(*, of: str, words: str) -> Callable[[View], View]:
    """Describe the throwing away of one object."""
    return extend_schema(
        operation_id=f"delete_{of}",
        summary=words,
        request=None,
        parameters=[IF_MATCH],
        responses={204: None, **refusals(MISSING, CHANGED)},
    )


def _page_of(row: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    fields = {
        "results": row(many=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
    }
    page: type[serializers.Serializer[Any]] = type(
        f"{row.__name__.removesuffix('Serializer')}Page", (serializers.Serializer,), fields
    )
    return page


def as_problems(
    result: dict[str, Any],
    generator: Any,
    request: Any,
    public: bool,  # noqa: FBT001 - a fixed signature
) -> dict[str, Any]:
    """Say the conventions: refusals of every operation, strict bodies, headers."""
    result["info"]["description"] = DESCRIPTION.strip()
    parts = result["components"]
    parts["headers"] = {
        name: {"description": words, "required": True, "schema": {"type": kind}}
        for name, (kind, words) in HEADERS.items()
    }
    parts["responses"] = {}
    for method, operation in _operations(result):
        for status, words in OF_METHOD[method].items():
            parts["responses"][f"{method}_{status}"] = _problem(status, words)
            reference = {"$ref": f"#/components/responses/{method}_{status}"}
            operation["responses"].setdefault(str(status), reference)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        if method == "post":
            operation.setdefault("parameters", []).append(ONCE)
        for status, response in operation["responses"].items():
            _dress(status, response)
    for status_name, response in parts["responses"].items():
        _dress(status_name.rpartition("_")[2], response)
    for body in _strict(StrictSerializer):
        if body in parts["schemas"]:
            parts["schemas"][body]["additionalProperties"] = False
    return result


def _problem(status: int, words: str) -> dict[str, Any]:
    if status == TOO_LONG:
        return {"description": words}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _dress(status: str, response: dict[str, Any]) -> None:
    """Give an answer its headers, and a refusal its media type."""
    if "$ref" in response:
        return
    content = response.get("content", {})
    if status >= "400" and "application/json" in content:
        content["application/problem+json"] = content.pop("application/json")
    if status == str(TOO_LONG):
        return
    names = [name for name in HEADERS if status not in WITHOUT_LIMIT or name == "X-Request-ID"]
    response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _strict(kind: type[StrictSerializer]) -> Iterator[str]:
    """Yield the names of all bodies that refuse what they do not know."""
    for one in kind.__subclasses__():
        yield one.__name__.removesuffix("Serializer")
        yield from _strict(one)


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in result["paths"].values():
        yield from ((name, part) for name, part in path.items() if "responses" in part)
