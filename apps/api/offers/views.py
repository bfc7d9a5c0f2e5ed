"""Offers: list and read."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.offers.serializers import OfferQuery, OfferSerializer
from apps.api.shared.schema import listing, reading
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_query
from apps.offers import queries


def show(rows: list[Any]) -> list[Any]:
    """Return offers as JSON values."""
    return list(OfferSerializer(rows, many=True).data)


class Offers(Door):
    """The list."""

    noun = "offers"

    @listing(OfferSerializer, OfferQuery, of="offers", words="List offers, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, OfferQuery)
        rows = queries.list_offers(actor=self.actor, state=query.get("state", ""))
        if "customer_id" in query:
            rows = rows.filter(customer_id=query["customer_id"])
        return answer_page(request, rows, query=query, by="created_at", show=show)


class OneOffer(Door):
    """One offer."""

    noun = "offers"

    @reading(OfferSerializer, of="offer", words="Read an offer")
    def get(self, request: Request, offer_id: UUID) -> Response:
        """Answer with the offer."""
        read_query(request)
        offer = queries.get_offer(actor=self.actor, offer_id=offer_id)
        return answer_one(request, OfferSerializer(offer).data)
