"""The counts beside the places of the staff shell."""

from apps.campaigns.choices import CampaignStatus
from apps.campaigns.models import Campaign
from apps.core.facts import Actor
from apps.offers.choices import OfferState
from apps.offers.models import Offer
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
        counts["inbox"] = new.filter(due_at__isnull=False)[:MOST].count()
    if actor.can("campaigns.view"):
        counts["campaigns"] = Campaign.objects.filter(status=CampaignStatus.RUNNING).count()
    if actor.can("recovery.view"):
        counts["recovery"] = Case.objects.exclude(status=CaseStatus.CLOSED)[:MOST].count()
    if actor.can("offers.approve"):
        waiting = Offer.objects.filter(state=OfferState.WAITING_APPROVAL)
        counts["offers"] = waiting[:MOST].count()
    return counts
