"""What happened with a customer, and where they may be written to."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.consents.serializers import StandingsSerializer
from apps.api.consents.views import show_standings
from apps.api.shared.fields import MomentField, WholeField
from apps.api.shared.schema import reading
from apps.api.shared.serializers import StrictSerializer
from apps.api.shared.views import Door, read_query
from apps.customers import queries


class StoryItemSerializer(serializers.Serializer[Any]):
    """One thing that happened, in a sentence; the two `subject_` fields say what it was about."""

    timestamp = MomentField(source="at")
    group = serializers.ChoiceField(choices=list(queries.TIMELINE_KINDS))
    text = serializers.CharField()
    note = serializers.CharField()
    subject_kind = serializers.CharField()
    subject_id = serializers.UUIDField(allow_null=True)


class TimelineSerializer(serializers.Serializer[Any]):
    """What happened, newest first."""

    results = StoryItemSerializer(many=True)


class TimelineQuery(StrictSerializer):
    """What narrows the story."""

    group = serializers.ChoiceField(choices=list(queries.TIMELINE_KINDS), required=False)
    limit = WholeField(required=False, min_value=1, max_value=queries.MOST_ITEMS)


class Timeline(Door):
    """What happened with a customer."""

    noun = "customers"

    @reading(TimelineSerializer, TimelineQuery, of="customer_timeline", words="Read what happened")
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Answer with visits, messages, reviews, cases and consent in one column, newest first."""
        query = read_query(request, TimelineQuery)
        person = queries.get_customer(actor=self.actor, customer_id=customer_id)
        items = queries.list_timeline(
            actor=self.actor,
            customer_id=person.pk,
            group=query.get("group", ""),
            most=query.get("limit", queries.MOST_ITEMS),
        )
        return Response({"results": StoryItemSerializer(items, many=True).data})


class CustomerConsents(Door):
    """Where a customer may be written to."""

    noun = "customers"
    scope = "consents:read"

    @reading(
        StandingsSerializer, of="customer_consents", words="Read who may write to them, and why"
    )
    def get(self, request: Request, customer_id: UUID) -> Response:
        """Answer with each address, what stands against it, and each purpose that was agreed to."""
        read_query(request)
        person = queries.get_customer(actor=self.actor, customer_id=customer_id)
        contacts = queries.list_contacts([person.pk]).get(person.pk, [])
        return Response({"results": show_standings(contacts)})
