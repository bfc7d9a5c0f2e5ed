"""``Idempotency-Key``: the same request, sent again, has one effect and one answer."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock
from apps.core.errors import AppError
from apps.staff.services import calls

HEADER = "Idempotency-Key"
_VALUE = re.compile(r"^[\x21-\x7e]{1,255}$")
_KEPT_HEADERS = ("Location", "ETag")
Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """Let a handler of POST honour the header; the record and the work are one transaction."""

    @wraps(handler)
    def handle(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        value = request.headers.get(HEADER)
        if value is None:
            return handler(view, request, *args, **kwargs)
        if not _VALUE.match(value):
            message = "Give 1 to 255 visible ASCII characters, such as a UUID."
            raise AppError(message, code="bad_idempotency_key", field=HEADER)
        digest = _fingerprint(request)
        with transaction.atomic():
            key: Any = request.auth
            record, is_new = calls.begin_call(
                key=key, value=value, fingerprint=digest, now=clock.now()
            )
            if not is_new:
                return _again(record)
            return _first(record, view, lambda: handler(view, request, *args, **kwargs))

    return handle


def _first(record: Any, view: Any, work: Callable[[], Response]) -> Response:
    try:
        with transaction.atomic():
            response = work()
    except APIException:
        # The body could not be read: nothing has begun that an answer could be kept of.
        calls.forget_call(record=record)
        raise
    except AppError as error:
        response = view.handle_exception(error)
    calls.finish_call(
        record=record,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if response.has_header(name)},
        body=JSONRenderer().render(response.data).decode(),
    )
    return response


def _again(record: Any) -> Response:
    is_refusal = record.status >= 400  # noqa: PLR2004 - where HTTP's refusals begin
    return Response(
        json.loads(record.body) if record.body else None,
        status=record.status,
        headers={**record.headers, "Idempotency-Replayed": "true"},
        content_type="application/problem+json" if is_refusal else None,
    )


def _fingerprint(request: Request) -> str:
    raw: bytes = request._request.body  # noqa: SLF001 - the bytes as they came
    start = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(start + raw).hexdigest()
