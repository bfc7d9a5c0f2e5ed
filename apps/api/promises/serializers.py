"""Promises in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.recovery.choices import PromiseState

SETTLED = (PromiseState.KEPT.value, PromiseState.BROKEN.value)


class PromiseSerializer(serializers.Serializer[Any]):
    """What somebody told a customer would happen, and by when."""

    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    text = serializers.CharField()
    made_by_id = serializers.UUIDField(allow_null=True)
    due_at = MomentField()
    state = one_of(PromiseState)
    settled_at = MomentField(allow_null=True)
    created_at = MomentField()


class PromiseQuery(ListQuery):
    """What narrows the list of promises."""

    ordering = ordering("created_at", "due_at")
    state = one_of(PromiseState, required=False)
    case_id = IdField(required=False)


class PromiseBody(StrictSerializer):
    """A promise in a case; the customer reads it on their page."""

    case_id = IdField()
    text = TextField(max_length=200)
    due_at = MomentField(help_text="Still to come.")
    member_id = IdField(required=False, help_text="Who promised it.")


class SettleBody(StrictSerializer):
    """How it ended."""

    state = serializers.ChoiceField(choices=SETTLED)
