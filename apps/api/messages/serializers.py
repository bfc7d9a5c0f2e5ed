"""Messages in JSON; links in their texts are masked."""

from typing import Any

from django.db.models import TextChoices
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
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


class HistorySerializer(serializers.Serializer[Any]):
    """Something that happened to a message."""

    type = serializers.CharField(source="kind")
    timestamp = MomentField(source="at")
    reason = serializers.SerializerMethodField()

    def get_reason(self, entry: Any) -> str:
        """Return why, where there is a reason."""
        return str(entry.data.get("reason", ""))


class MessageDetailSerializer(MessageSerializer):
    """One message with its history and what it says, its links masked."""

    html = serializers.CharField()
    provider = one_of(ProviderKind, source="account.kind")
    attempts = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()

    @extend_schema_field(HistorySerializer(many=True))
    def get_history(self, message: Any) -> Any:
        """Return what happened, first things first."""
        return HistorySerializer(self.context["history"], many=True).data

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


class TransactionalPurpose(TextChoices):
    """What one message may be for; asking for reviews and offers have their own addresses."""

    SERVICE = "service", "About what they bought or booked"
    RECOVERY = "recovery", "About putting something right"


class MessageBody(StrictSerializer):
    """One message to one customer; name them by one of the ids."""

    customer_id = IdField(required=False)
    customer_external_id = TextField(required=False, max_length=120)
    channel = one_of(Channel)
    purpose = one_of(TransactionalPurpose, required=False, help_text="`service` if not given.")
    subject = TextField(required=False, max_length=300, allow_blank=True, help_text="Of a mail.")
    text = TextField(
        max_length=10_000, help_text="May hold merge fields such as `{{ customer.first_name }}`."
    )
    not_before = MomentField(required=False)
    expires_at = MomentField(required=False, help_text="Then it is not sent any more.")
