"""The one location a member has chosen to look at: lists and counts narrow to it, nothing else."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from apps.core.facts import Actor
from apps.locations import queries as locations

if TYPE_CHECKING:
    from apps.locations.models import Location

KEY = "location"


def choose(request: Any, location_id: UUID | None) -> None:
    """Remember which location to look at on this host until another is chosen; None: all."""
    if location_id is None:
        request.session.pop(KEY, None)
    else:
        request.session[KEY] = str(location_id)


def list_places(request: Any) -> "list[Location]":
    """Return the member's locations, read once a request."""
    if not hasattr(request, "focus_places"):
        request.focus_places = list(locations.list_locations(actor=request.actor))
    found: list[Location] = request.focus_places
    return found


def find_place(request: Any) -> "Location | None":
    """Return the chosen location while it is in use and in the member's scope."""
    chosen = request.session.get(KEY)
    if not chosen:
        return None
    return next((place for place in list_places(request) if str(place.pk) == chosen), None)


def focused(request: Any) -> Actor:
    """Return the member as who lists are read: narrowed to the chosen location, if any.

    What belongs to no location stays in sight, as it does for members with a scope. Single things
    are read as the member, so that a link to another location's case opens all the same.
    """
    place = find_place(request)
    actor: Actor = request.actor
    return actor if place is None else replace(actor, location_ids=frozenset({place.pk}))
