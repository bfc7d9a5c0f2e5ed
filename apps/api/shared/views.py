"""What every view of the door does: scopes, strict reading, pages with cursors."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from apps.api.shared.serializers import USUAL, NoQuery, StrictSerializer
from apps.core.errors import AppError, NotFoundError
from apps.core.facts import Actor
from apps.core.pages import keyset_page

M = TypeVar("M", bound=Model)


class Door(APIView):
    """One address of a noun; ``noun`` names the scopes it asks for."""

    noun: str

    @property
    def actor(self) -> Actor:
        """Return whose key this is."""
        actor: Actor = self.request.user  # type: ignore[assignment]  # our authentication's actor
        return actor


def read_body(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """Return the clean body; a problem document names what is wrong with it."""
    return _read(serializer, request.data)


def read_query(request: Request, serializer: type[StrictSerializer] = NoQuery) -> dict[str, Any]:
    """Return the clean parameters of the address; unknown ones are refused."""
    return _read(serializer, request.query_params.dict())


def _read(serializer: type[StrictSerializer], data: object) -> dict[str, Any]:
    reader = serializer(data=data)
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
    """Answer with one page, newest first, and the addresses of its neighbours."""
    try:
        page = keyset_page(
            rows, by=by, cursor=query.get("cursor", ""), limit=query.get("limit", USUAL)
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


def bad_cursor() -> AppError:
    """Return the refusal of a cursor that is not ours."""
    message = "This cursor was not given out by this list. Start again without one."
    return AppError(message, code="bad_cursor", field="cursor")
