"""Answers: what customers said when they were asked, to be read."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.responses.serializers import ResponseQuery, ResponseSerializer
from apps.api.shared.schema import listing, reading
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_query
from apps.feedback import queries

FILTERS = {
    "customer_id": "customer_id",
    "location_id": "location_id",
    "rating": "rating",
    "campaign_id": "request__campaign_id",
}


def show(rows: list[Any]) -> list[Any]:
    """Return answers as JSON values."""
    return list(ResponseSerializer(rows, many=True).data)


class Responses(Door):
    """The list."""

    noun = "responses"

    @listing(ResponseSerializer, ResponseQuery, of="responses", words="List answers, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, ResponseQuery)
        given = {column: query[name] for name, column in FILTERS.items() if name in query}
        rows = queries.list_all_responses(actor=self.actor).filter(**given)
        return answer_page(request, rows, query=query, by="submitted_at", show=show)


class OneResponse(Door):
    """One answer."""

    noun = "responses"

    @reading(ResponseSerializer, of="response", words="Read an answer")
    def get(self, request: Request, response_id: UUID) -> Response:
        """Answer with what one customer said."""
        read_query(request)
        rows = queries.list_all_responses(actor=self.actor)
        found = queries.pick_response(rows, response_id=response_id)
        return answer_one(request, show([found])[0])
