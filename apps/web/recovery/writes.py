"""What staff do on the page of a case: form, one service, back to the page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import AppError, NotFoundError
from apps.core.money import Money
from apps.offers import queries as offers
from apps.offers import services as offering
from apps.offers.choices import OfferState
from apps.recovery import queries, services
from apps.recovery.choices import ApologyWay, Plan
from apps.staff import queries as staff
from apps.web.recovery import forms, panels
from apps.web.recovery.views import show_case
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.recovery.models import Case

Act = Callable[["Case", dict[str, Any]], str]
PAGE = "web:recovery:case"


def _submit(
    request: StaffRequest, case: "Case", task: str, form: django_forms.Form, act: Act
) -> HttpResponse:
    """Do what a form asks for and go back, or show the page again with what was typed."""
    if form.is_valid():
        try:
            message = act(case, form.cleaned_data)
        except NotFoundError:
            raise
        except AppError as error:
            add_error(form, error)
        else:
            return back_with(request, PAGE, case.pk, message=message)
    return show_case(request, case, task=task, form=form, status=422)


def _press(request: StaffRequest, case: "Case", act: Callable[[], str]) -> HttpResponse:
    """Do what a button asks for and go back, saying what was done or refused."""
    try:
        message = act()
    except NotFoundError:
        raise
    except AppError as error:
        return back_with(request, PAGE, case.pk, error=error)
    return back_with(request, PAGE, case.pk, message=message)


def _get(request: StaffRequest, case_id: UUID) -> "Case":
    return queries.get_case(actor=request.actor, case_id=case_id)


@staff_required("recovery.work")
@require_POST
def record(request: StaffRequest) -> HttpResponse:
    """Open the case of a review, recorded by a person's hand."""
    try:
        review_id = UUID(request.POST.get("review", ""))
    except ValueError as error:
        message = "This review does not exist."
        raise NotFoundError(message) from error
    case = services.open_case_from_review(review_id=review_id, actor=request.actor, now=clock.now())
    return back_with(request, PAGE, case.pk, message=_("The failure has its case."))


@staff_required("recovery.work")
@require_POST
def collect(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Write down what happened."""

    def act(case: "Case", data: dict[str, Any]) -> str:
        services.record_collect(case=case, **data, actor=request.actor, now=clock.now())
        return _("What happened is written down.")

    return _submit(request, _get(request, case_id), "collect", forms.CollectForm(request.POST), act)


@staff_required("recovery.work")
@require_POST
def apologise(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Say sorry, or note that it was said."""
    found = _get(request, case_id)

    form = forms.ApologyForm(request.POST, ways=panels.ways(found))

    def act(case: "Case", data: dict[str, Any]) -> str:
        confirmed = data.pop("confirmed")
        try:
            services.record_apology(
                case=case, **data, is_confirmed=confirmed, actor=request.actor, now=clock.now()
            )
        except AppError as error:
            form.is_incomplete = error.code == "apology_incomplete"
            raise
        if data["how"] in {ApologyWay.EMAIL, ApologyWay.SMS}:
            return _("The apology is on its way, and noted.")
        return _("The apology is noted.")

    return _submit(request, found, "apologise", form, act)


@staff_required("recovery.work")
@require_POST
def ask(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Ask the customer whether it is good again."""
    found = _get(request, case_id)

    def act(case: "Case", data: dict[str, Any]) -> str:
        services.ask_customer(case=case, **data, actor=request.actor, now=clock.now())
        return _("Asked. The case waits for the answer.")

    return _submit(request, found, "ask", forms.AskForm(request.POST, ways=panels.ways(found)), act)


@staff_required("recovery.work")
@require_POST
def answer(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note what the customer said on the phone or in person."""

    def act(case: "Case", data: dict[str, Any]) -> str:
        services.answer_case(case=case, **data, actor=request.actor, now=clock.now())
        return _("The answer is noted.")

    return _submit(request, _get(request, case_id), "answer", forms.AnswerForm(request.POST), act)


@staff_required("recovery.work")
@require_POST
def add_step(request: StaffRequest, case_id: UUID, plan: str) -> HttpResponse:
    """Add a step to one of the plans."""
    if plan not in Plan.values:
        message = "There is no such plan."
        raise NotFoundError(message)

    def act(case: "Case", data: dict[str, Any]) -> str:
        services.add_plan_item(case=case, plan=plan, **data, actor=request.actor, now=clock.now())
        return _("The step is in the plan.")

    return _submit(request, _get(request, case_id), plan, forms.StepForm(request.POST), act)


@staff_required("recovery.work")
@require_POST
def finish_step(request: StaffRequest, case_id: UUID, item_id: UUID) -> HttpResponse:
    """Tick a step off."""
    found = _get(request, case_id)

    def act() -> str:
        services.finish_plan_item(case=found, item_id=item_id, actor=request.actor, now=clock.now())
        return ""

    return _press(request, found, act)


@staff_required("recovery.work")
@require_POST
def reopen_step(request: StaffRequest, case_id: UUID, item_id: UUID) -> HttpResponse:
    """Take a tick back."""
    found = _get(request, case_id)

    def act() -> str:
        services.reopen_plan_item(case=found, item_id=item_id, actor=request.actor, now=clock.now())
        return ""

    return _press(request, found, act)


@staff_required("recovery.work")
@require_POST
def promise(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Note what was promised."""

    def act(case: "Case", data: dict[str, Any]) -> str:
        services.make_promise(case=case, **data, actor=request.actor, now=clock.now())
        return _("The promise is noted, with its clock.")

    return _submit(request, _get(request, case_id), "promise", forms.PromiseForm(request.POST), act)


@staff_required("recovery.work")
@require_POST
def settle(request: StaffRequest, case_id: UUID, promise_id: UUID) -> HttpResponse:
    """Note whether a promise was kept."""
    found = _get(request, case_id)

    def act() -> str:
        services.settle_promise(
            case=found,
            promise_id=promise_id,
            state=request.POST.get("state", ""),
            actor=request.actor,
            now=clock.now(),
        )
        return ""

    return _press(request, found, act)


@staff_required("offers.issue")
@require_POST
def offer(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Give something because of this failure."""
    found = _get(request, case_id)

    def act(case: "Case", data: dict[str, Any]) -> str:
        value: Money = data.pop("value")
        made = offering.issue_offer(
            failure=case.failure,
            **data,
            value_minor=value.minor,
            actor=request.actor,
            now=clock.now(),
        )
        if made.state == OfferState.WAITING_APPROVAL:
            return _("This is above your limit: it waits here for a manager or an owner.")
        return _("The offer is made. Nobody had to be asked.")

    remedies = offers.list_remedies(failure_kind=found.failure.kind)
    form = forms.OfferForm(request.POST, remedies=remedies)
    return _submit(request, found, "offer", form, act)


@staff_required("recovery.work")
@require_POST
def escalate(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Hand the case to somebody who may decide more."""

    def act(case: "Case", data: dict[str, Any]) -> str:
        held = services.escalate_case(case=case, **data, actor=request.actor, now=clock.now())
        name = staff.get_member(member_id=held.owner_id).name if held.owner_id else ""
        return _("The case is with %(name)s now.") % {"name": name}

    return _submit(
        request, _get(request, case_id), "escalate", forms.EscalateForm(request.POST), act
    )


@staff_required("recovery.work")
@require_POST
def move(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Put the case into another stage."""
    found = _get(request, case_id)

    def act() -> str:
        held = services.move_stage(
            case=found,
            stage=request.POST.get("stage", ""),
            actor=request.actor,
            now=clock.now(),
        )
        return _("Moved on: %(stage)s") % {"stage": held.get_stage_display()}

    return _press(request, found, act)


@staff_required("recovery.work")
@require_POST
def assign(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Give the case to somebody."""

    def act(case: "Case", data: dict[str, Any]) -> str:
        owner = UUID(data["owner"]) if data["owner"] else None
        held = services.assign_case(case=case, owner_id=owner, actor=request.actor, now=clock.now())
        if held.owner is None:
            return _("The case is with nobody.")
        return _("The case is with %(name)s now.") % {"name": held.owner.name}

    found = _get(request, case_id)
    members = staff.list_assignable(location_id=found.location_id)
    form = forms.AssignForm(request.POST, members=members)
    return _submit(request, found, "assign", form, act)


@staff_required("recovery.work")
@require_POST
def note(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Write a word for the team."""

    def act(case: "Case", data: dict[str, Any]) -> str:
        services.add_note(case=case, **data, actor=request.actor, now=clock.now())
        return _("The note is in the timeline.")

    return _submit(request, _get(request, case_id), "note", forms.NoteForm(request.POST), act)


@staff_required("recovery.work")
@require_POST
def close(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Close the case, or say what is missing."""

    def act(case: "Case", data: dict[str, Any]) -> str:
        services.close_case(case=case, **data, actor=request.actor, now=clock.now())
        return _("The case is closed.")

    found = _get(request, case_id)
    needed = panels.needs_note(found, request.actor)
    return _submit(request, found, "close", forms.CloseForm(request.POST, needs_note=needed), act)


@staff_required("recovery.work")
@require_POST
def reopen(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Take a closed case up again."""
    found = _get(request, case_id)

    def act() -> str:
        services.reopen_case(case=found, actor=request.actor, now=clock.now())
        return _("The case is open again.")

    return _press(request, found, act)
