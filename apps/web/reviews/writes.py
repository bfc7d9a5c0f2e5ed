"""What staff do in the inbox: form, one service, back to the conversation."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import AppError, ConflictError, NotFoundError
from apps.replies import queries as replies
from apps.replies import services as replying
from apps.replies.choices import ReplyKind, ReplyState
from apps.reviews import queries, services
from apps.reviews.choices import ReviewStatus
from apps.web.reviews.forms import (
    AssignForm,
    FilterForm,
    NoteForm,
    ReplyForm,
    SnoozeForm,
    TagForm,
    list_query,
)
from apps.web.reviews.talk import proof
from apps.web.reviews.views import show_review
from apps.web.shared.focus import focused
from apps.web.shared.render import add_error
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.reviews.models import Review


def _get(request: StaffRequest, review_id: UUID) -> "Review":
    return queries.get_review(actor=request.actor, review_id=review_id)


def _url(request: StaffRequest, name: str, *args: object) -> str:
    query = list_query(request.GET)
    address = reverse(f"web:reviews:{name}", args=args)
    return f"{address}?{query}" if query else address


def _go(request: StaffRequest, address: str, *, message: str = "", undo: str = "") -> HttpResponse:
    if message:
        messages.success(request, message, extra_tags=f"undo:{undo}" if undo else "")
    return HttpResponseRedirect(address)


def _press(request: StaffRequest, found: "Review", act: Callable[[], str]) -> HttpResponse:
    """Do what a button asks for and go back, saying what was done or refused."""
    address = _url(request, "review", found.pk)
    try:
        message = act()
    except NotFoundError:
        raise
    except AppError as error:
        messages.error(request, error.message)
        return _go(request, address)
    return _go(request, address, message=message)


@staff_required("reviews.assign")
@require_POST
def assign(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Give a conversation to somebody."""
    found = _get(request, review_id)
    form = AssignForm(request.POST)

    def act() -> str:
        if not form.is_valid():
            raise AppError(_("Choose a member of the team."))
        member = form.cleaned_data["member"]
        services.assign_review(review=found, member_id=member, actor=request.actor, now=clock.now())
        return _("Assigned.") if member else _("Left to nobody in particular.")

    return _press(request, found, act)


@staff_required("reviews.note")
@require_POST
def tag(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Replace the tags of a conversation."""
    found = _get(request, review_id)
    form = TagForm(request.POST)

    def act() -> str:
        if not form.is_valid():
            raise AppError(_("These tags are too long."))
        services.tag_review(review=found, tags=form.read(), actor=request.actor, now=clock.now())
        return _("Tags kept.")

    return _press(request, found, act)


def _settle(request: StaffRequest, found: "Review", *, message: str, **change: Any) -> HttpResponse:
    """Take a conversation off the list, with its way back, and show the one below it."""
    now = clock.now()
    filters = FilterForm(request.GET).read()
    below = queries.find_next(actor=focused(request), filters=filters, review=found, now=now)
    try:
        services.set_status(review=found, actor=request.actor, now=now, **change)
    except NotFoundError:
        raise
    except AppError as error:
        messages.error(request, error.message)
        return _go(request, _url(request, "review", found.pk))
    address = _url(request, "review", below.pk) if below else _url(request, "inbox")
    return _go(request, address, message=message, undo=_url(request, "reopen", found.pk))


@staff_required("reviews.resolve")
@require_POST
def resolve(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Note that nothing is left to do."""
    found = _get(request, review_id)
    return _settle(request, found, message=_("Resolved."), status=ReviewStatus.RESOLVED)


@staff_required("reviews.resolve")
@require_POST
def snooze(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Put a conversation off."""
    found = _get(request, review_id)
    form = SnoozeForm(request.POST)
    until = form.read(clock.now()) if form.is_valid() else None
    if until is None:
        messages.error(request, _("Choose when it should come back."))
        return _go(request, _url(request, "review", found.pk))
    when = date_format(timezone.localtime(until), "j M, H:i")
    message = _("It comes back on %(when)s.") % {"when": when}
    return _settle(request, found, message=message, status=ReviewStatus.SNOOZED, until=until)


@staff_required("reviews.resolve")
@require_POST
def reopen(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Put a conversation back on the list."""
    found = _get(request, review_id)

    def act() -> str:
        services.set_status(
            review=found, status=ReviewStatus.OPEN, actor=request.actor, now=clock.now()
        )
        return _("Open again.")

    return _press(request, found, act)


@staff_required("reviews.note")
@require_POST
def note(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Write a word among the staff."""
    found = _get(request, review_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            services.add_note(
                review=found,
                text=form.cleaned_data["text"],
                actor=request.actor,
                now=clock.now(),
            )
        except NotFoundError:
            raise
        except AppError as error:
            add_error(form, error)
        else:
            return _go(request, _url(request, "review", found.pk), message=_("Note kept."))
    return show_review(request, found, form=_as(form, request, "note"), status=422)


def _as(form: Any, request: StaffRequest, kind: str) -> Any:
    """Return a form that says which kind of answer it is, for the composer."""
    form.data = form.data.copy()
    form.data["kind"] = kind
    return form


@staff_required("reviews.reply")
@require_POST
def check(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Say what the checkers find in a reply as it is being written; changes nothing."""
    found = _get(request, review_id)
    form = ReplyForm(request.POST)
    form.is_valid()
    kind = form.cleaned_data.get("kind") or str(ReplyKind.PUBLIC)
    channel = request.POST.get("channel", "")
    text = form.cleaned_data.get("text", "")[:20_000]
    compose = {
        **proof(found, kind, text, channel),
        "is_public": kind == ReplyKind.PUBLIC,
        "site": "",
    }
    return render(request, "web/reviews/proof.html", {"review": found, "compose": compose})


@staff_required("reviews.reply")
@require_POST
def draft(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Keep a reply as it is being written."""
    found = _get(request, review_id)
    form = ReplyForm(request.POST)
    error, kept = "", None
    if form.is_valid():
        try:
            kept = replying.save_draft(
                review=found, actor=request.actor, now=clock.now(), **form.words()
            )
        except NotFoundError:
            raise
        except AppError as refused:
            error = refused.message
    else:
        error = _("This cannot be kept as it is.")
    context = {"kept_at": kept.updated_at if kept else None, "error": error}
    if request.headers.get("HX-Request"):
        return render(request, "web/reviews/kept.html", context, status=422 if error else 200)
    if error:
        messages.error(request, error)
    query = f"reply={form.cleaned_data.get('kind', '')}"
    return _go(request, f"{reverse('web:reviews:review', args=[found.pk])}?{query}#composer")


@staff_required("reviews.reply")
@require_POST
def reply(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Answer a customer; whatever is refused, the words stay."""
    found = _get(request, review_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return show_review(request, found, form=form, status=422)
    values = form.cleaned_data
    try:
        sent = replying.send_reply(
            review=found,
            actor=request.actor,
            now=clock.now(),
            after=values["after"],
            template_id=values["template"],
            is_confirmed=values["confirmed"],
            is_done=values["done"],
            **form.words(),
        )
    except ConflictError as error:
        return show_review(request, found, form=form, notice=error.message, status=409)
    except NotFoundError:
        raise
    except AppError as error:
        add_error(form, error)
        if error.code == "text_blocked":
            form.is_blocked = True
        return show_review(request, found, form=form, status=422)
    is_waiting = sent.state == ReplyState.QUEUED
    message = _("It goes out in 10 seconds.") if is_waiting else _("Noted as posted.")
    undo = _url(request, "undo", found.pk, sent.pk)
    return _go(request, _url(request, "review", found.pk), message=message, undo=undo)


@staff_required("reviews.reply")
@require_POST
def undo(request: StaffRequest, review_id: UUID, reply_id: UUID) -> HttpResponse:
    """Take a reply back into a draft."""
    found = _get(request, review_id)
    sent = replies.get_reply(review=found, reply_id=reply_id)

    def act() -> str:
        replying.undo_reply(reply=sent, actor=request.actor, now=clock.now())
        return _("Taken back; it is a draft again.")

    return _press(request, found, act)
