"""A customer's own page of an offer: what, the terms, until when, and the code."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.core import clock, tokens
from apps.offers import queries
from apps.offers.choices import OfferState
from apps.public.shared.pages import gone, page_context
from apps.recovery import queries as recovery
from apps.tenants import wall

if TYPE_CHECKING:
    from apps.offers.models import Offer

SHOWN = (OfferState.ISSUED, OfferState.REDEEMED, OfferState.EXPIRED, OfferState.REVOKED)


@csrf_exempt
@require_safe
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Show an offer; changes nothing, and leads to no review site."""
    offer_id = tokens.read(wall.current_business().uuid, "o", token)
    found = queries.find_offer(offer_id=offer_id) if offer_id else None
    erased = found is not None and found.customer is not None and found.customer.erased_at
    if found is None or erased or found.state not in SHOWN:
        return gone(request)
    state = OfferState(found.state)
    if state == OfferState.ISSUED and found.expires_at <= clock.now():
        state = OfferState.EXPIRED
    context = {
        **page_context(
            location=found.failure.location,
            customer_id=found.customer_id,
            write_url=_write_url(found),
        ),
        "offer": found,
        "state": state.value,
        "title": _title(state, found.title),
        "code": queries.show_code(found) if state == OfferState.ISSUED else "",
        "redemption": queries.find_redemption(offer_id=found.pk),
    }
    response = render(request, "public/offers/offer.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _write_url(offer: "Offer") -> str:
    """Return where the customer writes to us about the case of their offer."""
    case = recovery.find_by_failure(failure_id=offer.failure_id)
    if case is None:
        return ""
    token = tokens.sign(wall.current_business().uuid, "c", case.pk)
    return reverse("public:recovery:write", args=[token])


def _title(state: OfferState, title: str) -> str:
    titles = {
        OfferState.REDEEMED: _("You have used this"),
        OfferState.EXPIRED: _("This offer has run out"),
        OfferState.REVOKED: _("This offer is no longer valid"),
    }
    return titles.get(state, title)
