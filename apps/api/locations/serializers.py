"""Locations in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import MomentField, PatternField, TextField, TruthField
from apps.api.shared.serializers import ListQuery, StrictSerializer, ordering


class LocationSerializer(serializers.Serializer[Any]):
    """A place where customers are served, as answered."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    city = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    time_zone = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    is_active = serializers.BooleanField()
    created_at = MomentField()


class LocationQuery(ListQuery):
    """What narrows the list of locations."""

    ordering = ordering("created_at", "name")
    is_active = TruthField(required=False)


class LocationPatch(StrictSerializer):
    """What changes of a location; what is left out stays."""

    name = TextField(required=False, max_length=120)
    country = PatternField(r"^[A-Za-z]{2}$", required=False, help_text="ISO 3166, two letters.")
    time_zone = TextField(required=False, max_length=64, help_text="Such as `Europe/London`.")
    address = TextField(required=False, max_length=200, allow_blank=True)
    city = TextField(required=False, max_length=80, allow_blank=True)
    postal_code = TextField(required=False, max_length=20, allow_blank=True)
    phone = PatternField(
        r"^(\+[1-9][0-9]{6,14})?$", required=False, allow_blank=True, help_text="E.164."
    )
    email = serializers.EmailField(required=False, max_length=254, allow_blank=True)
    is_active = TruthField(required=False, help_text="False closes it; what happened there stays.")


class LocationBody(LocationPatch):
    """A new location."""

    name = TextField(max_length=120)
    country = PatternField(r"^[A-Za-z]{2}$", help_text="ISO 3166, two letters.")
    time_zone = TextField(max_length=64, help_text="Such as `Europe/London`.")
