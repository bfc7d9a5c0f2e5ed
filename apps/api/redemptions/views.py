"""Redemptions: use a code, once."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.redemptions.serializers import RedemptionBody, RedemptionSerializer
from apps.api.shared.lookups import find_place
from apps.api.shared.schema import refusals
from apps.api.shared.views import Door, read_body, read_query
from apps.core import clock
from apps.offers import services


class Redemptions(Door):
    """The till."""

    noun = "redemptions"

    @extend_schema(
        operation_id="redeem_offer",
        summary="Use the code of an offer, once",
        request=RedemptionBody,
        responses={201: RedemptionSerializer, **refusals()},
    )
    def post(self, request: Request) -> Response:
        """Use a code: 409 when it was used, ran out, was taken back or waits for approval."""
        read_query(request)
        body = read_body(RedemptionBody, request)
        redemption = services.redeem_offer(
            location=find_place(body.pop("location_id", None)),
            actor=self.actor,
            now=clock.now(),
            **body,
        )
        return Response(RedemptionSerializer(redemption).data, status=201)
