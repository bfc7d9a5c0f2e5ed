"""Rating, words, the same public links for everybody, and a person to talk to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns import queries as campaigns
from apps.core import clock, tokens
from apps.core.errors import AppError, NotFoundError
from apps.customers import queries as customers
from apps.feedback import queries as answers
from apps.feedback import services as feedback
from apps.feedback.choices import ContactWay
from apps.locations import queries as locations
from apps.messaging import services as messaging
from apps.public.feedback.forms import RatingForm, WishForm
from apps.public.shared.pages import gone, page_context
from apps.tenants import wall

if TYPE_CHECKING:
    from apps.campaigns.models import Request
    from apps.feedback.models import Response

P = ParamSpec("P")
SEE_OTHER = 303


def for_request(
    view: Callable[Concatenate[HttpRequest, Request, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Hand the view the request that the token in the address stands for, or say it is gone.

    The token is the right: there is no session and no cookie on these pages.
    """

    @csrf_exempt
    @wraps(view)
    def wrapper(http: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request_id = tokens.read(wall.current_business().uuid, "r", token)
        found = request_id and campaigns.find_request(request_id=request_id, now=clock.now())
        if not found:
            return gone(http)
        return view(http, found, *args, **kwargs)

    return wrapper


@for_request
@require_http_methods(["GET", "HEAD", "POST"])
def rate(http: HttpRequest, asked: Request) -> HttpResponse:
    """Show the stars, take the answer, and say thank you at the same address."""
    if http.method == "POST":
        return _take_answer(http, asked)
    response = answers.find_response(request_id=asked.pk)
    if "done" in http.GET and response is not None:
        return _thank(http, asked, response)
    if http.method == "GET":
        agent = http.headers.get("User-Agent", "")
        messaging.record_hit(
            purpose="r", object_id=asked.pk, user_agent=agent[:200], now=clock.now()
        )
    return _ask(http, asked, RatingForm(initial=_initial(http, response)))


def _initial(http: HttpRequest, response: Response | None) -> dict[str, Any]:
    """Fill in the star of a link in a mail, or what was answered before."""
    chosen = http.GET.get("rating", "")
    values: dict[str, Any] = {}
    if response is not None:
        values = {"rating": str(response.rating), "text": response.text}
    if chosen in {"1", "2", "3", "4", "5"}:
        values["rating"] = chosen
    return values


def _take_answer(http: HttpRequest, asked: Request) -> HttpResponse:
    form = RatingForm(http.POST)
    if not form.is_valid():
        return _ask(http, asked, form, status=422)
    try:
        feedback.submit_rating(
            request=asked,
            rating=int(form.cleaned_data["rating"]),
            text=form.cleaned_data["text"],
            now=clock.now(),
        )
    except AppError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _ask(http, asked, form, status=422)
    return _see(f"{http.path}?done=1")


def _ask(http: HttpRequest, asked: Request, form: RatingForm, *, status: int = 200) -> HttpResponse:
    context = {
        **_context(asked),
        "form": form,
        "question": _question(asked),
        "is_change": answers.find_response(request_id=asked.pk) is not None,
    }
    return _page(http, "public/feedback/rate.html", context, status=status)


def _thank(http: HttpRequest, asked: Request, response: Response) -> HttpResponse:
    context = {
        **_context(asked),
        "response": response,
        "is_changed": response.changed_at > response.submitted_at,
    }
    return _page(http, "public/feedback/thanks.html", context)


def _context(asked: Request, *, is_writing: bool = False) -> dict[str, Any]:
    """Return what all pages of a request show: the same links, whatever anyone answers.

    The page on which one writes does not lead to itself.
    """
    token = tokens.sign(wall.current_business().uuid, "r", asked.pk)
    context = page_context(
        location=asked.location,
        customer_id=asked.customer_id,
        write_url="" if is_writing else reverse("public:feedback:write", args=[token]),
        is_writing=is_writing,
    )
    context["asked"] = asked
    context["rate_url"] = reverse("public:feedback:rate", args=[token])
    context["destinations"] = [
        {
            "label": destination.label,
            "url": reverse("public:feedback:go", args=[token, destination.pk]),
        }
        for destination in locations.list_destinations(location_id=asked.location_id)
    ]
    return context


def _question(asked: Request) -> str:
    name = asked.customer.first_name
    bought = asked.transaction.description if asked.transaction else ""
    if bought[1:2].islower():
        bought = bought[0].lower() + bought[1:]
    values = {"name": name, "what": bought}
    if name and bought:
        return _("Hello %(name)s, how did your %(what)s go?") % values
    if bought:
        return _("How did your %(what)s go?") % values
    return _("Hello %(name)s, how did it go?") % values if name else _("How did it go?")


def _page(
    http: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(http, template, context, status=status)
    # Browsers hold a form's redirect against form-action too; the public sites are elsewhere, and
    # some of them send the visitor on once more.
    response._csp_update = {"form-action": ["https:"]}  # type: ignore[attr-defined] # noqa: SLF001
    return response


def _see(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response


@for_request
@require_POST
def go(http: HttpRequest, asked: Request, destination_id: UUID) -> HttpResponse:
    """Note that the customer goes on to a public site, and send them there and nowhere else."""
    try:
        destination = feedback.use_link(
            request=asked, destination_id=destination_id, now=clock.now()
        )
    except NotFoundError:
        return gone(http)
    return _see(destination.url)


@for_request
@require_http_methods(["GET", "HEAD", "POST"])
def write(http: HttpRequest, asked: Request) -> HttpResponse:
    """Take a customer's wish to hear from a person."""
    if http.method == "POST":
        return _take_wish(http, asked)
    if "done" in http.GET:
        return _page(http, "public/feedback/write_done.html", _context(asked))
    how = http.GET.get("how", "write")
    return _show_wish(http, asked, WishForm(initial={"how": how}))


def _take_wish(http: HttpRequest, asked: Request) -> HttpResponse:
    form = WishForm(http.POST)
    if not form.is_valid():
        return _show_wish(http, asked, form, status=422)
    values = form.cleaned_data
    try:
        feedback.ask_for_contact(
            request=asked,
            how=values["how"],
            address=values["address"] or _known_address(asked, values["how"]),
            text=values["text"],
            now=clock.now(),
        )
    except AppError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _show_wish(http, asked, form, status=422)
    return _see(f"{http.path}?done=1")


def _known_address(asked: Request, how: str) -> str:
    """Return where we reach this customer in the way they choose; nothing when we do not know."""
    channel = "email" if how == ContactWay.WRITE else "sms"
    points = customers.list_contacts([asked.customer_id]).get(asked.customer_id, [])
    return next((one.address for one in points if one.channel == channel), "")


def _show_wish(
    http: HttpRequest, asked: Request, form: WishForm, *, status: int = 200
) -> HttpResponse:
    context = {**_context(asked, is_writing=True), "form": form}
    return _page(http, "public/feedback/write.html", context, status=status)
