"""A form that is sent twice from one showing of a page has one effect and one answer."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.core import clock
from apps.staff.services import sending

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of the field
_AGAIN = "again_to"


def send_once(request: Any, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work of a form; sent again, it only leads to where the first one led.

    Every showing of a page masks its CSRF token anew, so the token tells showings apart. Requests
    of a script are left alone: it sends a form once by itself, and keeps one token for long.
    """
    token = request.POST.get(TOKEN) if request.method == "POST" else None
    if not token or request.headers.get("HX-Request"):
        return work()
    with transaction.atomic():
        sent, is_new = sending.begin_form(
            member_id=request.actor.id, fingerprint=_fingerprint(request), now=clock.now()
        )
        if not is_new:
            return redirect(sent.location)
        response = work()
        location = response.headers.get("Location") or getattr(response, _AGAIN, "")
        if location and len(location) <= sending.LONGEST:
            sending.finish_form(sent=sent, location=location)
        else:
            sending.forget_form(sent=sent)
    return response


def lead_again(response: HttpResponse, location: str) -> HttpResponse:
    """Say that a page is the answer of work that was done, and where the form leads if sent again.

    For what may be shown once only; other work is answered by a redirect.
    """
    setattr(response, _AGAIN, location)
    return response


def _fingerprint(request: Any) -> str:
    values = sorted(request.POST.lists())
    files = sorted((name, file.name, file.size) for name, file in request.FILES.items())
    said = json.dumps([request.get_full_path(), values, files])
    return hashlib.sha256(said.encode()).hexdigest()
