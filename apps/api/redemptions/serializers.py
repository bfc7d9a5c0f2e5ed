"""Redemptions in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.offers.serializers import OfferSerializer
from apps.api.shared.fields import MomentField, TextField
from apps.api.shared.serializers import StrictSerializer


class RedemptionSerializer(serializers.Serializer[Any]):
    """That a code was used, and what for."""

    id = serializers.UUIDField()
    location_id = serializers.UUIDField(allow_null=True)
    reference = serializers.CharField()
    created_at = MomentField()
    offer = OfferSerializer()


class RedemptionBody(StrictSerializer):
    """A code as the customer shows or says it."""

    code = TextField(max_length=40, help_text="Case, spaces and hyphens do not matter.")
    location_id = serializers.UUIDField(required=False, allow_null=True)
    reference = TextField(
        required=False, max_length=120, allow_blank=True, help_text="Your receipt's number."
    )
