"""Reviews: list, push, read."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.reviews.serializers import (
    ReviewBody,
    ReviewQuery,
    ReviewsBody,
    ReviewSerializer,
)
from apps.api.shared.bulk import OutcomesSerializer, work_through
from apps.api.shared.lookups import find_known, find_place
from apps.api.shared.schema import listing, reading, refusals, writing
from apps.api.shared.versions import answer_made, answer_one
from apps.api.shared.views import Door, answer_page, read_body, read_query, read_row
from apps.core import clock
from apps.core.facts import Actor
from apps.reviews import queries, services
from apps.reviews.choices import InboxView
from apps.reviews.queries import InboxFilters
from apps.reviews.services import Incoming

PLAIN = ("remote_id", "kind", "status", "customer_id")
NOT_FILTERS = {*PLAIN, "cursor", "limit", "ordering", "view"}


def show(rows: list[Any]) -> list[Any]:
    """Return reviews as JSON values."""
    return list(ReviewSerializer(rows, many=True).data)


def _narrow(query: dict[str, Any], actor: Actor) -> QuerySet[Any]:
    filters = {name: value for name, value in query.items() if name not in NOT_FILTERS}
    rows = queries.list_inbox(
        actor=actor,
        filters=InboxFilters(view=query.get("view", InboxView.EVERYTHING), **filters),
        now=clock.now(),
    )
    return rows.filter(**{name: query[name] for name in PLAIN if name in query})


class Reviews(Door):
    """The list."""

    noun = "reviews"

    @listing(ReviewSerializer, ReviewQuery, of="reviews", words="List reviews, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page of all that customers said, wherever they said it."""
        query = read_query(request, ReviewQuery)
        rows = _narrow(query, self.actor)
        return answer_page(request, rows, query=query, by="sort_at", show=show)

    @writing(
        ReviewSerializer,
        ReviewBody,
        named="push_review",
        words="Bring in a review",
        statuses=(200, 201),
    )
    def post(self, request: Request) -> Response:
        """Bring in a review: 201 when it is new, 200 when it was there; that one stays."""
        read_query(request)
        with transaction.atomic():
            review, is_new = push(read_body(ReviewBody, request), self.actor)
        made = show([review])[0]
        return answer_made(request, made, "reviews:review", status=201 if is_new else 200)


def push(body: dict[str, Any], actor: Actor) -> tuple[Any, bool]:
    """Bring a review in from a clean body; return it and whether it is new."""
    place, person = find_place(body.get("location_id")), find_known(body.get("customer_id"))
    values = {
        # Who pushes a review without its day has just heard of it; a file is another matter.
        "written_at": clock.now(),
        **body,
        "location_id": place.pk if place else None,
        "customer_id": person.pk if person else None,
    }
    new = services.import_batch(rows=[Incoming(**values)], actor=actor, now=clock.now())
    rows = _narrow({}, actor)
    return rows.get(source=body["source"], remote_id=body["remote_id"]), bool(new)


class ManyReviews(Door):
    """Many reviews at once."""

    noun = "reviews"

    @extend_schema(
        operation_id="push_reviews",
        summary="Bring in up to 1,000 reviews",
        request=ReviewsBody,
        responses={200: OutcomesSerializer, **refusals()},
    )
    def post(self, request: Request) -> Response:
        """Bring in reviews, each by itself; `unchanged` when it was there."""
        read_query(request)
        rows = read_body(ReviewsBody, request)["reviews"]

        def put(row: object) -> tuple[str, UUID]:
            review, is_new = push(read_row(ReviewBody, row), self.actor)
            return "created" if is_new else "unchanged", review.pk

        return Response(work_through(rows, put))


class OneReview(Door):
    """One review."""

    noun = "reviews"

    @reading(ReviewSerializer, of="review", words="Read a review")
    def get(self, request: Request, review_id: UUID) -> Response:
        """Answer with the review."""
        read_query(request)
        review = queries.get_review(actor=self.actor, review_id=review_id)
        return answer_one(request, show([review])[0])
