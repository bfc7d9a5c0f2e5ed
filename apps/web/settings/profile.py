"""One's own profile: name, language, clock, password, and where one is signed in."""

import re
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import queries as accounts
from apps.accounts import services
from apps.core import clock
from apps.core.errors import AppError
from apps.staff import services as staff
from apps.tenants import wall
from apps.web.settings.forms_people import PasswordForm, ProfileForm
from apps.web.settings.frame import render_settings
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.accounts.models import Session

# First match wins: most browsers also name the ones they descend from.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
FIELDS = tuple(ProfileForm.base_fields)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("home.view")
def profile(request: StaffRequest) -> HttpResponse:
    """Show what the system knows of oneself; change it."""
    user: Any = request.user
    initial = {name: getattr(user, name) for name in FIELDS}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            with transaction.atomic():
                staff.update_profile(user=user, **form.cleaned_data)
        except AppError as error:
            add_error(form, error)
        else:
            return back_with(request, "web:settings:profile", message=_("The changes are kept."))
    return _render(request, form, PasswordForm())


@sensitive_post_parameters()
@require_POST
@staff_required("home.view")
def change_password(request: StaffRequest) -> HttpResponse:
    """Set a new password, which signs one out everywhere else."""
    user: Any = request.user
    form = PasswordForm(request.POST)
    if form.is_valid() and not ratelimit.consume(request, action="change_password", user=user):
        form.add_error("current", _("That was too often. Please wait a minute."))
    if form.is_valid():
        try:
            with wall.as_platform():
                services.change_password(
                    user=user,
                    current=form.cleaned_data["current"],
                    new=form.cleaned_data["new"],
                    keep=str(request.session.session_key),
                )
        except AppError as error:
            add_error(form, error)
        else:
            update_session_auth_hash(request, user)
            get_adapter().send_notification_mail("account/email/password_changed", user)
            message = _("Your password is changed. You are signed out everywhere else.")
            return back_with(request, "web:settings:profile", message=message)
    initial = {name: getattr(user, name) for name in FIELDS}
    return _render(request, ProfileForm(initial=initial), form)


@require_POST
@staff_required("home.view")
def end_session(request: StaffRequest) -> HttpResponse:
    """Sign oneself out in one other browser."""
    user: Any = request.user
    handle = request.POST.get("session", "")
    with wall.as_platform():
        ended = services.end_session(user=user, handle=handle, now=clock.now())
    words = _("You are signed out there.") if ended else _("That had ended before.")
    return back_with(request, "web:settings:profile", message=words)


@require_POST
@staff_required("home.view")
def end_others(request: StaffRequest) -> HttpResponse:
    """Sign oneself out everywhere but here."""
    user: Any = request.user
    with wall.as_platform():
        count = services.end_other_sessions(user=user, keep=str(request.session.session_key))
    words = ngettext("%(n)s session has ended.", "%(n)s sessions have ended.", count)
    return back_with(request, "web:settings:profile", message=words % {"n": count})


def _render(request: StaffRequest, form: ProfileForm, password: PasswordForm) -> HttpResponse:
    with wall.as_platform():
        found = list(accounts.list_sessions(user_id=request.actor.id, now=clock.now()))  # type: ignore[arg-type]
        factors = accounts.list_factors(user_id=request.actor.id)  # type: ignore[arg-type]
    rows = [_row(session, str(request.session.session_key)) for session in found]
    rows.sort(key=lambda row: not row["is_here"])
    response = render_settings(
        request,
        "web/settings/profile.html",
        form,
        _("Your profile"),
        password=password,
        email=request.user.email,  # type: ignore[union-attr]
        rows=rows,
        factors=factors,
    )
    if password.errors:
        response.status_code = 422
    return response


def _row(session: "Session", here: str) -> dict[str, Any]:
    return {
        "handle": session.handle,
        "browser": name_browser(session.user_agent),
        "place": session.business.name if session.business else _("Choice of businesses"),
        "since": session.signed_in_at,
        "is_here": session.session_key == here,
        "is_phone": bool(re.search("Android|iPhone|Mobile", session.user_agent)),
    }


def name_browser(user_agent: str) -> str:
    """Say in words which browser and system a session is in."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser we do not know")
