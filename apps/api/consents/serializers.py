"""Consent in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.consent.choices import Basis, Purpose
from apps.customers.choices import Channel

ACTIONS = ("granted", "withdrawn")


class ConsentSerializer(serializers.Serializer[Any]):
    """That somebody agreed or took it back; nothing of it is ever changed."""

    id = serializers.IntegerField(help_text="Counts up.")
    customer_id = serializers.UUIDField(allow_null=True)
    channel = one_of(Channel)
    purpose = serializers.CharField(help_text="Or `all`, for a stop of the whole channel.")
    action = serializers.ChoiceField(choices=ACTIONS)
    basis = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a wire name
    wording = serializers.CharField()
    expires_at = MomentField(allow_null=True)
    timestamp = MomentField(source="at")


class ConsentQuery(ListQuery):
    """What narrows the list."""

    ordering = ordering("id")
    customer_id = IdField(required=False)
    channel = one_of(Channel, required=False)
    action = serializers.ChoiceField(choices=ACTIONS, required=False)


class ConsentEventBody(StrictSerializer):
    """Consent of one customer on one channel; name the customer by one of the ids.

    `withdrawn` stops the whole channel at once, whatever was agreed to before.
    """

    customer_id = IdField(required=False)
    customer_external_id = TextField(required=False, max_length=120)
    channel = one_of(Channel)
    action = serializers.ChoiceField(choices=ACTIONS)
    purposes = serializers.ListField(
        child=one_of(Purpose),
        required=False,
        min_length=1,
        max_length=len(Purpose),
        help_text="What they agreed to; needed for `granted`, not taken for `withdrawn`.",
    )
    basis = one_of(Basis, required=False, help_text="`express` if not given.")
    source = TextField(  # type: ignore[assignment]  # a wire name
        max_length=40, help_text="Where they said so: checkout, paper, phone."
    )
    wording = TextField(
        required=False, max_length=2000, allow_blank=True, help_text="Word by word."
    )
    expires_at = MomentField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a grant of nothing and a withdrawal of a part."""
        is_grant = attrs["action"] == "granted"
        if is_grant and "purposes" not in attrs:
            message = "Say what they agreed to."
            raise serializers.ValidationError({"purposes": message}, "required")
        for name in () if is_grant else ("purposes", "basis", "wording", "expires_at"):
            if name in attrs:
                message = "A withdrawal stops the whole channel; leave this out."
                raise serializers.ValidationError({name: message}, "not_for_withdrawal")
        return attrs


class AgreedSerializer(serializers.Serializer[Any]):
    """Where consent stands for one purpose."""

    purpose = one_of(Purpose)
    is_granted = serializers.BooleanField()
    basis = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a wire name
    since = MomentField()
    expires_at = MomentField(allow_null=True)


class StandingSerializer(serializers.Serializer[Any]):
    """One address: whether anything stands against it, and what was agreed to."""

    contact_id = serializers.UUIDField()
    channel = one_of(Channel)
    address = serializers.CharField()
    is_suppressed = serializers.BooleanField()
    suppressed_why = serializers.CharField()
    purposes = AgreedSerializer(many=True)


class StandingsSerializer(serializers.Serializer[Any]):
    """Every address of a customer."""

    results = StandingSerializer(many=True)
