"""Reads about places, brand and destinations."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import NotFoundError
from apps.locations.models import Brand, Destination, Location
from apps.tenants import wall


def get_brand() -> Brand:
    """Return how the business looks; a default that is not stored yet when nobody has said."""
    return Brand.objects.order_by("pk").first() or Brand(name=wall.current_business().name)


def list_locations() -> QuerySet[Location]:
    """Return the places in use, by name."""
    return Location.objects.filter(is_active=True).order_by("name", "pk")


def list_all_locations() -> QuerySet[Location]:
    """Return every place, those closed last."""
    return Location.objects.order_by("-is_active", "name", "pk")


def find_location(location_id: UUID | str | None) -> Location | None:
    """Return a place, or None."""
    return Location.objects.filter(pk=location_id).first() if location_id else None


def get_location(*, location_id: UUID) -> Location:
    """Return a place; NotFoundError when there is none."""
    location = Location.objects.filter(pk=location_id).first()
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


def list_all_destinations() -> QuerySet[Destination]:
    """Return every destination with its place, in the order set."""
    return Destination.objects.select_related("location").order_by("position", "created_at", "pk")


def get_destination(*, destination_id: UUID) -> Destination:
    """Return a destination; NotFoundError when there is none."""
    destination = Destination.objects.filter(pk=destination_id).first()
    if destination is None:
        raise NotFoundError(_("This destination does not exist."))
    return destination
