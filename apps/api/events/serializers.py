"""Entries of the journal in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import MomentField, TextField
from apps.api.shared.serializers import ListQuery


class EventSerializer(serializers.Serializer[Any]):
    """A fact; `data` holds ids, codes and numbers only."""

    id = serializers.UUIDField(source="uuid")
    type = serializers.CharField(source="kind")
    timestamp = MomentField(source="at")
    actor_kind = serializers.CharField()
    actor_id = serializers.UUIDField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]  # a wire name


class EventQuery(ListQuery):
    """What narrows the feed."""

    type = TextField(required=False, max_length=60, help_text="One wire name: `review.received`.")
