"""Reads of what customers answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.feedback.models import ContactRequest, LinkUse, Response


@dataclass(frozen=True)
class Answers:
    """How many of the people of a campaign answered here or went on to a public site."""

    rated: int
    went_on: int


def find_response(*, request_id: UUID) -> Response | None:
    """Return what a customer answered to a request, if anything yet."""
    return Response.objects.filter(request_id=request_id).first()


def get_response(*, response_id: UUID) -> Response:
    """Return an answer with its customer and place; NotFoundError without one."""
    response = (
        Response.objects.select_related("customer", "location", "request")
        .filter(pk=response_id)
        .first()
    )
    if response is None:
        raise NotFoundError(_("There is no such answer."))
    return response


def get_contact_request(*, contact_request_id: UUID) -> ContactRequest:
    """Return a wish to be contacted with its customer and place; NotFoundError without one."""
    wish = (
        ContactRequest.objects.select_related("customer", "location")
        .filter(pk=contact_request_id)
        .first()
    )
    if wish is None:
        raise NotFoundError(_("There is no such message."))
    return wish


def list_responses(*, customer_ids: Sequence[UUID]) -> QuerySet[Response]:
    """Return what these customers answered, newest first."""
    return Response.objects.filter(customer_id__in=customer_ids).order_by("-submitted_at")


def list_all_responses(*, actor: Actor) -> QuerySet[Response]:
    """Return the answers of the actor's places; order it with ``keyset_page``."""
    rows = Response.objects.select_related("request")
    if actor.location_ids is None:
        return rows
    return rows.filter(Q(location=None) | Q(location_id__in=actor.location_ids))


def pick_response(rows: QuerySet[Response], *, response_id: UUID) -> Response:
    """Return one of these answers; NotFoundError without it."""
    found = rows.filter(pk=response_id).first()
    if found is None:
        raise NotFoundError(_("There is no such answer."))
    return found


def count_answers(*, campaign_id: UUID) -> Answers:
    """Count the people of a campaign who answered, and who went on; each person once."""
    return Answers(
        rated=Response.objects.filter(request__campaign_id=campaign_id).count(),
        went_on=LinkUse.objects.filter(request__campaign_id=campaign_id)
        .values("request_id")
        .distinct()
        .count(),
    )


def count_rated(*, campaign_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many people of each of these campaigns answered here."""
    rows = (
        Response.objects.filter(request__campaign_id__in=campaign_ids)
        .values("request__campaign_id")
        .annotate(people=Count("pk"))
        .order_by()
    )
    return {row["request__campaign_id"]: row["people"] for row in rows}
