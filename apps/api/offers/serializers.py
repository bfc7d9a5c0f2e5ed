"""Offers in JSON; their codes are not shown."""

from typing import Any

from rest_framework import serializers

from apps.api.shared.fields import IdField, MomentField, MoneyField, MoneyOf, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.customers.choices import Channel
from apps.offers.choices import OfferState, Remedy


class OfferSerializer(serializers.Serializer[Any]):
    """An offer, as answered."""

    id = serializers.UUIDField()
    state = one_of(OfferState)
    failure_id = serializers.UUIDField()
    customer_id = serializers.UUIDField(allow_null=True)
    remedy = one_of(Remedy)
    title = serializers.CharField()
    terms = serializers.CharField()
    value = MoneyOf("value_minor")
    issued_at = MomentField(allow_null=True)
    expires_at = MomentField()
    redeemed_at = MomentField(allow_null=True)
    revoked_at = MomentField(allow_null=True)
    created_at = MomentField()


class OfferQuery(ListQuery):
    """What narrows the list of offers."""

    ordering = ordering("created_at", "expires_at")
    state = one_of(OfferState, required=False)
    customer_id = IdField(required=False)


class OfferBody(StrictSerializer):
    """An offer because of a failure; it is never tied to a review or to silence."""

    failure_id = serializers.UUIDField()
    remedy = one_of(Remedy)
    title = TextField(max_length=120)
    terms = TextField(max_length=2000)
    value = MoneyField()
    days = serializers.IntegerField(min_value=1, max_value=365)
    member_id = serializers.UUIDField(
        required=False,
        help_text="Who gives it; within their limit it is issued at once. Without: it waits.",
    )


class ApprovalBody(StrictSerializer):
    """Who allows it."""

    member_id = serializers.UUIDField(help_text="A manager; their limit counts. No owner.")


class SendBody(StrictSerializer):
    """How the customer hears of it."""

    channel = one_of(Channel)


class CodeSerializer(serializers.Serializer[Any]):
    """What the customer shows or says at the till."""

    offer_id = serializers.UUIDField()
    code = serializers.CharField()
