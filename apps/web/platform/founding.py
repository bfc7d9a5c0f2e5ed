"""Making a business: its name and address, its first location, and then straight into it."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import queries as accounts
from apps.accounts import services
from apps.accounts.choices import FoundingState
from apps.core import clock
from apps.core.errors import AppError
from apps.staff import services as staff
from apps.web.platform.entry import hand_over
from apps.web.platform.forms import BusinessForm, FirstLocationForm
from apps.web.platform.guesses import explain_fault, guess_place, list_habits, suggest_address
from apps.web.shared.render import add_error

if TYPE_CHECKING:
    from apps.accounts.models import Founding

MOST_TYPED = 120
FIELDS = ("name", "slug", "country", "currency", "time_zone")


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead who is signed out to the log-in and back."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            here = request.path if request.method == "GET" else reverse("platform:new")
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': here})}")
        return view(request, *args, **kwargs)

    return wrapper


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: Any) -> HttpResponse:
    """Ask what the business is called and where it is at home."""
    begun = accounts.find_open_founding(user_id=request.user.pk)
    if begun is not None and begun.state == FoundingState.ASKED:
        return redirect("platform:place", begun.pk)
    initial = guess_place(languages=request.headers.get("Accept-Language", ""))
    if begun is not None:
        initial = {name: getattr(begun, name) for name in FIELDS}
    form = BusinessForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _has_address(form):
        made = services.save_founding(user=request.user, **form.cleaned_data, now=clock.now())
        return redirect("platform:place", made.pk)
    return _show_business(request, form, is_begun=begun is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def place(request: Any, founding_id: UUID) -> HttpResponse:
    """Ask for the first location, which can wait, then make the business and lead into it."""
    begun = _get(request, founding_id)
    if begun.state == FoundingState.DONE:
        return _enter(request, begun)
    if begun.state == FoundingState.ASKED:
        return render(request, "web/platform/preparing.html", {"founding": begun})
    given = {"name": begun.location_name or begun.name, "city": begun.location_city}
    form = FirstLocationForm(request.POST if request.method == "POST" else None, initial=given)
    is_skipped = request.method == "POST" and "skip" in request.POST
    if is_skipped or form.is_valid():
        values = {} if is_skipped else form.cleaned_data
        return _found(request, begun, values.get("name", ""), values.get("city", ""))
    context = {"form": form, "founding": begun, "host": _host(begun.slug)}
    status = 422 if form.errors else 200
    return render(request, "web/platform/first_location.html", context, status=status)


@require_safe
@signed_in
def state(request: Any, founding_id: UUID) -> HttpResponse:
    """Say how far a business on its way is; htmx goes on once it is there."""
    begun = _get(request, founding_id)
    if begun.state == FoundingState.ASKED:
        return render(request, "web/platform/preparing_state.html", {"founding": begun})
    response = HttpResponse(status=204)
    to = "platform:place" if begun.state == FoundingState.DONE else "platform:new"
    response.headers["HX-Redirect"] = reverse(to, args=[begun.pk] if to.endswith("place") else [])
    return response


@require_safe
@signed_in
def address(request: HttpRequest) -> HttpResponse:
    """Say whether an address is free, or suggest one for a name."""
    slug = request.GET.get("slug", "")[:MOST_TYPED].strip().lower()
    name = request.GET.get("name", "")[:MOST_TYPED]
    if not slug:
        slug = suggest_address(name)
    fault = explain_fault(slug) if slug else ""
    words = _("%(host)s is free.") % {"host": _host(slug)} if slug and not fault else fault
    return JsonResponse({"slug": slug, "is_free": bool(slug and not fault), "words": words})


@require_safe
@signed_in
def guess(request: HttpRequest) -> HttpResponse:
    """Guess the habits of a place from the browser's clock, or from a country."""
    return JsonResponse(
        guess_place(
            country=request.GET.get("country", "")[:2],
            time_zone=request.GET.get("time_zone", "")[:64],
            languages=request.headers.get("Accept-Language", ""),
        )
    )


def _found(request: Any, begun: "Founding", name: str, city: str) -> HttpResponse:
    now = clock.now()
    services.place_founding(founding=begun, location_name=name, location_city=city)
    if not ratelimit.consume(request, action="found_business", user=request.user):
        words = _("You have made many businesses today. Please go on tomorrow, or write to us.")
        return _show_business(request, _bound(begun, AppError(words)), is_begun=True, status=429)
    try:
        made = staff.found_business(founding_id=begun.pk, now=now)
    except AppError as error:
        return _show_business(request, _bound(begun, error), is_begun=True)
    if made.state == FoundingState.DONE:
        return _enter(request, made)
    return redirect("platform:place", begun.pk)


def _enter(request: Any, done: "Founding") -> HttpResponse:
    """Lead into the business: a POST goes on at once, a GET shows the way, which a script takes."""
    assert done.business is not None  # noqa: S101 - for the type checker: it is done
    if request.method == "POST":
        return hand_over(request, done.business.slug)
    return render(request, "web/platform/onward.html", {"business": done.business})


def _bound(begun: "Founding", error: AppError) -> BusinessForm:
    form = BusinessForm({name: getattr(begun, name) for name in FIELDS})
    if form.is_valid() and _has_address(form):
        add_error(form, error)
    return form


def _has_address(form: BusinessForm) -> bool:
    """Give the form a free address where none was typed; refuse one that cannot be had."""
    values = form.cleaned_data
    values["slug"] = values["slug"] or suggest_address(values["name"])
    fault = explain_fault(values["slug"])
    if fault:
        form.add_error("slug", fault)
    return not fault


def _show_business(
    request: HttpRequest, form: BusinessForm, *, is_begun: bool, status: int = 0
) -> HttpResponse:
    context = {"form": form, "is_begun": is_begun, "ending": _host(""), "habits": list_habits()}
    status = status or (422 if form.errors else 200)
    return render(request, "web/platform/new_business.html", context, status=status)


def _get(request: Any, founding_id: UUID) -> "Founding":
    found = accounts.find_founding(founding_id=founding_id, user_id=request.user.pk)
    if found is None:
        raise Http404
    return found


def _host(slug: str) -> str:
    return f"{slug}.{settings.BASE_DOMAIN}{settings.PUBLIC_PORT}"
