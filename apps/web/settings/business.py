"""The business as a whole: what it is called and where it lives, and closing it."""

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
from apps.core.errors import AppError
from apps.flows import services
from apps.tenants import queries as tenants
from apps.tenants.services import KEPT
from apps.web.settings.forms_business import CloseForm
from apps.web.settings.frame import render_settings
from apps.web.shared.render import add_error
from apps.web.shared.staff import StaffRequest, staff_required


@require_safe
@staff_required("settings.change")
def business(request: StaffRequest) -> HttpResponse:
    """Show what the business is and where it lives."""
    return render_settings(
        request,
        "web/settings/business.html",
        None,
        _("Business"),
        address=tenants.base_url(request.business),
        may_close=request.actor.can("business.close"),
        kept_days=KEPT.days,
    )


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
