"""A customer's own page of a case: how it stands, what was promised, and a person."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock, tokens
from apps.core.errors import AppError
from apps.core.facts import customer_actor
from apps.public.recovery.forms import AnswerForm, WriteForm
from apps.public.shared.pages import gone, page_context
from apps.recovery import queries, services
from apps.recovery.choices import CaseStatus, PromiseState, Stage
from apps.tenants import wall

if TYPE_CHECKING:
    from apps.recovery.models import Case

View = Callable[[HttpRequest, "Case"], HttpResponse]
SEE_OTHER = 303


def for_case(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Hand the view the case that the token stands for, or say that the link is gone."""

    @csrf_exempt  # the token is the right; there is no cookie
    @wraps(view)
    def wrapper(request: HttpRequest, token: str) -> HttpResponse:
        case_id = tokens.read(wall.current_business().uuid, "c", token)
        case = queries.find_case(case_id=case_id) if case_id else None
        if case is None or (case.customer is not None and case.customer.erased_at is not None):
            return gone(request)
        return view(request, case)

    return wrapper


@for_case
@require_safe
def case(request: HttpRequest, case: "Case") -> HttpResponse:
    """Show how the case stands; changes nothing."""
    done = request.GET.get("done", "")
    return _show(request, case, AnswerForm(), done=done if done in {"answer", "write"} else "")


@for_case
@require_POST
def answer(request: HttpRequest, case: "Case") -> HttpResponse:
    """Take the answer whether it is good again; an unhappy one opens a closed case."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_case(
                case=case,
                **form.cleaned_data,
                actor=customer_actor(case.customer_id),
                now=clock.now(),
            )
        except AppError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return _back(case, "answer")
    return _show(request, case, form, status=422)


@for_case
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, case: "Case") -> HttpResponse:
    """Ask for a person to get in touch."""
    form = WriteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_contact(
                case=case,
                **form.cleaned_data,
                actor=customer_actor(case.customer_id),
                now=clock.now(),
            )
        except AppError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return _back(case, "write")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "is_writing": True}
    return _render(request, "public/recovery/write.html", case, context, status=status)


def _show(
    request: HttpRequest, case: "Case", form: AnswerForm, *, done: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "done": done,
        "title": _title(case),
        "steps": _steps(case),
        "promises": [
            {
                "text": promise.text,
                "due_at": promise.due_at,
                "who": promise.made_by.name if promise.made_by else "",
                "is_open": promise.state == PromiseState.OPEN,
                "is_kept": promise.state == PromiseState.KEPT,
            }
            for promise in queries.list_promises(case=case)
        ],
        "asks": _asks(case),
    }
    return _render(request, "public/recovery/case.html", case, context, status=status)


def _asks(case: "Case") -> bool:
    """Tell whether the page asks if it is good again: when we asked, and when we closed."""
    if case.answer and case.status != CaseStatus.CLOSED:
        return False
    return case.status == CaseStatus.CLOSED or case.asked_at is not None


def _title(case: "Case") -> str:
    if case.status == CaseStatus.CLOSED:
        return _("This is put right, as far as we know")
    if case.status == CaseStatus.WAITING:
        return _("Is it good again?")
    return _("We are putting this right")


def _steps(case: "Case") -> list[dict[str, Any]]:
    """Return the way in the customer's words, with how far we are."""
    texts = {
        Stage.COLLECT: (_("We find out what happened"), _("We know what happened")),
        Stage.APOLOGISE: (_("A person gets in touch with you"), _("A person got in touch")),
        Stage.RESPOND: (_("We put it right"), _("It is put right")),
    }
    states = {
        view.stage: view.state
        for view in queries.list_stages(case=case, events=queries.list_timeline(case=case))
    }
    return [
        {"text": texts[stage][1 if states[stage] == "done" else 0], "state": states[stage]}
        for stage in texts
    ]


def _render(
    request: HttpRequest, page: str, case: "Case", context: dict[str, Any], *, status: int
) -> HttpResponse:
    token = tokens.sign(wall.current_business().uuid, "c", case.pk)
    is_writing = bool(context.get("is_writing"))
    base = page_context(
        location=case.location,
        customer_id=case.customer_id,
        write_url="" if is_writing else reverse("public:recovery:write", args=[token]),
        is_writing=is_writing,
    )
    owner = case.owner.name if case.owner else ""
    context = {**base, "case": case, "token": token, "owner": owner, **context}
    response = render(request, page, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(case: "Case", done: str) -> HttpResponse:
    token = tokens.sign(wall.current_business().uuid, "c", case.pk)
    address = reverse("public:recovery:case", args=[token])
    return HttpResponseRedirect(f"{address}?done={done}", status=SEE_OTHER)
