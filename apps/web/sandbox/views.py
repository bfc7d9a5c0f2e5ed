"""The sandbox: every mail and text message as the customer sees it, with its links working."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

import nh3
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import clock
from apps.core.db import uuid7
from apps.core.errors import AppError, NotFoundError
from apps.messaging import queries as messages
from apps.messaging import services as messaging
from apps.web.shared.render import back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required

P = ParamSpec("P")
SEE_OTHER = 303
MOST_TYPED = 1600
TAGS = {"p", "br", "a", "span", "b", "strong", "i", "em", "ul", "ol", "li", "h1", "h2", "h3"}


def local_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Show a page in local mode only: elsewhere there is no such page."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.LOCAL_MODE:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def _tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"title": title, "url": reverse(f"web:sandbox:{name}"), "current": name == current}
        for name, title in (("mailbox", _("Mailbox")), ("phone", _("Phone")))
    ]


@local_only
@staff_required("customers.view")
@require_safe
def mailbox(request: StaffRequest) -> HttpResponse:
    """List the mails, newest first."""
    to = request.GET.get("to", "")
    context = {
        "tabs": _tabs("mailbox"),
        "mails": messages.list_sandbox("email", actor=request.actor, to=to),
        "to": to,
    }
    return render_page(request, "web/sandbox/mailbox.html", context)


@local_only
@staff_required("customers.view")
@require_safe
def mail(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Show one mail as a mail program does."""
    found = messages.find_sandbox(message_id, actor=request.actor)
    if found is None:
        raise NotFoundError(_("This mail does not exist."))
    body = nh3.clean(
        found.html,
        tags=TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes={"a": {"href"}},
        allowed_classes={"a": {"button"}},
        link_rel="noopener",
    )
    context = {
        "tabs": _tabs("mailbox"),
        "mail": found,
        "body": SafeString(body),
        "crumbs": [{"title": _("Sandbox mailbox"), "url": reverse("web:sandbox:mailbox")}],
    }
    return render_page(request, "web/sandbox/mail.html", context)


@local_only
@staff_required("customers.view")
@require_safe
def phone(request: StaffRequest) -> HttpResponse:
    """Show the text messages to one number, and what was answered."""
    people = messages.list_sandbox_people("sms", actor=request.actor)
    to = request.GET.get("to", "") or (people[0][0] if people else "")
    context = {
        "tabs": _tabs("phone"),
        "people": [
            {
                "title": address,
                "count": count,
                "url": f"?{urlencode({'to': address})}",
                "current": address == to,
            }
            for address, count in people
        ],
        "to": to,
        "bubbles": messages.list_conversation(to, actor=request.actor) if to else [],
        "sender": request.business.name,
    }
    return render_page(request, "web/sandbox/phone.html", context)


@local_only
@staff_required("customers.send")
@require_POST
def answer(request: StaffRequest) -> HttpResponse:
    """Take what was typed on the phone as the customer's answer."""
    to, text = request.POST.get("to", "")[:20], request.POST.get("text", "").strip()
    if not to or not text:
        error = AppError(_("Type an answer first."))
        return back_with(request, "web:sandbox:phone", error=error)
    messaging.receive_sandbox_reply(
        address=to, text=text[:MOST_TYPED], key=str(uuid7()), now=clock.now()
    )
    url = f"{reverse('web:sandbox:phone')}?{urlencode({'to': to})}"
    return HttpResponseRedirect(url, status=SEE_OTHER)
