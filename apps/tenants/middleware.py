"""From the host of a request to the business it is for."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from apps.core.http import refuse
from apps.tenants import queries, wall

OPEN_PATHS = {"/healthz", "/readyz", "/metrics"}


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
            return self._page(request, "errors/tenant_missing.html", 404)
        if not business.is_active:
            return self._page(request, "errors/503.html", 503)
        structlog.contextvars.bind_contextvars(business=business.slug)
        request.business = business  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(business.time_zone)):
            return self.get_response(request)

    def _page(self, request: HttpRequest, template: str, status: int) -> HttpResponse:
        reference = getattr(request, "reference", "")
        return HttpResponse(render_to_string(template, {"reference": reference}), status=status)
