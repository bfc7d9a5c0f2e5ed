"""Messages in JSON; links in their texts are masked."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField
from apps.api.shared.serializers import ListQuery, one_of, ordering
from apps.customers.choices import Channel
from apps.messaging.choices import MessageState, ProviderKind


class MessageSerializer(serializers.Serializer[Any]):
    """A message, as answered in a list."""

    id = serializers.UUIDField()
    channel = one_of(Channel)
    purpose = serializers.CharField()
    state = one_of(MessageState)
    reason = serializers.CharField()
    customer_id = serializers.UUIDField(allow_null=True)
    address = serializers.CharField()
    subject = serializers.CharField()
    text = serializers.CharField()
    deferred_until = MomentField(allow_null=True)
    deferred_why = serializers.CharField()
    provider_ref = serializers.CharField()
    queued_at = MomentField()
    sent_at = MomentField(allow_null=True)
    settled_at = MomentField(allow_null=True)


class AttemptSerializer(serializers.Serializer[Any]):
    """One try to hand a message over."""

    number = serializers.IntegerField()
    started_at = MomentField()
    ended_at = MomentField(allow_null=True)
    outcome = serializers.CharField()
    code = serializers.CharField()


class MessageDetailSerializer(MessageSerializer):
    """One message with its history."""

    provider = one_of(ProviderKind, source="account.kind")
    attempts = serializers.SerializerMethodField()

    @extend_schema_field(AttemptSerializer(many=True))
    def get_attempts(self, message: Any) -> Any:
        """Return the tries, first one first."""
        return AttemptSerializer(self.context["attempts"], many=True).data


class MessageQuery(ListQuery):
    """What narrows the ledger."""

    ordering = ordering("queued_at")
    state = one_of(MessageState, required=False)
    channel = one_of(Channel, required=False)
    customer_id = IdField(required=False)
