"""Reads about failures."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.db import within
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.failures.models import Failure


def list_failures(*, actor: Actor) -> QuerySet[Failure]:
    """Return the failures in the actor's places, newest first."""
    failures = Failure.objects.select_related("customer", "location").order_by("-created_at", "-id")
    return within(actor, failures)


def get_failure(*, actor: Actor, failure_id: UUID) -> Failure:
    """Return one failure; NotFoundError when it is not there or not in the actor's places."""
    failure = list_failures(actor=actor).filter(pk=failure_id).first()
    if failure is None:
        message = "This failure does not exist."
        raise NotFoundError(message)
    return failure


def find_by_review(*, review_id: UUID) -> Failure | None:
    """Return the failure that a review tells of."""
    return Failure.objects.filter(review_id=review_id).first()
