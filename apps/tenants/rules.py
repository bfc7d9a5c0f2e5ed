"""What an address, a name and a place of a business may be; the database asks the first as well."""

import re
import unicodedata
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.tenants.errors import SlugInvalidError

SLUG_SHAPE = "[a-z][a-z0-9-]{1,38}[a-z0-9]"
MOST_NAME = 120
RESERVED = frozenset({
    "abuse", "account", "admin", "api", "app", "assets", "billing", "blog", "cdn", "docs", "ftp",
    "help", "imap", "localhost", "login", "mail", "media", "platform", "postmaster", "public",
    "root", "sandbox", "smtp", "static", "status", "support", "webmaster", "www",
})  # fmt: skip

# static/js/app.js folds in the same way.
_LOOK_ALIKES = str.maketrans("‘’‚‛ʼ`´′“”„‟«»″‐‑‒–—−", "'" * 8 + '"' * 7 + "-" * 6)


def check_slug(slug: str) -> None:
    """Refuse what cannot be the first part of an address."""
    if not re.fullmatch(SLUG_SHAPE, slug) or "--" in slug:
        message = _("Use 3 to 40 small letters, digits and hyphens, beginning with a letter.")
        raise SlugInvalidError(message, field="slug")
    if slug in RESERVED:
        message = _("The address “%(slug)s” is kept for other uses. Choose another.")
        raise SlugInvalidError(message % {"slug": slug}, field="slug")


def check_name(name: str) -> None:
    """Refuse a name that cannot be shown or kept."""
    if not name.strip() or len(name) > MOST_NAME:
        message = _("Give the business a name of at most %(most)s letters.")
        raise AppError(message % {"most": MOST_NAME}, field="name")


def is_same_name(typed: str, name: str) -> bool:
    """Tell whether somebody typed a name as it is meant: not every keyboard has every sign."""
    return _fold(typed) == _fold(name)


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name.translate(_LOOK_ALIKES))
    return " ".join(plain.casefold().split())


def check_place(country: str, currency: str, time_zone: str) -> None:
    """Refuse what would break every page of the business later."""
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise AppError(_("Give the country as two capital letters, such as GB."), field="country")
    if currency not in list_currencies():
        raise AppError(_("Give the currency by its code, such as EUR."), field="currency")
    if time_zone not in available_timezones():
        message = _("Give the time zone by its name, such as Europe/London.")
        raise AppError(message, field="time_zone")
