"""Transactions in JSON."""

from typing import Any

from rest_framework import serializers

from apps.api.customers.serializers import CustomerBody
from apps.api.shared.bulk import rows_of
from apps.api.shared.fields import IdField, MomentField, MoneyField, OptionalMoneyOf, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.customers.choices import TransactionKind


class TransactionSerializer(serializers.Serializer[Any]):
    """A transaction, as answered."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()
    customer_id = serializers.UUIDField()
    location_id = serializers.UUIDField(allow_null=True)
    kind = one_of(TransactionKind)
    happened_at = MomentField()
    amount = OptionalMoneyOf("amount_minor")
    description = serializers.CharField()
    created_at = MomentField()


class TransactionQuery(ListQuery):
    """What narrows the list of transactions."""

    ordering = ordering("created_at", "happened_at")
    customer_id = IdField(required=False)
    external_id = TextField(required=False, max_length=120)


class TransactionBody(StrictSerializer):
    """Something a customer had; name the customer by one of the ids, or give them inline."""

    external_id = TextField(max_length=120, help_text="Your number for it; once per business.")
    customer_id = serializers.UUIDField(required=False)
    customer_external_id = TextField(required=False, max_length=120)
    customer = CustomerBody(
        required=False,
        help_text="Found by its number, else by an address; else added. Nobody is changed.",
    )
    kind = one_of(TransactionKind)
    happened_at = MomentField()
    amount = MoneyField(required=False)
    location_id = serializers.UUIDField(required=False, allow_null=True)
    description = TextField(required=False, max_length=200, allow_blank=True)


class TransactionsBody(StrictSerializer):
    """Many transactions at once."""

    transactions = rows_of(TransactionBody)
