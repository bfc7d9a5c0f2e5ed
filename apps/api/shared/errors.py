"""Every refusal as a problem document (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.core.errors import AppError

# Deadlock, lock not available, serialization failure: everything was taken back.
IN_THE_WAY = {"40P01", "55P03", "40001"}
PLAIN = (
    (Http404, 404, "not_found", "There is nothing here."),
    (PermissionDenied, 403, "forbidden", "This is not allowed."),
    (RequestDataTooBig, 413, "too_large", "The body is too large. Send less at a time."),
    (DataError, 400, "unreadable", "A value cannot be stored."),
)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem for what a client can put right; None lets the server's page answer."""
    set_rollback()
    if isinstance(error, AppError):
        fields = [_field(error.field, error.code, error.message)] if error.field else []
        response = _problem(error.status, error.code, error.message, fields)
        if error.code == "idempotency_running":
            response["Retry-After"] = "1"
        return response
    for kind, status, code, words in PLAIN:
        if isinstance(error, kind):
            return _problem(status, code, words, [])
    if (
        isinstance(error, OperationalError)
        and getattr(error.__cause__, "sqlstate", "") in IN_THE_WAY
    ):
        response = _problem(409, "busy", "Another request is changing the same. Ask again.", [])
        response["Retry-After"] = "1"
        return response
    if isinstance(error, exceptions.ValidationError):
        fields = list(_flatten("", error.get_full_details()))
        # 400 where the address is at fault, else 422; the framework's own 400 is for both.
        status = 400 if "status_code" in vars(error) else 422
        return _problem(status, "invalid", "Some fields need attention.", fields)
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    return None


def problem_body(error: Exception) -> dict[str, Any]:
    """Return the problem document of a refusal of one row among many."""
    response = problem_response(error, {})
    body: dict[str, Any] = response.data if response is not None else {}
    return body


def _from_framework(error: exceptions.APIException) -> Response:
    detail = error.get_full_details()
    code = detail["code"] if isinstance(detail, dict) and "code" in detail else "error"
    response = _problem(error.status_code, str(code), str(error.detail), [])
    wait = getattr(error, "wait", None)
    if wait is not None:
        response["Retry-After"] = str(int(wait) + 1)
    header = getattr(error, "auth_header", None)
    if header:
        response["WWW-Authenticate"] = header
    return response


def _field(name: str | None, code: str, message: str) -> dict[str, str]:
    return {"field": name or "", "code": code, "message": message}


def _flatten(path: str, node: Any) -> Any:
    if isinstance(node, dict) and set(node) == {"message", "code"}:
        yield _field(path or "non_field_errors", str(node["code"]), str(node["message"]))
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _flatten(f"{path}.{key}" if path else str(key), value)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            # What is wrong with a field is a list too; only the items of a list have a place.
            is_remark = isinstance(value, dict) and set(value) == {"message", "code"}
            yield from _flatten(path if is_remark else f"{path}.{number}", value)


def _problem(status: int, code: str, detail: str, fields: list[dict[str, str]]) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if fields:
        body["errors"] = fields
    return Response(body, status=status, content_type="application/problem+json")
