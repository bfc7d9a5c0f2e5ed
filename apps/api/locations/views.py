"""Locations: list, add, read, change."""

from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.locations.serializers import (
    LocationBody,
    LocationPatch,
    LocationQuery,
    LocationSerializer,
)
from apps.api.shared.schema import adding, changing, listing, reading
from apps.api.shared.versions import answer_made, answer_one, check_version
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.core import clock
from apps.locations import queries, services


def show(rows: list[Any]) -> list[Any]:
    """Return locations as JSON values."""
    return list(LocationSerializer(rows, many=True).data)


class Locations(Door):
    """The list."""

    noun = "locations"

    @listing(
        LocationSerializer, LocationQuery, of="locations", words="List locations, newest first"
    )
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, LocationQuery)
        rows = queries.list_all_locations(actor=self.actor)
        if "is_active" in query:
            rows = rows.filter(is_active=query["is_active"])
        return answer_page(request, rows, query=query, by="created_at", show=show)

    @adding(LocationSerializer, LocationBody, named="create_location", words="Add a location")
    def post(self, request: Request) -> Response:
        """Add a location; its name is its own."""
        read_query(request)
        body = read_body(LocationBody, request)
        is_active, now = body.pop("is_active", True), clock.now()
        with transaction.atomic():
            made = services.create_location(**body, actor=self.actor, now=now)
            if not is_active:
                services.update_location(
                    location=made, actor=self.actor, now=now, is_active=is_active
                )
        return answer_made(request, show([made])[0], "locations:location")


class OneLocation(Door):
    """One location."""

    noun = "locations"

    @reading(LocationSerializer, of="location", words="Read a location")
    def get(self, request: Request, location_id: UUID) -> Response:
        """Answer with the location."""
        read_query(request)
        return answer_one(
            request, show([queries.get_location(actor=self.actor, location_id=location_id)])[0]
        )

    @changing(LocationSerializer, LocationPatch, of="location", words="Change a location")
    def patch(self, request: Request, location_id: UUID) -> Response:
        """Change what is given."""
        read_query(request)
        body = read_body(LocationPatch, request)
        with transaction.atomic():
            held = services.hold_location(actor=self.actor, location_id=location_id)
            check_version(request, show([held])[0])
            if body:
                services.update_location(location=held, actor=self.actor, now=clock.now(), **body)
        return answer_one(
            request, show([queries.get_location(actor=self.actor, location_id=location_id)])[0]
        )
