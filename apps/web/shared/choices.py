"""Choices of several forms, by their names in English."""

from functools import cache
from zoneinfo import available_timezones

import phonenumbers
from babel import Locale
from babel.numbers import get_territory_currencies
from django.utils.translation import gettext_lazy as _

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "tr", "ar", "ru", "uk", "sv", "da")


@cache
def list_countries() -> list[tuple[str, str]]:
    """Return every country that has phone numbers, by name."""
    names = Locale("en").territories
    found = [(code, names.get(code, code)) for code in phonenumbers.SUPPORTED_REGIONS]
    return sorted(found, key=lambda pair: pair[1])


@cache
def list_currencies() -> list[tuple[str, str]]:
    """Return the currencies that are used somewhere, by code."""
    names = Locale("en").currencies
    used = {
        code for country, _name in list_countries() for code in get_territory_currencies(country)
    }
    return [(code, f"{code} – {names.get(code, code)}") for code in sorted(used)]


@cache
def list_time_zones() -> list[tuple[str, str]]:
    """Return the time zones of places people live in."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone)
    return [
        (zone, zone.replace("_", " "))
        for zone in zones
        if not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    ]


@cache
def list_languages() -> list[tuple[str, str]]:
    """Return the languages a customer can be written to in, and none."""
    names = Locale("en").languages
    return [("", _("Not known")), *((code, names[code]) for code in LANGUAGES)]
