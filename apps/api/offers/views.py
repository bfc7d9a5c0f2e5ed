"""Offers: list, make, read, approve, take back."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.offers.serializers import (
    ApprovalBody,
    CodeSerializer,
    OfferBody,
    OfferQuery,
    OfferSerializer,
    SendBody,
)
from apps.api.shared.lookups import find_failure, find_member
from apps.api.shared.schema import MISSING, listing, reading, refusals, writing
from apps.api.shared.serializers import NoBody
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.core import clock
from apps.core.errors import ForbiddenError
from apps.core.facts import Actor
from apps.offers import queries, services
from apps.offers.choices import OfferState


def show(rows: list[Any]) -> list[Any]:
    """Return offers as JSON values."""
    return list(OfferSerializer(rows, many=True).data)


def _find_giver(member_id: UUID, *, key: Actor) -> Actor:
    """Return the member who gives; a key spends a manager's limit only if it may approve."""
    member = find_member(member_id, but_owners=True)
    if member.can("offers.approve") and not key.can("offers.approve"):
        message = "To give in the name of a manager, the key needs the scope offers:approve."
        raise ForbiddenError(message, code="scope_missing", field="member_id")
    return member


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

    @writing(
        OfferSerializer, OfferBody, named="issue_offer", words="Make an offer", statuses=(201,)
    )
    def post(self, request: Request) -> Response:
        """Make an offer; above the member's limit, or without a member, it waits for approval.

        A manager as the member needs the scope `offers:approve`. 422 above what anybody may give.
        """
        read_query(request)
        body = read_body(OfferBody, request)
        member_id, money = body.pop("member_id", None), body.pop("value")
        offer = services.issue_offer(
            failure=find_failure(body.pop("failure_id"), actor=self.actor),
            value_minor=money.minor,
            currency=money.currency,
            actor=_find_giver(member_id, key=self.actor) if member_id else self.actor,
            now=clock.now(),
            **body,
        )
        address = reverse("api:offers:offer", args=[offer.pk])
        headers = {"Location": request.build_absolute_uri(address)}
        return answer_one(request, show([offer])[0], status=201, headers=headers)


class ApproveOffer(Door):
    """Allowing an offer that waits."""

    noun = "offers"
    scope = "offers:approve"

    @writing(OfferSerializer, ApprovalBody, named="approve_offer", words="Approve an offer")
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Allow an offer in the name of a manager, within their limit; its days begin now."""
        read_query(request)
        body = read_body(ApprovalBody, request)
        offer = services.approve_offer(
            offer=queries.get_offer(actor=self.actor, offer_id=offer_id),
            actor=find_member(body["member_id"], but_owners=True),
            now=clock.now(),
        )
        return answer_one(request, show([offer])[0])


class RevokeOffer(Door):
    """Taking an offer back."""

    noun = "offers"

    @writing(OfferSerializer, NoBody, named="revoke_offer", words="Take an offer back")
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Take an offer back; 409 when it was used, ran out or was taken back before.

        What a member gave needs the scope `offers:approve`; what keys gave does not.
        """
        read_query(request)
        read_body(NoBody, request)
        offer = queries.get_offer(actor=self.actor, offer_id=offer_id)
        services.revoke_offer(offer=offer, actor=self.actor, now=clock.now())
        return answer_one(request, show([offer])[0])


class SendOffer(Door):
    """Telling the customer."""

    noun = "offers"

    @writing(OfferSerializer, SendBody, named="send_offer", words="Send an offer to its customer")
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Send the offer with its own link, once for each channel; the apology comes first."""
        read_query(request)
        body = read_body(SendBody, request)
        offer = queries.get_offer(actor=self.actor, offer_id=offer_id)
        services.send_offer(offer=offer, actor=self.actor, now=clock.now(), **body)
        return answer_one(request, show([offer])[0])


GONE = {409: "There is no code to use: it waits for approval, was used, ran out or taken back."}


class OfferCode(Door):
    """The code of an offer."""

    noun = "offers"
    scope = "offers:code"

    @extend_schema(
        operation_id="get_offer_code",
        summary="Read the code of an offer",
        responses={200: CodeSerializer, **refusals(MISSING, GONE)},
    )
    def get(self, request: Request, offer_id: UUID) -> Response:
        """Answer with the code, to print it or to read it out; 409 while it waits for approval."""
        read_query(request)
        offer = queries.get_offer(actor=self.actor, offer_id=offer_id)
        if offer.state != OfferState.ISSUED:
            raise queries.explain_refusal(offer)
        code = queries.show_code(offer)
        return Response(CodeSerializer({"offer_id": offer.pk, "code": code}).data)


class OneOffer(Door):
    """One offer."""

    noun = "offers"

    @reading(OfferSerializer, of="offer", words="Read an offer")
    def get(self, request: Request, offer_id: UUID) -> Response:
        """Answer with the offer."""
        read_query(request)
        offer = queries.get_offer(actor=self.actor, offer_id=offer_id)
        return answer_one(request, OfferSerializer(offer).data)
