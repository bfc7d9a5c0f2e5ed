"""From the host of a request to the business it is for."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from apps.core.http import refuse
from apps.tenants import queries, wall
from apps.tenants.models import Business

OPEN_PATHS = {"/healthz", "/readyz", "/metrics"}
# What customers decide about themselves counts whatever becomes of the business; those pages, and
# the one that says it is closed now, keep its colour.
ALWAYS_PATHS = ("/u/", "/p/", "/brand.css")
RETRY_S = "3600"
FORBIDDEN, GONE, UNAVAILABLE = 403, 410, 503
PROBLEMS = {
    "closed": (FORBIDDEN, "Business closed", "This business has been closed by its owners."),
    "suspended": (
        UNAVAILABLE,
        "Business suspended",
        "This business is suspended for now. Nothing is lost; ask again later.",
    ),
}


class BusinessMiddleware:
    """Sets ``request.business`` (None on the platform's host) and the addresses that go with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wall.leave()
        request.business = None  # type: ignore[attr-defined]
        try:
            host = request.get_host().rsplit(":", 1)[0].lower()
        except DisallowedHost:
            return refuse(request, "host")
        if host == settings.BASE_DOMAIN or request.path in OPEN_PATHS:
            request.urlconf = settings.PUBLIC_URLCONF
            return self.get_response(request)
        business = queries.find_business_by_host(host=host)
        if business is None:
            return _page(request, "errors/tenant_missing.html", 404)
        if not business.is_active and not request.path.startswith(ALWAYS_PATHS):
            return _turn_away(request, business)
        structlog.contextvars.bind_contextvars(business=business.slug)
        request.business = business  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(business.time_zone)):
            return self.get_response(request)


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    context["reference"] = getattr(request, "reference", "")
    return HttpResponse(render_to_string(template, context), status=status)


def _turn_away(request: HttpRequest, business: Business) -> HttpResponse:
    """Say calmly that a business is not served: to customers and staff, or to another system."""
    state = business.status if business.is_closed else "suspended"
    status = GONE if business.is_closed else UNAVAILABLE
    if request.path.startswith("/api/"):
        response: HttpResponse = _problem(request, state)
    else:
        context = {"business": business, "platform_url": queries.platform_url()}
        response = _page(request, f"errors/{state}.html", status, **context)
    if not business.is_closed:
        response.headers["Retry-After"] = RETRY_S
    return response


def _problem(request: HttpRequest, state: str) -> HttpResponse:
    status, title, detail = PROBLEMS[state]
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": f"business_{state}",
        "detail": detail,
        "instance": request.path,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
