"""What every customers' page shows: whose it is, a person to talk to, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.core import tokens
from apps.locations import queries as locations
from apps.tenants import wall

if TYPE_CHECKING:
    from apps.locations.models import Brand, Location


def page_context(
    *,
    location: Location | None = None,
    customer_id: UUID | None = None,
    write_url: str = "",
    is_writing: bool = False,
) -> dict[str, Any]:
    """Return what ``public/base.html`` needs; ``write_url`` is where a customer writes to us.

    On the page where they do so, only a phone number stands beside it.
    """
    brand = locations.get_brand()
    return {
        "brand": {
            "name": brand.name,
            "place": _place(location),
            "address": brand.postal_address,
        },
        "brand_url": reverse("public:brand"),
        "talk": _talk(brand, location, write_url, is_writing=is_writing),
        "preferences_url": preferences_url(customer_id=customer_id) if customer_id else "",
        "privacy_url": brand.privacy_url,
    }


def preferences_url(*, customer_id: UUID) -> str:
    """Return where a customer chooses what to get; nothing while there is no such page."""
    token = tokens.sign(wall.current_business().uuid, "p", customer_id)
    try:
        return reverse("public:consent:preferences", args=[token])
    except NoReverseMatch:
        return ""


def _place(location: Location | None) -> str:
    if location is None:
        return ""
    return ", ".join(part for part in (location.name, location.city) if part)


def _talk(
    brand: Brand, location: Location | None, write_url: str, *, is_writing: bool
) -> dict[str, Any] | None:
    phone = (location.phone if location else "") or brand.contact_phone
    email = "" if is_writing else (location.email if location else "") or brand.contact_email
    if not (phone or email or write_url):
        return None
    return {
        "who": brand.contact_name or brand.name,
        "text": _introduce(brand),
        "phone": phone,
        "sms": bool(phone),
        "email": email,
        "write_url": write_url,
    }


def _introduce(brand: Brand) -> str:
    if brand.contact_name and brand.contact_title:
        return _("%(name)s, %(title)s, looks after it in person.") % {
            "name": brand.contact_name,
            "title": brand.contact_title,
        }
    if brand.contact_name:
        return _("%(name)s looks after it in person.") % {"name": brand.contact_name}
    return _("A person will look after it.")


def gone(request: HttpRequest) -> HttpResponse:
    """Answer 404 in the customer's words: the link is old, mistyped or not for this place."""
    return render(request, "public/gone.html", page_context(), status=404)
