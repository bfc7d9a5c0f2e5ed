"""Error pages: friendly words and a reference, nothing of the inside."""

import sys
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)
TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    429: "Too many requests",
    500: "Server error",
    503: "Unavailable",
}
HTTP_NOT_FOUND = 404
RETRY_AFTER_S = 30
LIMIT_S = 60


def _page(request: HttpRequest, status: int) -> HttpResponse:
    reference = getattr(request, "reference", "")
    if request.path.startswith("/api/"):
        body = {
            "type": "about:blank",
            "title": TITLES[status],
            "status": status,
            "code": TITLES[status].lower().replace(" ", "_"),
            "detail": f"{TITLES[status]}. Reference {reference}.",
        }
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"reference": reference, "is_known": status == HTTP_NOT_FOUND and _is_known(request)}
    return HttpResponse(render_to_string(f"errors/{status}.html", context), status=status)


def _is_known(request: HttpRequest) -> bool:
    """Tell whether somebody signed in asks; an error page needs no database to be shown."""
    try:
        return bool(request.user.is_authenticated)
    except (AttributeError, DatabaseError):
        return False


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    return _page(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429, with when to try again."""
    response = _page(request, 429)
    response.headers["Retry-After"] = str(LIMIT_S)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 while the database does not answer: that passes, and nothing is lost."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = _page(request, 503)
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that did not come from one of our own pages."""
    log.warning("csrf.refused", reason=str(reason))
    return _page(request, 403)


class AppErrorMiddleware:
    """Shows what a service refused and no view has caught, as a page instead of a crash."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn an AppError into its page: 404 and 403 look the same as Django's own."""
        status = getattr(exception, "status", None)
        if not isinstance(status, int) or not hasattr(exception, "message"):
            return None
        if status in (403, 404):
            return _page(request, status)
        context = {"reference": getattr(request, "reference", ""), "message": exception.message}
        return HttpResponse(render_to_string("errors/400.html", context), status=status)
