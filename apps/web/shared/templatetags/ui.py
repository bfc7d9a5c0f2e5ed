"""Template tags and filters of the components in templates/components/."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import phonenumbers
from django import template
from django.conf import settings
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.core.facts import Actor
from apps.web.shared import icons, marks, navigation

register = template.Library()

_E164 = re.compile(r"\+\d{4,15}")
STARS = 5
CLOCK_SOON, CLOCK_LATE = 50.0, 20.0
INITIALS = 2


@register.simple_tag
def icon(name: str, *, flip: bool = False) -> SafeString:
    """Draw one icon of the sprite: {% icon "send" %}."""
    return icons.draw_icon(name, flip=flip)


@register.simple_tag
def asset(path: str) -> str:
    """Return the address of a static file without failing on a missing manifest."""
    return icons.asset(path)


@register.simple_tag
def icon_names() -> tuple[str, ...]:
    """Return the names of all icons."""
    return icons.list_icons()


@register.filter
def spread(attrs: Mapping[str, object]) -> SafeString:
    """Write the attributes a component does not know itself, each value escaped.

    cotton's own {{ attrs }} marks raw values safe; customers' words must not pass there.
    """
    known = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    shown = ((k, v) for k, v in known.items() if v is not False and v is not None)
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", k) if v is True else format_html(' {}="{}"', k, v),)
            for k, v in shown
        ),
    )


@register.filter
def initials(name: object) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    if not words:
        return "?"
    return "".join(word[0] for word in (words[0], *words[1:][-1:]))[:INITIALS].upper()


@register.filter
def phone(number: object) -> str:
    """Return a telephone number in groups, as people read it; anything else as it is."""
    text = str(number or "")
    if not _E164.fullmatch(text):
        return text
    try:
        found = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@register.simple_tag
def share_of(part: object, whole: object) -> float:
    """Return part of whole in per cent, between 0 and 100."""
    return marks.share_of(part, whole)


@register.filter
def clock_share(share: object) -> str:
    """Return how much of the ring is left, in whole per cent."""
    return f"{marks.clamp(marks.to_number(share) or 0.0):.0f}"


@register.simple_tag
def clock_tone(share: object) -> str:
    """Return the tone of a clock by what is left of it: under a fifth is bad, under half warns."""
    left = marks.clamp(marks.to_number(share) or 0.0)
    if left < CLOCK_LATE:
        return "bad"
    return "warn" if left < CLOCK_SOON else ""


@register.simple_tag
def star_row(value: object, of: object = STARS) -> SafeString:
    """Draw stars; halves are rounded to whole ones, the exact value stands in the label."""
    most = int(marks.to_number(of) or STARS)
    number = marks.clamp(marks.to_number(value) or 0.0, 0, most)
    full = int(number + 0.5)
    shown = f"{number:g}"
    use = format_html('<use href="{}#i-star"/>', icons.asset(icons.SPRITE))
    drawn = format_html_join(
        "",
        '<svg{} aria-hidden="true">{}</svg>',
        ((mark_safe("") if n < full else mark_safe(' class="off"'), use) for n in range(most)),
    )
    label = _("%(value)s of %(most)s stars") % {"value": shown, "most": most}
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span>', label, drawn)


@register.simple_tag
def whisker_marks(
    *,
    low: object,
    value: object,
    high: object,
    tick: object = None,
    start: object = None,
    end: object = None,
) -> marks.Whisker | None:
    """Place a whisker; None where there is no interval to show."""
    points = [marks.to_number(number) for number in (low, value, high)]
    if any(point is None for point in points):
        return None
    left, middle, right = (point or 0.0 for point in points)
    then, floor, ceiling = (marks.to_number(number) for number in (tick, start, end))
    if floor is None or ceiling is None:
        scale = marks.guess_scale(low=left, value=middle, high=right, tick=then)
    else:
        scale = (floor, ceiling)
    return marks.place_whisker(low=left, value=middle, high=right, scale=scale, tick=then)


@register.simple_tag
def trend_points(points: object) -> list[tuple[float, float]]:
    """Return the corners of a trend line; nothing for fewer than two points."""
    if not isinstance(points, Iterable) or isinstance(points, str):
        return []
    numbers = [marks.to_number(point) for point in points]
    return marks.draw_trend([number for number in numbers if number is not None])


@register.simple_tag
def progress_parts(parts: object, total: object) -> list[marks.Part]:
    """Lay the parts of a progress track end to end."""
    if not isinstance(parts, Iterable) or isinstance(parts, str):
        return []
    return marks.place_parts(parts, total)


@register.simple_tag
def nav_url(name: str) -> str:
    """Return the address of a page, or '' where the page does not exist."""
    return navigation.find_url(name)


@register.simple_tag(takes_context=True)
def passkey_host(context: Context) -> str:
    """Return '' where passkeys work on this page's own host, else where they do.

    Browsers let a host below the platform's use its passkeys, but not one below a bare name such
    as localhost, nor a domain of a business's own.
    """
    host = context["request"].get_host().rsplit(":", 1)[0].lower()
    base = settings.BASE_DOMAIN
    if host == base or ("." in base and host.endswith(f".{base}")):
        return ""
    return f"{settings.SCHEME}://{base}{settings.PUBLIC_PORT}"


@register.simple_tag(takes_context=True)
def nav_items(context: Context) -> list[navigation.NavItem]:
    """Return the sidebar of this page."""
    request = context.get("request")
    match = request.resolver_match if isinstance(request, HttpRequest) else None
    counts = context.get("nav")
    return navigation.list_nav_items(
        counts=counts if isinstance(counts, Mapping) else {},
        namespaces=list(match.namespaces) if match else [],
        actor=_actor(context),
    )


@register.simple_tag(takes_context=True)
def new_items(context: Context) -> list[navigation.NewItem]:
    """Return the entries of the menu “New”."""
    return navigation.list_new_items(actor=_actor(context))


def _actor(context: Context) -> Actor | None:
    actor = getattr(context.get("request"), "actor", None)
    return actor if isinstance(actor, Actor) else None


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """Return this page's query string with some parameters changed; None or '' drops one."""
    request = context.get("request")
    params = request.GET.copy() if isinstance(request, HttpRequest) else None
    pairs = {} if params is None else {key: params.getlist(key) for key in params}
    for key, value in changes.items():
        if value is None or value == "":
            pairs.pop(key, None)
        else:
            pairs[key] = [str(value)]
    return "?" + urlencode(pairs, doseq=True)


@register.filter
def field_kind(field: BoundField) -> str:
    """Return how a field is laid out: line, text, select, check, group, file or hidden."""
    if field.is_hidden:
        return "hidden"
    widget = field.field.widget
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        ((RadioSelect, CheckboxSelectMultiple), "group"),
        (CheckboxInput, "check"),
        (FileInput, "file"),
        (Textarea, "text"),
    )
    for types, kind in kinds:
        if isinstance(widget, types):
            return kind
    if isinstance(widget, Select) and not getattr(widget, "allow_multiple_selected", False):
        return "select"
    return "line"


@register.filter
def described_by(field: BoundField) -> str:
    """Return the ids of what stands below a control: its help, its error."""
    parts = (("help", field.help_text), ("error", field.errors))
    return " ".join(f"{field.auto_id}_{part}" for part, shown in parts if shown and field.auto_id)


@register.simple_tag
def draw_input(
    field: BoundField, extra: Mapping[str, object] | None = None, kind: str = ""
) -> SafeString:
    """Draw the control of a field with its class, its state and what describes it."""
    attrs: dict[str, Any] = dict(field.field.widget.attrs)
    laid_out = field_kind(field)
    if laid_out in {"line", "text", "select", "file"}:
        attrs["class"] = " ".join(filter(None, ("input", str(attrs.get("class", "")))))
    if laid_out == "check" and kind == "switch":
        attrs |= {"class": "switch", "role": "switch"}
    described = described_by(field)
    if described:
        attrs["aria-describedby"] = described
    if field.errors:
        attrs["aria-invalid"] = "true"
    if extra:
        known = extra.attrs_dict() if hasattr(extra, "attrs_dict") else extra
        attrs |= {k: v for k, v in known.items() if v is not None and v is not False}
    return field.as_widget(attrs=attrs)


@register.filter
def error_links(form: BaseForm) -> list[dict[str, str]]:
    """Return each error of a form with the control it belongs to ('' for the whole form)."""
    links = [{"href": "", "text": str(text)} for text in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else field.id_for_label or field.auto_id
        links.extend(
            {"href": f"#{target}" if target else "", "text": f"{field.label}: {text}"}
            for text in field.errors
        )
    return links


@register.filter
def toast_tone(tags: object) -> str:
    """Return the tone of a Django message by its tags."""
    words = str(tags or "").split()
    if "error" in words:
        return "bad"
    return "warn" if "warning" in words else "good"


@register.filter
def toast_undo(tags: object) -> str:
    """Return the own address a Django message offers to take a step back, or ''."""
    for word in str(tags or "").split():
        path = word.removeprefix("undo:")
        if path != word and path.startswith("/") and not path.startswith("//"):
            return path
    return ""


@register.simple_tag
def star_choices() -> list[tuple[int, str]]:
    """Return the five ratings a customer can choose, in words."""
    return [
        (1, _("1 star, bad")),
        (2, _("2 stars, poor")),
        (3, _("3 stars, all right")),
        (4, _("4 stars, good")),
        (5, _("5 stars, great")),
    ]


@register.simple_tag
def star_shape() -> SafeString:
    """Draw one star without the manners of an icon, for the rating control."""
    return format_html(
        '<svg aria-hidden="true"><use href="{}#i-star"/></svg>', icons.asset(icons.SPRITE)
    )
