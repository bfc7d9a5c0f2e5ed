"""The business as a whole: what it is, its sample data, and closing it."""

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.core import clock
from apps.core.errors import AppError, ConflictError
from apps.demo import queries
from apps.demo import services as removal
from apps.flows import services
from apps.tenants import queries as tenants
from apps.tenants.services import KEPT
from apps.web.settings.forms_business import CloseForm, DetailsForm, TypedNameForm
from apps.web.settings.frame import render_settings
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required

DETAILS = ("name", "country", "currency", "time_zone")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.change")
def business(request: StaffRequest) -> HttpResponse:
    """Show what the business is and where it lives; a POST changes what it says of itself."""
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(request.business, name) for name in DETAILS},
        has_money=services.has_money(),
    )
    if form.is_valid():
        try:
            services.change_business(
                business=request.business,
                **form.cleaned_data,
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            return back_with(request, "web:settings:business", message=_("The changes are kept."))
    return render_settings(
        request,
        "web/settings/business.html",
        form,
        _("Business"),
        sample=queries.read_sample(business=request.business),
        address=tenants.base_url(request.business),
        may_close=request.actor.can("business.close"),
        kept_days=KEPT.days,
    )


@require_safe
@staff_required("settings.change")
def sample(request: StaffRequest) -> HttpResponse:
    """Answer with how far the removal of the sample data is; it asks again while that goes on."""
    found = queries.read_sample(business=request.business)
    context = {"sample": found, "may_close": request.actor.can("business.close")}
    return render(request, "web/settings/_sample.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("business.close")
def remove_sample(request: StaffRequest) -> HttpResponse:
    """Say what goes and what stays; begin for who types the name."""
    found = request.business
    form = TypedNameForm(request.POST if request.method == "POST" else None, name=found.name)
    if form.is_valid():
        try:
            removal.ask_for_removal(
                business=found, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
        except ConflictError as error:
            return back_with(request, "web:settings:business", error=error)
        except AppError as error:
            add_error(form, error)
        else:
            message = _("The sample data is on its way out.")
            return back_with(request, "web:settings:business", message=message)
    crumbs = [{"title": _("Business"), "url": reverse("web:settings:business")}]
    title = _("Remove the sample data")
    return render_settings(request, "web/settings/remove_sample.html", form, title, crumbs=crumbs)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("business.close")
def close(request: StaffRequest) -> HttpResponse:
    """Say what closing does; do it for who types the name and their password."""
    user: Any = request.user
    found = request.business
    form = CloseForm(request.POST if request.method == "POST" else None, name=found.name)
    if form.is_valid() and not ratelimit.consume(request, action="close_business", user=user):
        form.add_error("password", _("That was too often. Please wait a few minutes."))
    if form.is_valid():
        try:
            kept_until = services.close_business(
                business=found, user=user, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            logout(request)
            context = {
                "name": found.name,
                "kept_until": kept_until,
                "platform_url": tenants.platform_url(),
            }
            return render(request, "web/settings/closed.html", context)
    crumbs = [{"title": _("Business"), "url": reverse("web:settings:business")}]
    return render_settings(
        request,
        "web/settings/close.html",
        form,
        _("Close the business"),
        crumbs=crumbs,
        kept_days=KEPT.days,
    )
