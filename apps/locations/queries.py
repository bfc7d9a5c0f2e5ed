"""Reads about places, brand and destinations."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.db import within
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.locations.models import Brand, Destination, Location
from apps.tenants import wall


def get_brand() -> Brand:
    """Return how the business looks; a default that is not stored yet when nobody has said."""
    return Brand.objects.order_by("pk").first() or Brand(name=wall.current_business().name)


def list_locations(*, actor: Actor) -> QuerySet[Location]:
    """Return the actor's places that are in use, by name."""
    return list_all_locations(actor=actor).filter(is_active=True).order_by("name", "pk")


def list_all_locations(*, actor: Actor) -> QuerySet[Location]:
    """Return every place of the actor, those closed last."""
    return within(actor, Location.objects.order_by("-is_active", "name", "pk"), "pk")


def find_location(location_id: UUID | str | None, *, actor: Actor) -> Location | None:
    """Return a place of the actor, or None."""
    return list_all_locations(actor=actor).filter(pk=location_id).first() if location_id else None


def get_location(*, actor: Actor, location_id: UUID) -> Location:
    """Return a place; NotFoundError without one among the actor's."""
    location = find_location(location_id, actor=actor)
    if location is None:
        raise NotFoundError(_("This location does not exist."))
    return location


def list_destinations(location_id: UUID | None = None) -> list[Destination]:
    """Return where people of a place may write, in the order set: the same for everybody there.

    Without a place: the sites of the whole business, or all there are when each has its place.
    """
    active = Destination.objects.filter(is_active=True).order_by("position", "created_at", "pk")
    if location_id is not None:
        return list(active.filter(Q(location=None) | Q(location_id=location_id)))
    return list(active.filter(location=None)) or list(active)


def list_all_destinations(*, actor: Actor) -> QuerySet[Destination]:
    """Return every destination of the actor's places with its place, in the order set."""
    rows = Destination.objects.select_related("location")
    return within(actor, rows).order_by("position", "created_at", "pk")


def get_destination(*, actor: Actor, destination_id: UUID) -> Destination:
    """Return a destination; NotFoundError without one in the actor's places."""
    destination = list_all_destinations(actor=actor).filter(pk=destination_id).first()
    if destination is None:
        raise NotFoundError(_("This destination does not exist."))
    return destination
