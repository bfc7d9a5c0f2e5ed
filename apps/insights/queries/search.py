"""Finding reviews and cases by words, for the command palette."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from apps.core.db import within
from apps.core.facts import Actor
from apps.recovery.models import Case
from apps.reviews.models import Review


def search_reviews(*, actor: Actor, text: str) -> QuerySet[Review]:
    """Return reviews that hold all the words, newest first."""
    query = SearchQuery(text, config="simple", search_type="websearch")
    found = Review.objects.filter(search=query).defer("search")
    return within(actor, found).order_by("-sort_at", "-id")


def search_cases(*, actor: Actor, text: str) -> QuerySet[Case]:
    """Return cases by number or by words of their title, newest first."""
    if text.isascii() and text.isdecimal():
        found = Case.objects.filter(number=int(text[:18]))
    else:
        found = Case.objects.filter(title__icontains=text)
    return within(actor, found).order_by("-opened_at", "-id")
