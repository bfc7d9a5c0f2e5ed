"""From one host to another: the code is made by a POST here and used by a POST there."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import queries as accounts
from apps.accounts import services
from apps.accounts.sessions import adopt_proofs
from apps.core import clock
from apps.core.errors import AppError
from apps.tenants import queries as tenants

MOST_SECRET = 100


@require_http_methods(["GET", "HEAD", "POST"])
def go(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand a signed-in person over to another of their businesses; a GET only shows the choice."""
    if request.method != "POST":
        return redirect("/")
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    return hand_over(request, slug)


def hand_over(request: Any, slug: str) -> HttpResponse:
    """Answer a POST with the page that carries a person over into a business of theirs."""
    entry = services.issue_entry(
        user=request.user,
        slug=slug,
        origin=_origin(request),
        proofs=get_authentication_records(request, request.user),
        now=clock.now(),
    )
    target = tenants.base_url(entry.business)
    response = render(request, "web/platform/go.html", {"entry": entry, "target": target})
    # The next host must see which page sent the code; only this one page may post there.
    response.headers["Referrer-Policy"] = "strict-origin"
    response._csp_update = {"form-action": [target]}  # type: ignore[attr-defined] # noqa: SLF001 - django-csp's own name
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Any) -> HttpResponse:
    """Open a session on a business's host for who brings a live code; a GET changes nothing."""
    if request.business is None:
        raise Http404
    if request.method != "POST":
        return redirect("/")
    try:
        user, proofs = services.redeem_entry(
            code=request.POST.get("code", "")[:MOST_SECRET],
            nonce=request.POST.get("nonce", "")[:MOST_SECRET],
            origin=request.headers.get("Origin", ""),
            business=request.business,
            now=clock.now(),
        )
    except AppError as error:
        context = {"message": error.message}
        return render(request, "web/platform/closed.html", context, status=403)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    # What was proved on the first host counts here too, and no longer than it did there.
    adopt_proofs(request, user, proofs)
    return redirect("/")


@require_safe
def onward(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead a signed-in person on into a business of theirs; a script presses the button."""
    if not request.user.is_authenticated:
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}")
    business = accounts.find_place(user_id=request.user.pk, slug=slug)
    if business is None:
        return redirect("/")
    return render(request, "web/platform/onward.html", {"business": business})


def absent(request: HttpRequest) -> HttpResponse:
    """Say that there is no such page."""
    raise Http404


def _origin(request: HttpRequest) -> str:
    return f"{settings.SCHEME}://{request.get_host()}"
