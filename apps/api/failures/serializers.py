"""Failures in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import DayField, IdField, MomentField, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.failures.choices import Evidence, FailureKind, FailureStatus


class FailureSerializer(serializers.Serializer[Any]):
    """A failure, as answered."""

    id = serializers.UUIDField()
    status = one_of(FailureStatus)
    kind = one_of(FailureKind)
    title = serializers.CharField()
    quote = serializers.CharField()
    severity = serializers.IntegerField()
    severity_evidence = one_of(Evidence)
    what_happened = serializers.CharField()
    cause = serializers.CharField()
    customer_id = serializers.UUIDField(allow_null=True)
    location_id = serializers.UUIDField(allow_null=True)
    review_id = serializers.UUIDField(allow_null=True)
    happened_on = serializers.DateField(allow_null=True)
    apologised_at = MomentField(allow_null=True)
    created_at = MomentField()
    updated_at = MomentField()


class FailureQuery(ListQuery):
    """What narrows the list of failures."""

    ordering = ordering("created_at", "updated_at")
    kind = one_of(FailureKind, required=False)
    status = one_of(FailureStatus, required=False)
    customer_id = IdField(required=False)
    review_id = IdField(required=False)


class FailureBody(StrictSerializer):
    """A failure that somebody told of; for a review that has one already, that one stays."""

    kind = one_of(FailureKind)
    title = TextField(max_length=160)
    severity = serializers.IntegerField(min_value=1, max_value=5)
    quote = TextField(required=False, max_length=5000, allow_blank=True)
    customer_id = serializers.UUIDField(required=False, allow_null=True)
    location_id = serializers.UUIDField(required=False, allow_null=True)
    review_id = serializers.UUIDField(required=False, allow_null=True)
    happened_on = DayField(required=False, allow_null=True)
