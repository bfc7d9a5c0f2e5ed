"""Setting the business up: brand, places, destinations, team."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock
from apps.core.errors import AppError, ForbiddenError
from apps.locations import queries, services
from apps.web.settings.forms import (
    BrandForm,
    DestinationForm,
    EditDestinationForm,
    EditLocationForm,
    LocationForm,
)
from apps.web.settings.frame import render_settings
from apps.web.shared.navigation import find_url
from apps.web.shared.render import add_error, back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required

# Page, what it needs, icon, title, what it is for; a page that does not exist yet is left out.
_TILES = (
    ("web:settings:brand", "settings.view", "shop", gettext_lazy("Brand"),
     gettext_lazy("Your name, colour, and the person customers can talk to")),
    ("web:settings:business", "settings.change", "home", gettext_lazy("Business"),
     gettext_lazy("Its address, its sample data, and closing it")),
    ("web:settings:locations", "settings.view", "pin", gettext_lazy("Locations"),
     gettext_lazy("The places where you serve customers, and their time zones")),
    ("web:settings:destinations", "settings.view", "external", gettext_lazy("Public sites"),
     gettext_lazy("Where anyone who is asked may write: the same for everybody")),
    ("web:settings:team", "staff.view", "team", gettext_lazy("Team"),
     gettext_lazy("Who works here, and what each may do")),
    ("web:settings:hours", "settings.view", "clock", gettext_lazy("Hours and limits"),
     gettext_lazy("When customers may be written to, and how often")),
    ("web:messages:accounts", "settings.view", "plug", gettext_lazy("Mail and text messages"),
     gettext_lazy("Through whom your messages go out")),
    ("web:messages:list", "messaging.view", "send", gettext_lazy("Every message"),
     gettext_lazy("What was sent or held back, to whom, and why")),
    ("web:replies:list", "replies.templates", "text", gettext_lazy("Reply templates"),
     gettext_lazy("Answers worth keeping, with names filled in")),
    ("web:settings:keys", "settings.change", "key", gettext_lazy("API keys"),
     gettext_lazy("Let your till or booking system talk to this business")),
    ("web:customers:import", "customers.import", "upload", gettext_lazy("Import customers"),
     gettext_lazy("Bring people in from your till or booking system")),
    ("web:reviews:import", "reviews.import", "upload", gettext_lazy("Import reviews"),
     gettext_lazy("Bring in what was said before you came here")),
)  # fmt: skip
BRAND_FIELDS = tuple(BrandForm.base_fields)
LOCATION_FIELDS = tuple(EditLocationForm.base_fields)


@require_safe
@staff_required("settings.view")
def index(request: StaffRequest) -> HttpResponse:
    """Show what can be set up, to those who may see it."""
    tiles = [
        {"url": find_url(name), "icon": icon, "title": title, "text": text}
        for name, permission, icon, title, text in _TILES
        if request.actor.can(permission) and find_url(name)
    ]
    return render_page(request, "web/settings/index.html", {"tiles": tiles})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.view")
def brand(request: StaffRequest) -> HttpResponse:
    """Show how the business looks and who speaks for it; change it with the right to."""
    if request.method == "POST" and not request.actor.can("settings.change"):
        raise ForbiddenError(_("Only a manager can change this."))
    row = queries.get_brand()
    initial = {name: getattr(row, name) for name in BRAND_FIELDS}
    form = BrandForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.update_brand(**form.cleaned_data, actor=request.actor, now=clock.now())
        except AppError as error:
            add_error(form, error)
        else:
            return back_with(request, "web:settings:brand", message=_("The changes are kept."))
    return render_settings(request, "web/settings/brand.html", form, _("Brand"))


@require_safe
@staff_required("settings.view")
def list_locations(request: StaffRequest) -> HttpResponse:
    """Show the places of the business."""
    rows = list(queries.list_all_locations(actor=request.actor))
    return render_settings(request, "web/settings/locations.html", None, _("Locations"), rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.change")
def create_location(request: StaffRequest) -> HttpResponse:
    """Add a place."""
    initial = {"country": request.business.country, "time_zone": request.business.time_zone}
    form = LocationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_location(**form.cleaned_data, actor=request.actor, now=clock.now())
        except AppError as error:
            add_error(form, error)
        else:
            message = _("The location was added.")
            return back_with(request, "web:settings:locations", message=message)
    return render_settings(
        request, "web/settings/location.html", form, _("New location"), crumbs=_location_crumbs()
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.change")
def edit_location(request: StaffRequest, location_id: UUID) -> HttpResponse:
    """Change a place."""
    place = queries.get_location(actor=request.actor, location_id=location_id)
    initial = {name: getattr(place, name) for name in LOCATION_FIELDS}
    form = EditLocationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_location(
                location=place, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            message = _("The changes are kept.")
            return back_with(request, "web:settings:locations", message=message)
    return render_settings(
        request, "web/settings/location.html", form, str(initial["name"]), crumbs=_location_crumbs()
    )


def _location_crumbs() -> list[dict[str, str]]:
    return [{"title": _("Locations"), "url": reverse("web:settings:locations")}]


def _destination_crumbs() -> list[dict[str, str]]:
    return [{"title": _("Public sites"), "url": reverse("web:settings:destinations")}]


@require_safe
@staff_required("settings.view")
def list_destinations(request: StaffRequest) -> HttpResponse:
    """Show where anyone who is asked may write."""
    rows = list(queries.list_all_destinations(actor=request.actor))
    return render_settings(
        request, "web/settings/destinations.html", None, _("Public sites"), rows=rows
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.change")
def create_destination(request: StaffRequest) -> HttpResponse:
    """Add a public site."""
    form = DestinationForm(
        request.POST or None, locations=queries.list_locations(actor=request.actor)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.create_destination(**form.cleaned_data, actor=request.actor, now=clock.now())
        except AppError as error:
            add_error(form, error)
        else:
            message = _("The site was added.")
            return back_with(request, "web:settings:destinations", message=message)
    return render_settings(
        request, "web/settings/destination.html", form, _("New site"), crumbs=_destination_crumbs()
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.change")
def edit_destination(request: StaffRequest, destination_id: UUID) -> HttpResponse:
    """Change a public site."""
    row = queries.get_destination(actor=request.actor, destination_id=destination_id)
    initial = {
        "label": row.label,
        "url": row.url,
        "location": str(row.location_id or ""),
        "is_active": row.is_active,
    }
    form = EditDestinationForm(
        request.POST or None,
        locations=queries.list_all_locations(actor=request.actor),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_destination(
                destination=row, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            message = _("The changes are kept.")
            return back_with(request, "web:settings:destinations", message=message)
    return render_settings(
        request,
        "web/settings/destination.html",
        form,
        str(initial["label"]),
        crumbs=_destination_crumbs(),
    )


@require_POST
@staff_required("settings.change")
def move_destination(request: StaffRequest, destination_id: UUID) -> HttpResponse:
    """Show a public site earlier or later, to everybody."""
    row = queries.get_destination(actor=request.actor, destination_id=destination_id)
    services.move_destination(
        destination=row,
        up=request.POST.get("up") == "1",
        actor=request.actor,
        now=clock.now(),
    )
    return back_with(request, "web:settings:destinations")
