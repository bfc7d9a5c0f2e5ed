"""Writes about places, brand and destinations."""

import re
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.locations import queries
from apps.locations.choices import Site
from apps.locations.models import Brand, Destination, Location

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_FORBIDDEN = re.compile(r"(?:^|\.)yelp\.[a-z.]+$")


def create_location(
    *,
    name: str,
    country: str,
    time_zone: str,
    address: str = "",
    city: str = "",
    postal_code: str = "",
    phone: str = "",
    email: str = "",
    actor: Actor,
    now: datetime,
) -> Location:
    """Add a place; AppError when its name is taken or its time zone is none."""
    location = Location(created_at=now)
    return _store_location(
        location,
        name=name,
        country=country,
        time_zone=time_zone,
        address=address,
        city=city,
        postal_code=postal_code,
        phone=phone,
        email=email,
    )


def update_location(
    *, location: Location, actor: Actor, now: datetime, **values: str | bool
) -> Location:
    """Change a place: any of the fields of ``create_location``, and ``is_active``."""
    return _store_location(location, **values)


def hold_location(*, actor: Actor, location_id: UUID) -> Location:
    """Return a place as it is now, locked until the transaction ends; or NotFoundError."""
    Location.objects.select_for_update().filter(pk=location_id).first()
    return queries.get_location(actor=actor, location_id=location_id)


def _store_location(location: Location, **values: str | bool) -> Location:
    for name, value in values.items():
        setattr(location, name, value.strip() if isinstance(value, str) else value)
    location.country = location.country.upper()
    try:
        ZoneInfo(location.time_zone)
    except (KeyError, ValueError, OSError) as error:
        message = _("There is no time zone “%(zone)s”.") % {"zone": location.time_zone}
        raise AppError(message, code="unknown_zone", field="time_zone") from error
    twin = Location.objects.filter(name__iexact=location.name).exclude(pk=location.pk)
    if twin.exists():
        message = _("There is already a location of this name.")
        raise AppError(message, code="name_taken", field="name")
    location.save()
    return location


def update_brand(*, actor: Actor, now: datetime, **values: str) -> Brand:
    """Say how the business looks and who speaks for it; only the fields given change."""
    if "colour" in values:
        values["colour"] = values["colour"].strip().lower()
        if not _COLOUR.fullmatch(values["colour"]):
            message = _("Write the colour as # and six digits, such as #1f5fd0.")
            raise AppError(message, code="colour", field="colour")
    with transaction.atomic():
        brand = Brand.objects.select_for_update().order_by("pk").first() or queries.get_brand()
        for name, value in values.items():
            setattr(brand, name, value.strip())
        brand.save()
    return brand


def create_destination(
    *,
    site: str,
    label: str,
    url: str,
    location: Location | None = None,
    actor: Actor,
    now: datetime,
) -> Destination:
    """Add a site where anyone who is asked may write; Yelp is refused, for it forbids asking."""
    destination = Destination(
        site=site.strip().lower(),
        label=label.strip(),
        url=url.strip(),
        location=location,
        created_at=now,
    )
    _check_destination(destination)
    with transaction.atomic():
        last = Destination.objects.aggregate(last=Max("position"))["last"]
        destination.position = 0 if last is None else last + 1
        destination.save()
    return destination


def update_destination(
    *,
    destination: Destination,
    label: str,
    url: str,
    location: Location | None,
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> Destination:
    """Change a destination's words, address, place, or whether it is shown."""
    destination.label = label.strip()
    destination.url = url.strip()
    destination.location = location
    destination.is_active = is_active
    _check_destination(destination)
    destination.save()
    return destination


def move_destination(*, destination: Destination, up: bool, actor: Actor, now: datetime) -> None:
    """Let a destination change places with the one above or below it."""
    with transaction.atomic():
        rows = list(
            Destination.objects.select_for_update().order_by("position", "created_at", "pk")
        )
        index = next((at for at, row in enumerate(rows) if row.pk == destination.pk), None)
        if index is None:
            return
        other = index - 1 if up else index + 1
        if 0 <= other < len(rows):
            rows[index], rows[other] = rows[other], rows[index]
        for position, row in enumerate(rows):
            row.position = position
        Destination.objects.bulk_update(rows, ["position"])


def delete_destination(*, destination: Destination, actor: Actor, now: datetime) -> None:
    """Stop offering a destination; its row stays, because link uses point at it."""
    Destination.objects.filter(pk=destination.pk).update(is_active=False)


def _check_destination(destination: Destination) -> None:
    host = (urlsplit(destination.url).hostname or "").lower()
    if destination.site == "yelp" or _FORBIDDEN.search(host):
        message = _("Yelp forbids asking for reviews, so it cannot be a destination.")
        raise AppError(message, code="yelp", field="site" if destination.site == "yelp" else "url")
    if destination.site not in Site.values:
        raise AppError(_("Choose one of the sites."), code="unknown_site", field="site")
    if urlsplit(destination.url).scheme != "https" or not host:
        message = _("Write the whole address, beginning with https://.")
        raise AppError(message, code="bad_url", field="url")
    if not destination.label:
        destination.label = str(Site(destination.site).label)
