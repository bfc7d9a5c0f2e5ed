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
- Refusals are `application/problem+json` (RFC 9457); read `code`, and `errors` for fields.
- Each answer carries `X-Request-ID`: tell it when you ask for help.
- `Idempotency-Key` is honoured on every POST for 24 hours: the same key with the same body is
  answered as the first time (and says `Idempotency-Replayed: true`) and has no second effect; with
  another body it is refused (422); while the first one runs it is 409, ask again. A body that could
  not be read does not use the key up.
- Single objects carry an `ETag`; `If-None-Match` spares reading them again (304), `If-Match` a
  change of what somebody else has changed meanwhile (412).
- A key may ask 600 times a minute. Answers say `RateLimit-Limit`, `RateLimit-Remaining` and
  `RateLimit-Reset` (seconds); beyond it is 429 with `Retry-After`.
"""
REFUSALS = {
    400: "The body is no clean JSON.",
    401: "No key, or one that is unknown here, revoked or expired.",
    403: "The key lacks the scope.",
    409: "Somebody was first, or it has changed; `code` says what.",
    422: "A field, a parameter or the state of things stands in the way; `code` says which.",
    429: "The key has asked too often; `Retry-After` says when to ask again.",
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
    """Return the problem documents that an operation may answer with."""
    known = REFUSALS.copy()
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
    row: type[serializers.Serializer[Any]], *, of: str, words: str
) -> Callable[[View], View]:
    """Describe the reading of one object."""
    return extend_schema(
        operation_id=f"get_{of}", summary=words, responses={200: row, **refusals(MISSING)}
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
    """Say the conventions, and give refusals their media type."""
    result["info"]["description"] = DESCRIPTION.strip()
    for operation in _operations(result):
        for status, response in operation["responses"].items():
            content = response.get("content", {})
            if status >= "400" and "application/json" in content:
                content["application/problem+json"] = content.pop("application/json")
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in result["paths"].values():
        yield from (part for part in path.values() if "responses" in part)
