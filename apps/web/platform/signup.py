"""Signing up: who one is, then the code from the mail; the business comes after it."""

from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import queries as accounts
from apps.accounts import services
from apps.core import clock
from apps.core.errors import AppError
from apps.web.platform.forms import MOST_CODE, CodeForm, SignUpForm
from apps.web.shared.render import add_error, back_with

if TYPE_CHECKING:
    from apps.accounts.models import SignUp

KEY = "sign_up"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask who somebody is, and mail them a code; the answer tells nothing about the address."""
    if request.user.is_authenticated:
        return redirect("platform:new")
    begun = _find(request)
    initial = {"name": begun.name, "email": begun.email} if begun else {}
    form = SignUpForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and not ratelimit.consume(request, action="signup"):
        message = _("Many have signed up from here just now. Please wait a few minutes.")
        form.add_error(None, message)
        return render(request, "web/platform/signup.html", {"form": form}, status=429)
    if form.is_valid():
        try:
            made = services.start_sign_up(**form.cleaned_data, now=clock.now())
        except AppError as error:
            add_error(form, error)
        else:
            request.session[KEY] = str(made.pk)
            return redirect("platform:confirm")
    status = 422 if form.errors else 200
    return render(request, "web/platform/signup.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the code from the mail; who brings it is signed in and goes on."""
    if request.user.is_authenticated:
        return redirect("platform:new")
    begun = _find(request)
    if begun is None:
        return render(request, "web/platform/signup_elsewhere.html", status=410)
    given = request.GET.get("code", "")[:MOST_CODE]
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"code": given})
    if form.is_valid() and not ratelimit.consume(request, action="signup_code"):
        form.add_error("code", _("That was too often. Please wait a minute."))
    if form.is_valid():
        try:
            user = services.confirm_sign_up(
                sign_up=begun, code=form.cleaned_data["code"], now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            return _enter(request, user)
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "email": begun.email,
        "minutes": services.signup.LIFETIME.seconds // 60,
    }
    return render(request, "web/platform/signup_confirm.html", context, status=status)


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Mail another code."""
    begun = _find(request)
    if begun is None:
        return redirect("platform:confirm")
    try:
        services.resend_code(sign_up=begun, now=clock.now())
    except AppError as error:
        return back_with(request, "platform:confirm", error=error)
    return back_with(request, "platform:confirm", message=_("A new code is on its way."))


def _enter(request: Any, user: Any) -> HttpResponse:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method="password", email=user.email)
    request.session.pop(KEY, None)
    return redirect("platform:new")


def _find(request: HttpRequest) -> "SignUp | None":
    """Return the sign-up that this browser has begun."""
    begun = request.session.get(KEY)
    return accounts.find_sign_up(sign_up_id=begun) if begun else None
