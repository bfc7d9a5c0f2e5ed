"""What every view of the door does: scopes, strict reading, pages with cursors."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from apps.api.shared.once import once
from apps.api.shared.serializers import USUAL, NoQuery, StrictSerializer
from apps.core import clock
from apps.core.errors import AppError, NotFoundError
from apps.core.facts import Actor
from apps.core.pages import keyset_page
from apps.staff.services.calls import Allowance, take_token

M = TypeVar("M", bound=Model)
TWICE = "Give this parameter once."


class TooMany(APIException):
    """The key has asked too often."""

    status_code = 429
    default_code = "rate_limited"

    def __init__(self, *, wait: float, detail: str) -> None:
        super().__init__(detail)
        self.wait = wait


class Door(APIView):
    """One address of a noun; ``noun`` names the scopes it asks for, unless ``scope`` does."""

    noun: str = ""
    scope: str = ""
    allowance: Allowance | None = None
    http_method_names = ["get", "head", "post", "patch", "delete"]

    def __init_subclass__(cls) -> None:
        """Let every POST honour ``Idempotency-Key``; none can be forgotten."""
        super().__init_subclass__()
        if "post" in vars(cls):
            cls.post = once(cls.post)  # type: ignore[attr-defined]  # it is there

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Look at the key before anything else, so that every refusal tells the limit."""
        self.perform_authentication(request)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Read the key and count the request against its limit, once."""
        super().perform_authentication(request)
        key: Any = request.auth
        if key is None or self.allowance is not None:
            return
        self.allowance = take_token(key=key, now=clock.now())
        if not self.allowance.is_granted:
            words = f"This key may ask {self.allowance.limit} times a minute. Wait a little."
            raise TooMany(wait=self.allowance.wait_seconds, detail=words)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Tell in every answer how much the key may still ask."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.allowance is not None:
            answer["RateLimit-Limit"] = str(self.allowance.limit)
            answer["RateLimit-Remaining"] = str(self.allowance.remaining)
            answer["RateLimit-Reset"] = str(self.allowance.reset_seconds)
        return answer

    @property
    def actor(self) -> Actor:
        """Return whose key this is."""
        actor: Actor = self.request.user  # type: ignore[assignment]  # our authentication's actor
        return actor


def read_body(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """Return the clean body; a problem document names what is wrong with it."""
    return _read(serializer, request.data)


def read_query(request: Request, serializer: type[StrictSerializer] = NoQuery) -> dict[str, Any]:
    """Return the clean parameters of the address; those unknown or given twice are refused."""
    given = request.query_params
    twice = [name for name, values in given.lists() if len(values) > 1]
    try:
        return _read(serializer, given.dict(), is_query=True, twice=twice)
    except ValidationError as error:
        # The address is at fault, not a thing that it describes.
        error.status_code = 400
        raise


def read_row(serializer: type[StrictSerializer], row: object) -> dict[str, Any]:
    """Return one clean row of a body that holds many."""
    return _read(serializer, row)


def _read(
    serializer: type[StrictSerializer],
    data: object,
    *,
    is_query: bool = False,
    twice: Iterable[str] = (),
) -> dict[str, Any]:
    remarks = {name: [ErrorDetail(TWICE, "twice")] for name in twice}
    if remarks:
        raise ValidationError(remarks)
    reader = serializer(data=data, context={"is_query": is_query})
    reader.is_valid(raise_exception=True)
    values: dict[str, Any] = reader.validated_data
    return values


def answer_page(
    request: Request,
    rows: QuerySet[M],
    *,
    query: Mapping[str, Any],
    by: str,
    show: Callable[[list[M]], Iterable[object]],
) -> Response:
    """Answer with one page, last ``by`` first unless ordered, and its neighbours' addresses."""
    ordering = query.get("ordering") or f"-{by}"
    try:
        page = keyset_page(
            rows,
            by=ordering.removeprefix("-"),
            descending=ordering.startswith("-"),
            cursor=query.get("cursor", ""),
            limit=query.get("limit", USUAL),
        )
    except NotFoundError as error:
        raise bad_cursor() from error
    return Response(
        {
            "results": list(show(page.items)),
            "next": link_to(request, page.next_cursor),
            "previous": link_to(request, page.previous_cursor),
        }
    )


def link_to(request: Request, cursor: str) -> str | None:
    """Return this list's address from a cursor on, or None without one."""
    if not cursor:
        return None
    return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor))


class BadCursor(AppError):
    """The address names a place in a list that the list did not give out."""

    code = "bad_cursor"
    status = 400


def bad_cursor() -> AppError:
    """Return the refusal of a cursor that is not ours."""
    message = "This cursor was not given out by this list. Start again without one."
    return BadCursor(message, field="cursor")
