"""Promises to customers: list, make, read, settle."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.promises.serializers import (
    PromiseBody,
    PromiseQuery,
    PromiseSerializer,
    SettleBody,
)
from apps.api.shared.lookups import find_case, find_member
from apps.api.shared.schema import adding, listing, reading, writing
from apps.api.shared.versions import answer_made, answer_one
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.core import clock
from apps.recovery import queries, services

FILTERS = ("state", "case_id")


def show(rows: list[Any]) -> list[Any]:
    """Return promises as JSON values."""
    return list(PromiseSerializer(rows, many=True).data)


class Promises(Door):
    """The list."""

    noun = "promises"

    @listing(PromiseSerializer, PromiseQuery, of="promises", words="List promises, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, PromiseQuery)
        given = {name: query[name] for name in FILTERS if name in query}
        rows = queries.list_all_promises(actor=self.actor).filter(**given)
        return answer_page(request, rows, query=query, by="created_at", show=show)

    @adding(PromiseSerializer, PromiseBody, named="make_promise", words="Note a promise")
    def post(self, request: Request) -> Response:
        """Note what a customer was told would happen, and by when."""
        read_query(request)
        body = read_body(PromiseBody, request)
        member_id = body.pop("member_id", None)
        made = services.make_promise(
            case=find_case(body.pop("case_id"), actor=self.actor),
            actor=find_member(member_id) if member_id else self.actor,
            now=clock.now(),
            **body,
        )
        return answer_made(request, show([made])[0], "promises:promise")


class OnePromise(Door):
    """One promise."""

    noun = "promises"

    @reading(PromiseSerializer, of="promise", words="Read a promise")
    def get(self, request: Request, promise_id: UUID) -> Response:
        """Answer with the promise."""
        read_query(request)
        promise = queries.get_promise(actor=self.actor, promise_id=promise_id)
        return answer_one(request, show([promise])[0])


class SettlePromise(Door):
    """How a promise ended."""

    noun = "promises"

    @writing(PromiseSerializer, SettleBody, named="settle_promise", words="Say how it ended")
    def post(self, request: Request, promise_id: UUID) -> Response:
        """Note that it was kept or broken, once; 409 when that is known already."""
        read_query(request)
        body = read_body(SettleBody, request)
        promise = queries.get_promise(actor=self.actor, promise_id=promise_id)
        settled = services.settle_promise(
            case=promise.case, promise_id=promise.pk, actor=self.actor, now=clock.now(), **body
        )
        return answer_one(request, show([settled])[0])
