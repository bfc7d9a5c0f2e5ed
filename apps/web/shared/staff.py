"""Who may open a staff page: a member with the permission, or the log-in page."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.facts import Actor
from apps.staff import queries as staff
from apps.web.shared.once import send_once

if TYPE_CHECKING:
    from apps.tenants.models import Business

P = ParamSpec("P")
View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request of a member of staff inside their business."""

    actor: Actor
    business: "Business"
    reference: str
    htmx: Any


def staff_required(
    permission: str,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponse]], View]:
    """Let a view be called by members who hold ``permission`` only.

    Signed out: to the log-in page (401 for a part of a page). Not a member, or without the
    permission: 403 with words that say so; nothing was done. A form has one effect however often
    it is sent.
    """

    def decorate(view: Callable[Concatenate[StaffRequest, P], HttpResponse]) -> View:
        @wraps(view)
        def wrapper(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            actor = _actor(request)
            if actor is None:
                return _refuse(request, "web/not_a_member.html")
            request.actor = actor
            if not actor.can(permission):
                return _refuse(request, "errors/403.html")
            return send_once(request, lambda: view(request, *args, **kwargs))

        wrapper.permission = permission  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _actor(request: Any) -> Actor | None:
    if request.membership is None:
        return None
    return staff.find_actor(member_id=request.user.pk)


def _refuse(request: Any, template: str) -> HttpResponse:
    return render(request, template, {"reference": request.reference}, status=403)


def _to_login(request: Any) -> HttpResponse:
    target = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return HttpResponse(status=302, headers={"Location": target})
