"""Taking a place in a business: with the log-in one has, or with a new one."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts import queries as accounts
from apps.core import clock
from apps.core.errors import AppError
from apps.staff import services as staff
from apps.web.settings.forms_people import JoinForm
from apps.web.shared.render import add_error


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Any, token: str) -> HttpResponse:
    """Show an invitation to who holds its link; a POST takes it, once."""
    if request.business is None:
        raise Http404
    invitation = accounts.find_invitation(token=token, business_id=request.business.pk)
    if invitation is None:
        return _close(request, "unknown")
    if invitation.accepted_at or invitation.revoked_at:
        return _close(request, "used" if invitation.accepted_at else "revoked")
    if invitation.expires_at <= clock.now():
        return _close(request, "expired", invitation)
    step = _find_step(request, invitation.email)
    needs_form = step == "register"
    form = JoinForm(request.POST if request.method == "POST" and needs_form else None)
    if request.method == "POST" and (step == "accept" or (needs_form and form.is_valid())):
        response = _take(request, token, form if needs_form else None)
        if response is not None:
            return response
    here = {"next": request.path}
    context = {
        "invitation": invitation,
        "step": step,
        "form": form,
        "login_url": f"{settings.LOGIN_URL}?{urlencode(here)}",
        "here": request.path,
    }
    status = 422 if form.errors else 200
    # The site's own "same-origin" hides the link from others; "no-referrer" would make browsers
    # send the form with no origin, which the check against forgery refuses.
    return render(request, "web/platform/invitation.html", context, status=status)


def _find_step(request: Any, email: str) -> str:
    """Say what the holder of the link can do: accept, sign in, change person, or register."""
    if request.user.is_authenticated:
        return "accept" if request.user.email.lower() == email.lower() else "other"
    return "login" if accounts.find_user(email=email) else "register"


def _take(request: Any, token: str, form: JoinForm | None) -> HttpResponse | None:
    values = form.cleaned_data if form else {}
    user = None if form else request.user
    try:
        user = staff.accept_invitation(
            business=request.business, token=token, user=user, **values, now=clock.now()
        )
    except AppError as error:
        if form is None or error.code == "invitation_over":
            return _close(request, "unknown")
        add_error(form, error)
        return None
    if form is not None:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("/")


def _close(request: Any, why: str, invitation: Any = None) -> HttpResponse:
    context = {"why": why, "invitation": invitation}
    return render(request, "web/platform/invitation_over.html", context, status=410)
