"""Answers of customers in JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, WholeField
from apps.api.shared.serializers import ListQuery, ordering


class ResponseSerializer(serializers.Serializer[Any]):
    """What a customer answered to a request, in stars and words."""

    id = serializers.UUIDField()
    request_id = serializers.UUIDField(allow_null=True)
    campaign_id = serializers.SerializerMethodField()
    customer_id = serializers.UUIDField(allow_null=True)
    location_id = serializers.UUIDField(allow_null=True)
    rating = serializers.IntegerField()
    text = serializers.CharField()
    submitted_at = MomentField()
    changed_at = MomentField()

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_campaign_id(self, response: Any) -> str | None:
        """Return the campaign that asked, if one did."""
        found = response.request.campaign_id if response.request else None
        return str(found) if found else None


class ResponseQuery(ListQuery):
    """What narrows the list of answers."""

    ordering = ordering("submitted_at")
    customer_id = IdField(required=False)
    campaign_id = IdField(required=False)
    location_id = IdField(required=False)
    rating = WholeField(required=False, min_value=1, max_value=5)
