"""The board of cases, one case, and a new one."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.core.errors import AppError, NotFoundError
from apps.core.pages import keyset_page
from apps.customers import queries as customers
from apps.locations import queries as locations
from apps.recovery import queries, services
from apps.recovery.choices import CaseStatus, Stage
from apps.text import checks
from apps.text.apology import count_parts
from apps.web.recovery import panels, words
from apps.web.recovery.forms import CaseForm
from apps.web.shared.focus import focused
from apps.web.shared.render import add_error, render_page
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.core.facts import Actor
    from apps.customers.models import Customer
    from apps.recovery.models import Case

TASK_TITLES = {
    "collect": gettext_lazy("Write down what happened"),
    "apologise": gettext_lazy("Say sorry"),
    "ask": gettext_lazy("Ask whether it is good again"),
    "answer": gettext_lazy("Note what they said"),
    "make_right": gettext_lazy("A step to make it right"),
    "prevent": gettext_lazy("A step so that it does not happen again"),
    "promise": gettext_lazy("A promise to the customer"),
    "offer": gettext_lazy("Give something"),
    "escalate": gettext_lazy("Hand it to somebody who may decide"),
    "assign": gettext_lazy("Give the case to"),
    "note": gettext_lazy("A note for the team"),
    "close": gettext_lazy("Close the case"),
}


@staff_required("recovery.view")
def board(request: StaffRequest) -> HttpResponse:
    """Show the open cases by stage, or the closed ones as a list."""
    now = clock.now()
    mine = request.GET.get("whose") == "mine"
    counts = queries.count_views(actor=focused(request), now=now)
    context: dict[str, Any] = {
        "counts": counts,
        "segments": _segments(request, counts),
        "may_work": request.actor.can("recovery.work"),
    }
    if request.GET.get("view") == "closed":
        page = keyset_page(
            queries.list_closed(actor=focused(request), mine=mine),
            by="opened_at",
            cursor=request.GET.get("cursor", ""),
        )
        return render_page(request, "web/recovery/closed.html", {**context, "cases": page})
    cards = [_card(case, now) for case in queries.list_board(actor=focused(request), mine=mine)]
    columns = [
        {
            "title": stage.label,
            "icon": panels.ICONS[stage],
            "cards": _of(cards, stage),
            "count": len(_of(cards, stage)),
        }
        for stage in Stage
    ]
    return render_page(
        request, "web/recovery/board.html", {**context, "columns": columns, "total": len(cards)}
    )


def _of(cards: list[dict[str, Any]], stage: Stage) -> list[dict[str, Any]]:
    return [card for card in cards if card["case"].stage == stage]


def _card(case: "Case", now: Any) -> dict[str, Any]:
    return {
        "case": case,
        "left": words.time_left(case.due_at, now),
        "share": words.share_left(case.stage_at, case.due_at, now),
        "is_late": case.due_at is not None and case.due_at <= now,
        "waits": case.status == CaseStatus.WAITING,
    }


def _segments(request: StaffRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    view, whose = request.GET.get("view", ""), request.GET.get("whose", "")
    return [
        {
            "title": _("All open"),
            "url": "?",
            "current": not view and whose != "mine",
            "count": counts["open"],
        },
        {
            "title": _("Mine"),
            "url": "?whose=mine",
            "current": not view and whose == "mine",
            "count": counts["mine"],
        },
        {
            "title": _("Closed"),
            "url": "?view=closed",
            "current": view == "closed",
            "count": counts["closed"],
        },
    ]


@staff_required("recovery.work")
def create(request: StaffRequest) -> HttpResponse:
    """Open a case for something that nobody wrote a review about."""
    places = locations.list_locations(actor=request.actor)
    if request.method != "POST":
        form = CaseForm(locations=places, initial={"customer": _known(request)})
        return render_page(request, "web/recovery/create.html", {"form": form})
    form = CaseForm(request.POST, locations=places)
    if form.is_valid():
        try:
            case = services.open_case_by_hand(
                kind=form.cleaned_data["kind"],
                title=form.cleaned_data["title"],
                severity=form.cleaned_data["severity"],
                quote=form.cleaned_data["quote"],
                customer=_find_customer(request, form.cleaned_data["customer"]),
                location=locations.find_location(
                    form.cleaned_data["location"] or None, actor=request.actor
                ),
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            return redirect("web:recovery:case", case.pk)
    return render_page(request, "web/recovery/create.html", {"form": form}, status=422)


def _known(request: StaffRequest) -> str:
    """Return what stands for the customer whose page one comes from."""
    try:
        wanted = UUID(request.GET.get("customer", ""))
        customer = customers.get_customer(actor=request.actor, customer_id=wanted)
    except (ValueError, NotFoundError):
        return ""
    contacts = customers.list_contacts([customer.pk]).get(customer.pk, [])
    return contacts[0].address if contacts else customer.name


def _find_customer(request: StaffRequest, text: str) -> "Customer | None":
    if not text.strip():
        return None
    found = list(customers.search_customers(text, actor=request.actor)[:2])
    if len(found) == 1:
        return found[0]
    message = (
        _("Several customers match. Use their email address or phone number.")
        if found
        else _("Nobody of this name or address is in Customers. Leave it empty, or add them first.")
    )
    raise AppError(message, field="customer")


@staff_required("recovery.view")
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Show one case; ``?do=`` opens the form of a task."""
    found = queries.get_case(actor=request.actor, case_id=case_id)
    return show_case(request, found, task=request.GET.get("do", ""))


def show_case(
    request: StaffRequest,
    case: "Case",
    *,
    task: str = "",
    form: django_forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a case with the form of a task, if one is open."""
    now, actor = clock.now(), request.actor
    is_open = case.status != CaseStatus.CLOSED
    may_work = actor.can("recovery.work") and is_open
    facts = queries.get_facts(case=case)
    events = queries.list_timeline(case=case)
    if may_work and form is None:
        form = panels.make_form(task, case, actor)
    context = {
        "case": case,
        "failure": case.failure,
        "is_open": is_open,
        "may_work": may_work,
        "may_settle": actor.can("recovery.work"),
        "may_reopen": actor.can("recovery.work") and not is_open,
        "may_close_early": actor.can("recovery.close"),
        "crumbs": [{"title": _("Recovery"), "url": panels.link_to("web:recovery:board")}],
        "stages": panels.stages(case, events, now),
        "plans": panels.plans(case, now),
        "promises": panels.promises(case, now),
        "missing": queries.list_missing(case=case) if is_open else [],
        "next": panels.next_step(case, facts),
        "timeline": words.tell_all(events),
        "settlement": panels.settlement(case, actor, now),
        "offers": panels.offer_cards(case, actor, now),
        "offer_bars": panels.offer_bars(case, now),
        "is_apologised": facts.is_apologised,
        "may_offer": actor.can("offers.issue") and is_open,
        "page_url": panels.customer_page(case) if actor.can("recovery.work") else "",
        "customer_url": panels.link_to("web:customers:customer", case.customer_id)
        if actor.can("customers.view") and _sees_customer(actor, case)
        else "",
        "review_url": panels.link_to("web:reviews:review", case.failure.review_id),
        "task": task if may_work and form is not None else "",
        "task_title": TASK_TITLES.get(task, ""),
        "form": form if may_work else None,
        "moves": queries.list_moves(case=case),
    }
    return render_page(request, "web/recovery/case.html", context, status=status)


def _sees_customer(actor: "Actor", case: "Case") -> bool:
    return case.customer is not None and actor.sees_location(case.customer.location_id)


@staff_required("recovery.work")
@require_POST
def check(request: StaffRequest) -> HttpResponse:
    """Look through the words of an apology while they are written; nothing is kept."""
    text = request.POST.get("text", "")[:5000]
    findings = checks.check_text("apology", text)
    context = {
        "findings": findings,
        "parts": count_parts(findings),
        "is_blocked": checks.is_blocked(findings),
        "is_empty": not text.strip(),
    }
    return render_page(request, "web/recovery/_checks.html", context)
