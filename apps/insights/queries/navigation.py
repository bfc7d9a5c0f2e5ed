"""The counts beside the places of the staff shell."""

from apps.campaigns import queries as campaigns
from apps.campaigns.choices import CampaignStatus
from apps.core.db import within
from apps.core.facts import Actor
from apps.offers import queries as offers
from apps.offers.choices import OfferState
from apps.recovery.choices import CaseStatus
from apps.recovery.models import Case
from apps.reviews.choices import ReviewStatus
from apps.reviews.models import Review

# Beyond this a count says "very many" and need not be exact.
MOST = 1000


def count_navigation(*, actor: Actor) -> dict[str, int]:
    """Return how many things wait in each place the actor may open; one query a place."""
    counts: dict[str, int] = {}
    if actor.can("reviews.view"):
        new = Review.objects.filter(status__in=[ReviewStatus.NEW, ReviewStatus.OPEN])
        counts["inbox"] = within(actor, new).filter(due_at__isnull=False)[:MOST].count()
    if actor.can("campaigns.view"):
        # One that runs waits for nobody; one that was paused does.
        paused = campaigns.list_campaigns(actor=actor).filter(status=CampaignStatus.PAUSED)
        counts["campaigns"] = paused.count()
    if actor.can("recovery.view"):
        opened = within(actor, Case.objects.exclude(status=CaseStatus.CLOSED))
        counts["recovery"] = opened[:MOST].count()
    if actor.can("offers.approve"):
        waiting = offers.list_offers(actor=actor, state=OfferState.WAITING_APPROVAL)
        counts["offers"] = waiting[:MOST].count()
    return counts
