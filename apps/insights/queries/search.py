"""Finding reviews and cases by words, for the command palette."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from apps.core.facts import Actor
from apps.recovery.models import Case
from apps.reviews.models import Review


def search_reviews(*, actor: Actor, text: str) -> QuerySet[Review]:
    """Return reviews that hold all the words, newest first."""
    query = SearchQuery(text, config="simple", search_type="websearch")
    found = Review.objects.filter(search=query).defer("search")
    if actor.location_ids is not None:
        found = found.filter(location_id__in=actor.location_ids)
    return found.order_by("-sort_at", "-id")


def search_cases(*, actor: Actor, text: str) -> QuerySet[Case]:
    """Return cases by number or by words of their title, newest first."""
    if text.isdigit():
        found = Case.objects.filter(number=int(text[:18]))
    else:
        found = Case.objects.filter(title__icontains=text)
    if actor.location_ids is not None:
        found = found.filter(location_id__in=actor.location_ids)
    return found.order_by("-opened_at", "-id")
