"""Failures: list, record, read."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.failures.serializers import FailureBody, FailureQuery, FailureSerializer
from apps.api.shared.lookups import find_known, find_place, find_review
from apps.api.shared.schema import listing, reading, writing
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.core import clock
from apps.failures import queries, services

FILTERS = ("kind", "status", "customer_id", "review_id")


def show(rows: list[Any]) -> list[Any]:
    """Return failures as JSON values."""
    return list(FailureSerializer(rows, many=True).data)


class Failures(Door):
    """The list."""

    noun = "failures"

    @listing(FailureSerializer, FailureQuery, of="failures", words="List failures, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, FailureQuery)
        given = {name: query[name] for name in FILTERS if name in query}
        rows = queries.list_failures(actor=self.actor).filter(**given)
        return answer_page(request, rows, query=query, by="created_at", show=show)

    @writing(
        FailureSerializer,
        FailureBody,
        named="record_failure",
        words="Record a failure",
        statuses=(200, 201),
    )
    def post(self, request: Request) -> Response:
        """Record a failure, and its case with it: 200 when the review had one already."""
        read_query(request)
        body, now = read_body(FailureBody, request), clock.now()
        failure = services.record_failure(
            customer=find_known(body.pop("customer_id", None)),
            location=find_place(body.pop("location_id", None)),
            review=find_review(body.pop("review_id", None), actor=self.actor),
            actor=self.actor,
            now=now,
            **body,
        )
        address = reverse("api:failures:failure", args=[failure.pk])
        return answer_one(
            request,
            show([failure])[0],
            status=201 if failure.created_at == now else 200,
            headers={"Location": request.build_absolute_uri(address)},
        )


class OneFailure(Door):
    """One failure."""

    noun = "failures"

    @reading(FailureSerializer, of="failure", words="Read a failure")
    def get(self, request: Request, failure_id: UUID) -> Response:
        """Answer with the failure."""
        read_query(request)
        failure = queries.get_failure(actor=self.actor, failure_id=failure_id)
        return answer_one(request, show([failure])[0])
