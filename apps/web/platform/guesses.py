"""Sensible guesses for a new business: its address from its name, its habits from its country."""

import re
import unicodedata
from functools import cache

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.tenants import queries as tenants
from apps.web.shared.choices import list_countries, list_time_zones

# What falls apart into a letter and an accent needs no entry; these are written otherwise.
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "å": "a", "ł": "l", "&": "-"}
)
MOST = 40
_TURNS = 20
FALLBACK = "GB"
# Where a country has several clocks, the one most people live by.
_MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip


def suggest_address(name: str) -> str:
    """Return an address for a name that is free just now; nothing where no letter can be kept."""
    stem = _spell(name)
    if len(stem) < 3:  # noqa: PLR2004 - the shortest address there is
        stem = f"{stem}-shop" if stem else ""
    if not stem:
        return ""
    for turn in range(1, _TURNS):
        ending = f"-{turn}" if turn > 1 else ""
        slug = f"{stem[: MOST - len(ending)].rstrip('-')}{ending}"
        if not _find_fault(slug):
            return slug
    return ""


def explain_fault(slug: str) -> str:
    """Say why a new business cannot have this address, and which it can; or nothing."""
    fault = _find_fault(slug)
    free = suggest_address(slug) if fault else ""
    return f"{fault} " + _("Free is: %(slug)s") % {"slug": free} if free else fault


def _find_fault(slug: str) -> str:
    try:
        tenants.check_address(slug=slug)
    except AppError as error:
        return error.message
    return ""


def _spell(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", "-", kept.replace("'", "").replace("’", ""))
    return words.strip("-").lstrip("0123456789-")


def _country_of(zone: str) -> str:
    zone = get_global("zone_aliases").get(zone, zone)
    return str(get_global("zone_territories").get(zone, ""))


@cache
def _zone_of(country: str) -> str:
    shown = {zone for zone, _words in list_time_zones()}
    told = [_MAIN_ZONES.get(country, ""), *get_global("territory_zones").get(country, [])]
    return next((zone for zone in told if zone in shown), "Europe/London")


def guess_place(*, country: str = "", time_zone: str = "", languages: str = "") -> dict[str, str]:
    """Return country, currency and time zone from what is known of somebody.

    ``languages`` is the browser's header: its first region counts.
    """
    known = {code for code, _words in list_countries()}
    region = re.search(r"[a-z]{2,3}-([A-Z]{2})\b", languages)
    told = (country, _country_of(time_zone), region[1] if region else "")
    found = next((one for one in told if one in known), FALLBACK)
    shown = {zone for zone, _words in list_time_zones()}
    return {
        "country": found,
        "currency": next(iter(get_territory_currencies(found)), "GBP"),
        "time_zone": time_zone if time_zone in shown else _zone_of(found),
    }


@cache
def list_habits() -> dict[str, tuple[str, str]]:
    """Return currency and time zone of each country."""
    guesses = {country: guess_place(country=country) for country, _words in list_countries()}
    return {country: (one["currency"], one["time_zone"]) for country, one in guesses.items()}
