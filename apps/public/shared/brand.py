"""The colour of the business as a style sheet, for the customers' and the staff pages."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from apps.locations import queries as locations

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _etag(request: HttpRequest) -> str:
    return f'"{_colour() or "none"}"'


def _colour() -> str:
    """Return the colour, or nothing where it is not one: it goes into a style sheet."""
    colour = locations.get_brand().colour
    return colour.lower() if _COLOUR.fullmatch(colour) else ""


@require_safe
@condition(etag_func=_etag)
def brand(request: HttpRequest) -> HttpResponse:
    """Answer with the one value that a business sets."""
    colour = _colour()
    sheet = f":root{{--brand:{colour}}}\n" if colour else ""
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=60)
    return response
