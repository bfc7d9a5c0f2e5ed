"""Customers in JSON."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.shared.bulk import rows_of
from apps.api.shared.fields import MomentField, PatternField, TextField
from apps.api.shared.serializers import ListQuery, StrictSerializer, one_of, ordering
from apps.consent.choices import Basis, Purpose
from apps.customers.choices import Channel, ContactStatus

PHONE = r"^\+[1-9][0-9]{6,14}$"


class ContactSerializer(serializers.Serializer[Any]):
    """An address of a person."""

    id = serializers.UUIDField()
    channel = one_of(Channel)
    address = serializers.CharField()
    status = one_of(ContactStatus)


class CustomerSerializer(serializers.Serializer[Any]):
    """A person, as answered."""

    id = serializers.UUIDField()
    external_id = serializers.SerializerMethodField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    language = serializers.CharField()
    location_id = serializers.UUIDField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    contacts = serializers.SerializerMethodField()
    last_transaction_at = MomentField(allow_null=True)
    created_at = MomentField()
    updated_at = MomentField()

    def get_external_id(self, customer: Any) -> str | None:
        """Return the oldest number another system has for this person."""
        numbers: Mapping[UUID, list[str]] = self.context["numbers"]
        return next(iter(numbers.get(customer.pk, [])), None)

    @extend_schema_field(ContactSerializer(many=True))
    def get_contacts(self, customer: Any) -> Any:
        """Return the addresses, mail first."""
        return ContactSerializer(self.context["contacts"].get(customer.pk, []), many=True).data


class CustomerQuery(ListQuery):
    """What narrows the list of customers."""

    ordering = ordering("created_at", "updated_at")
    search = TextField(
        required=False, max_length=100, help_text="The beginning of a name, address or number."
    )
    external_id = TextField(required=False, max_length=120)
    email = TextField(required=False, max_length=254)
    phone = PatternField(PHONE, required=False, help_text="E.164.")


class ConsentBody(StrictSerializer):
    """How a person agreed to be written to."""

    basis = one_of(Basis)
    purposes = serializers.ListField(child=one_of(Purpose), min_length=1, max_length=len(Purpose))
    source = TextField(  # type: ignore[assignment]  # a wire name
        max_length=40, help_text="Where they agreed: checkout, paper, phone."
    )
    wording = TextField(
        required=False, max_length=2000, default="", help_text="What they agreed to, word by word."
    )


class _Known(StrictSerializer):
    """What can be told and changed."""

    first_name = TextField(required=False, max_length=150, allow_blank=True)
    last_name = TextField(required=False, max_length=150, allow_blank=True)
    language = serializers.RegexField(
        r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$", required=False, allow_blank=True, max_length=12
    )
    location_id = serializers.UUIDField(required=False, allow_null=True)
    tags = serializers.ListField(child=TextField(max_length=50), required=False, max_length=20)


class CustomerBody(_Known):
    """A new person."""

    external_id = TextField(required=False, max_length=120)
    email = TextField(required=False, max_length=254)
    phone = PatternField(PHONE, required=False, help_text="E.164.")
    consent = ConsentBody(required=False)


class BulkCustomer(CustomerBody):
    """One row of many: found by its number, else made."""

    external_id = TextField(max_length=120)


class CustomersBody(StrictSerializer):
    """Many people at once."""

    customers = rows_of(BulkCustomer)


class CustomerPatch(_Known):
    """What changes of a person; what is left out stays."""
