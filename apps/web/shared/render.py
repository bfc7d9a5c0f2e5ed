"""Rendering pages and parts of pages."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from apps.core.errors import AppError
from apps.tenants import wall


def render_page(
    request: Any, page: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """Render the whole page, or its ``part`` when htmx asks for one."""
    template = part if part and request.headers.get("HX-Request") else page
    response = render(request, template, context, status=status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def stream_csv(rows: Iterable[str], *, file_name: str) -> StreamingHttpResponse:
    """Answer with a file that is written while it is read; the business stays entered meanwhile."""
    business = wall.current_business()

    def inside() -> Iterator[str]:
        with wall.as_business(business):
            yield from rows

    response = StreamingHttpResponse(inside(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def back_with(
    request: HttpRequest, to: str, *args: object, message: str = "", error: AppError | None = None
) -> HttpResponse:
    """Go to the page named ``to`` and say there what was done or refused."""
    if error is not None:
        messages.error(request, error.message)
    elif message:
        messages.success(request, message)
    return redirect(to, *args)


def add_error(form: Any, error: AppError) -> None:
    """Show a service's refusal at the field it is about, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
