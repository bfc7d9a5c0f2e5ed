"""The inbox: the list, and one conversation beside it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse

from apps.core import clock
from apps.reviews import queries
from apps.staff import queries as staff
from apps.web.reviews.forms import SnoozeForm, list_query
from apps.web.reviews.panels import list_pane
from apps.web.reviews.talk import talk_pane
from apps.web.shared.render import render_page
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from django import forms

    from apps.reviews.models import Review

PAGE = "web/reviews/inbox.html"
PART = "web/reviews/talk_part.html"


@staff_required("reviews.view")
def inbox(request: StaffRequest) -> HttpResponse:
    """Show a list of the inbox."""
    pane = list_pane(request, current=None, now=clock.now())
    return render_page(request, PAGE, {**pane, **_rights(request)})


@staff_required("reviews.view")
def review(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Show one conversation beside its list; htmx gets the conversation only."""
    found = queries.get_review(actor=request.actor, review_id=review_id)
    return show_review(request, found)


def show_review(
    request: StaffRequest,
    found: "Review",
    *,
    form: "forms.Form | None" = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a conversation, with what was typed when a write was refused."""
    now = clock.now()
    is_part = bool(request.headers.get("HX-Request")) and not request.headers.get(
        "HX-History-Restore-Request"
    )
    pane: dict[str, Any] = (
        {"members": list(staff.list_members())}
        if is_part
        else list_pane(request, current=found.pk, now=now)
    )
    talk = talk_pane(
        request,
        found,
        members=pane["members"],
        query=list_query(request.GET),
        now=now,
        form=form,
        notice=notice,
    )
    context = {**pane, **talk, **_rights(request)}
    return render_page(request, PAGE, context, part=PART if is_part else "", status=status)


def _rights(request: StaffRequest) -> dict[str, Any]:
    can = request.actor.can
    return {
        "can_assign": can("reviews.assign"),
        "can_resolve": can("reviews.resolve"),
        "can_note": can("reviews.note"),
        "can_reply": can("reviews.reply"),
        "can_import": can("reviews.import"),
        "can_record": can("recovery.work"),
        "can_template": can("replies.templates"),
        "snooze_choices": SnoozeForm.WHEN,
    }
