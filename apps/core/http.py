"""What stands before every view: a reference for each request, hardening, health and metrics."""

import os
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.db import DataError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.registry import Collector

from apps.core.db import uuid7

REQUESTS = Counter("cxsaas_requests_total", "Requests answered", ["method", "status"])
SECONDS = Histogram("cxsaas_request_seconds", "Time to answer a request")
REFUSED = Counter("cxsaas_requests_refused_total", "Requests refused before any view", ["why"])
_collectors: list[Collector] = []
_REFERENCE = re.compile(r"^[A-Za-z0-9-]{8,64}$")
Handler = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger(__name__)


class ReferenceMiddleware:
    """Gives each request a reference, tells it to the logs, and sends it back in a header."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        reference = given if _REFERENCE.match(given) else uuid7().hex
        request.reference = reference  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=reference)
        with SECONDS.time():
            response = self.get_response(request)
        REQUESTS.labels(request.method, response.status_code).inc()
        response.headers["X-Request-ID"] = reference
        if not request.path.startswith(settings.STATIC_URL) and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


class HardeningMiddleware:
    """Answers 400 to what no browser sends: NUL bytes, broken UTF-8, impossible values."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        why = _unclean(request)
        if why:
            return refuse(request, why)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a value that the database refused into a 400, and count it."""
        if isinstance(exception, (DataError, UnicodeEncodeError)):
            log.warning("request.refused_value", error=type(exception).__name__)
            return refuse(request, "value")
        return None


def _unclean(request: HttpRequest) -> str:
    """Return why the address, a header or a cookie cannot be taken, or an empty text."""
    parts = {
        "path": request.META.get("PATH_INFO", "").encode("utf-8", "surrogatepass"),
        "query": unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " ")),
        "cookie": unquote_to_bytes(request.META.get("HTTP_COOKIE", "")),
    }
    for name, raw in parts.items():
        if b"\x00" in raw:
            return name
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            return name
    return ""


def refuse(request: HttpRequest, why: str) -> HttpResponse:
    """Answer 400 without touching the database."""
    REFUSED.labels(why).inc()
    reference = getattr(request, "reference", "")
    if request.path.startswith("/api/"):
        body = {
            "type": "about:blank",
            "title": "Bad request",
            "status": 400,
            "code": "unreadable",
            "detail": f"The {why} holds characters that cannot be read.",
        }
        return JsonResponse(body, status=400, content_type="application/problem+json")
    return HttpResponse(render_to_string("errors/400.html", {"reference": reference}), status=400)


def health(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


def ready(request: HttpRequest) -> HttpResponse:
    """Say whether this process can do its work: the database answers and is migrated."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        log.exception("ready.database")
        return JsonResponse({"status": "unavailable", "database": "down"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


def add_figures(collector: Collector) -> None:
    """Have ``/metrics`` print what a room above has to say of the moment, asked at each visit."""
    _collectors.append(collector)


def _may_measure(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return bool(settings.LOCAL_MODE)
    given = request.headers.get("Authorization", "")
    return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")


def metrics(request: HttpRequest) -> HttpResponse:
    """Print the figures of all processes of this server; no figure names a business.

    Outside of local mode only for who brings ``METRICS_TOKEN``; for others there is no such page.
    """
    if not _may_measure(request):
        raise Http404
    several = bool(os.environ.get("PROMETHEUS_MULTIPROC_DIR"))
    counted = CollectorRegistry() if several else REGISTRY
    if several:
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    asked = CollectorRegistry()
    for collector in _collectors:
        asked.register(collector)
    text = generate_latest(counted) + generate_latest(asked)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
