"""Consent: who agreed to what, and who took it back; only ever added to."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.consents.serializers import (
    ConsentEventBody,
    ConsentQuery,
    ConsentSerializer,
    StandingSerializer,
    StandingsSerializer,
)
from apps.api.shared.lookups import find_person
from apps.api.shared.schema import adding, listing
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.consent import queries, services
from apps.consent.choices import Basis
from apps.core import clock
from apps.core.errors import AppError
from apps.customers import queries as customers

FILTERS = ("customer_id", "channel", "action")


def show(rows: list[Any]) -> list[Any]:
    """Return consent as JSON values."""
    return list(ConsentSerializer(rows, many=True).data)


def show_standings(contacts: Sequence[Any]) -> Any:
    """Return where these addresses stand, in two queries for any number of them."""
    hashes = [contact.address_hash for contact in contacts]
    stops = {
        (row.address_hash, row.channel): row.reason for row in queries.list_suppressions(hashes)
    }
    agreed = list(queries.list_standings(hashes))
    rows = []
    for contact in contacts:
        place = (contact.address_hash, contact.channel)
        rows.append(
            {
                "contact_id": contact.pk,
                "channel": contact.channel,
                "address": contact.address,
                "is_suppressed": place in stops,
                "suppressed_why": stops.get(place, ""),
                "purposes": [one for one in agreed if (one.address_hash, one.channel) == place],
            }
        )
    return StandingSerializer(rows, many=True).data


class Consents(Door):
    """The list, which only grows."""

    noun = "consents"

    @listing(ConsentSerializer, ConsentQuery, of="consents", words="List consent, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, ConsentQuery)
        given = {name: query[name] for name in FILTERS if name in query}
        rows = queries.list_events().filter(**given)
        return answer_page(request, rows, query=query, by="id", show=show)

    @adding(
        StandingsSerializer,
        ConsentEventBody,
        named="record_consent",
        words="Note that somebody agreed, or wants no more",
    )
    def post(self, request: Request) -> Response:
        """Note it for every address of the channel; answers with where these stand now."""
        read_query(request)
        body = read_body(ConsentEventBody, request)
        person = find_person(
            customer_id=body.pop("customer_id", None),
            external_id=body.pop("customer_external_id", None),
        )
        action, channel = body.pop("action"), body.pop("channel")
        owned = customers.list_contacts([person.pk]).get(person.pk, [])
        contacts = [one for one in owned if one.channel == channel]
        if not contacts:
            message = "There is no address of this kind."
            raise AppError(message, code="no_address", field="channel")
        with transaction.atomic():
            for contact in contacts:
                self._note(contact, action, body)
        return Response({"results": show_standings(contacts)}, status=201)

    def _note(self, contact: Any, action: str, body: dict[str, Any]) -> None:
        now = clock.now()
        if action == "granted":
            values = {"basis": Basis.EXPRESS, **body}
            services.record_consent(contact=contact, actor=self.actor, now=now, **values)
            return
        services.withdraw(
            address_hash=contact.address_hash,
            channel=contact.channel,
            customer_id=contact.customer_id,
            source=body["source"],
            actor=self.actor,
            now=now,
        )
