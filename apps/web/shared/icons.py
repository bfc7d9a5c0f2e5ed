"""The icon sprite: which names it holds and where it is served."""

import re
from functools import cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "img/icons.svg"
_SPRITE_FILE = Path(__file__).resolve().parents[3] / "static" / SPRITE


class UnknownIcon(LookupError):
    """A template asked for an icon that the sprite does not hold."""


@cache
def list_icons() -> tuple[str, ...]:
    """Return the names of all icons, sorted."""
    return tuple(sorted(re.findall(r'id="i-([a-z]+)"', _SPRITE_FILE.read_text())))


@cache
def _known_icons() -> frozenset[str]:
    return frozenset(list_icons())


def asset(path: str) -> str:
    """Return the address of a static file, even when the manifest does not list it.

    Error pages are shown on days when something is broken, so a missing manifest
    must not break them too.
    """
    try:
        return static(path)
    except ValueError:
        return f"/static/{path}"


def draw_icon(name: str, *, flip: bool = False) -> SafeString:
    """Return the markup of one icon; `flip` turns it round in right-to-left text."""
    if name not in _known_icons():
        message = f"There is no icon “{name}” in {SPRITE}."
        raise UnknownIcon(message)
    return format_html(
        '<svg class="icon" aria-hidden="true"{}><use href="{}#i-{}"/></svg>',
        SafeString(" data-flip") if flip else "",
        asset(SPRITE),
        name,
    )
