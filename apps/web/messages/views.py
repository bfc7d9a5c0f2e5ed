"""The ledger: every message, what became of it and why; settling what nobody knows."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import clock
from apps.core.errors import AppError
from apps.core.pages import keyset_page
from apps.messaging import queries as messages
from apps.messaging import services as messaging
from apps.messaging.choices import MessageState
from apps.web.messages import words
from apps.web.shared.focus import focused
from apps.web.shared.navigation import find_url
from apps.web.shared.render import back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required

CHANNELS = ("email", "sms")
FOOTER = "\n\n-- \n"


@staff_required("messaging.view")
@require_safe
def ledger(request: StaffRequest) -> HttpResponse:
    """List messages, newest first, by state and channel."""
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    state = state if state in MessageState.values else ""
    channel = channel if channel in CHANNELS else ""
    page = keyset_page(
        messages.list_messages(actor=focused(request), state=state, channel=channel),
        by="queued_at",
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "rows": [_row(request, item) for item in page.items],
        "page": page,
        "state": state,
        "channel": channel,
        "is_filtered": bool(state or channel),
        "states": [("", _("Every state"))]
        + [(key, shown.words) for key, shown in words.STATES.items()],
        "channels": [("", _("Email and text")), ("email", _("Email")), ("sms", _("Text message"))],
        "unconfirmed": messages.count_unconfirmed(actor=focused(request)),
        "can_change": request.actor.can("settings.change"),
        "sees_people": request.actor.can("customers.view"),
    }
    return render_page(request, "web/messages/list.html", context)


def _row(request: StaffRequest, item: Any) -> dict[str, Any]:
    return {
        "message": item,
        "who": _who(request, item),
        "purpose": words.describe_purpose(item.purpose),
        "state": words.STATES[item.state],
        "reason": words.describe_reason(item.reason),
        "wait": words.WAITS.get(item.deferred_why, "") if item.deferred_until else "",
    }


def _who(request: StaffRequest, item: Any) -> str:
    """Name the recipient to those who may see customers."""
    if not request.actor.can("customers.view"):
        return _("A customer") if item.customer_id else _("Somebody")
    return item.customer.name if item.customer else str(item.address)


@staff_required("messaging.view")
@require_safe
def message(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Show one message, what it said, each try, and what to do about it."""
    item = messages.get_message(message_id, actor=request.actor)
    sees_people = request.actor.can("customers.view")
    text, _mark, foot = item.text.partition(FOOTER)
    context = _row(request, item) | {
        "attempts": [
            {"row": row, "outcome": words.OUTCOMES.get(row.outcome, row.outcome)}
            for row in messages.list_attempts(item.pk)
        ],
        "sees_people": sees_people,
        "text": words.show_links(text),
        "foot": words.show_links(foot),
        "customer_url": _customer_url(request, item) if sees_people else "",
        "can_settle": item.state == MessageState.UNCONFIRMED
        and request.actor.can("messaging.settle"),
        "crumbs": [{"title": _("Messages"), "url": reverse("web:messages:list")}],
    }
    return render_page(request, "web/messages/message.html", context)


def _customer_url(request: StaffRequest, item: Any) -> str:
    if item.customer_id is None or not find_url("web:customers:list"):
        return ""
    if not request.actor.sees_location(item.customer.location_id):
        return ""
    return reverse("web:customers:customer", args=[item.customer_id])


@staff_required("messaging.settle")
@require_POST
def settle(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Take a person's word on whether a message arrived."""
    answer = request.POST.get("arrived", "")
    item = messages.get_message(message_id, actor=request.actor)
    to = "web:messages:message"
    if answer not in ("yes", "no"):
        error = AppError(_("Say whether it arrived."))
        return back_with(request, to, message_id, error=error)
    try:
        messaging.settle_unconfirmed(
            message=item, was_sent=answer == "yes", actor=request.actor, now=clock.now()
        )
    except AppError as error:
        return back_with(request, to, message_id, error=error)
    said = _("Noted as arrived.") if answer == "yes" else _("It is sent again now.")
    return back_with(request, to, message_id, message=said)
