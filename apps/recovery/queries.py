"""Reads about cases: the board, one case with its plans and promises, its timeline."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.core.db import within
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.customers.choices import ContactStatus
from apps.customers.models import ContactPoint
from apps.failures.choices import FailureStatus
from apps.journal import queries as journal
from apps.journal.models import Entry
from apps.offers import queries as offers
from apps.recovery import rules
from apps.recovery.choices import CaseStatus, Outcome, Plan, Stage
from apps.recovery.models import Apology, Case, CaseNote, PlanItem, Promise
from apps.recovery.rules import CaseFacts, NextStep
from apps.staff import queries as staff

OPEN = (CaseStatus.OPEN, CaseStatus.WAITING)
BOARD_SIZE = 300


def list_cases(*, actor: Actor, mine: bool = False) -> QuerySet[Case]:
    """Return the cases in the actor's places, newest first; all of them or the actor's own."""
    cases = Case.objects.select_related("customer", "location", "owner", "failure")
    cases = within(actor, cases)
    if mine:
        cases = cases.filter(owner_id=actor.id)
    return cases.order_by("-opened_at", "-id")


def list_board(*, actor: Actor, mine: bool = False) -> list[Case]:
    """Return the open cases, the most pressing first."""
    cases = list_cases(actor=actor, mine=mine).filter(status__in=OPEN)
    return list(cases.order_by("due_at", "-severity", "id")[:BOARD_SIZE])


def list_closed(*, actor: Actor, mine: bool = False) -> QuerySet[Case]:
    """Return the closed cases."""
    return list_cases(actor=actor, mine=mine).filter(status=CaseStatus.CLOSED)


def count_views(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Return how many cases are open, mine, late and closed, from one query."""
    is_open = Q(status__in=OPEN)
    return (
        list_cases(actor=actor)
        .order_by()
        .aggregate(
            open=Count("id", filter=is_open),
            mine=Count("id", filter=is_open & Q(owner_id=actor.id)),
            late=Count("id", filter=is_open & Q(due_at__lte=now)),
            closed=Count("id", filter=Q(status=CaseStatus.CLOSED)),
        )
    )


def get_case(*, actor: Actor, case_id: UUID) -> Case:
    """Return one case; NotFoundError when it is not there or not in the actor's places."""
    case = list_cases(actor=actor).select_related("failure__review").filter(pk=case_id).first()
    if case is None:
        message = "This case does not exist."
        raise NotFoundError(message)
    return case


def find_case(*, case_id: UUID) -> Case | None:
    """Return the case that a customer's own link leads to."""
    related = ("customer", "location", "owner", "failure")
    return Case.objects.select_related(*related).filter(pk=case_id).first()


def find_by_failure(*, failure_id: UUID) -> Case | None:
    """Return the case of a failure."""
    return Case.objects.filter(failure_id=failure_id).first()


def list_customer_cases(*, actor: Actor, customer_ids: list[UUID]) -> QuerySet[Case]:
    """Return the cases of a customer in the actor's places, newest first."""
    cases = within(actor, Case.objects.filter(customer_id__in=customer_ids))
    return cases.order_by("-opened_at", "-id")


def list_moves(*, case: Case) -> list[Stage]:
    """Return the stages that a case may go to by hand, in their order."""
    return [stage for stage in Stage if rules.can_move(case.stage, stage)]


def list_plan_items(*, case: Case) -> list[PlanItem]:
    """Return the steps of both plans in the order they were made."""
    return list(
        PlanItem.objects.select_related("owner").filter(case=case).order_by("position", "id")
    )


def list_promises(*, case: Case) -> list[Promise]:
    """Return the promises, those first that somebody has to say a word on, soonest first."""
    promises = Promise.objects.select_related("made_by").filter(case=case).order_by("-id")
    return sorted(promises, key=lambda one: (one.settled_at is not None, one.due_at))


def list_all_promises(*, actor: Actor) -> QuerySet[Promise]:
    """Return the promises in the actor's cases; order it with ``keyset_page``."""
    rows = Promise.objects.select_related("case")
    if actor.location_ids is None:
        return rows
    places = Q(case__location=None) | Q(case__location__in=actor.location_ids)
    return rows.filter(places)


def get_promise(*, actor: Actor, promise_id: UUID) -> Promise:
    """Return one promise of the actor's cases; NotFoundError without it."""
    promise = list_all_promises(actor=actor).filter(pk=promise_id).first()
    if promise is None:
        message = "There is no such promise."
        raise NotFoundError(message)
    return promise


def list_apologies(*, case: Case) -> list[Apology]:
    """Return how somebody said sorry, the newest first."""
    return list(Apology.objects.select_related("by").filter(case=case).order_by("-id"))


def list_notes(*, case: Case) -> list[CaseNote]:
    """Return the words about a case, the newest first."""
    return list(CaseNote.objects.select_related("author").filter(case=case).order_by("-id"))


def get_facts(*, case: Case, outcome: str = Outcome.SETTLED, has_note: bool = False) -> CaseFacts:
    """Return where a case stands now, counted from its rows."""
    plans = PlanItem.objects.filter(case=case).aggregate(
        make_right_items=Count("id", filter=Q(plan=Plan.MAKE_RIGHT)),
        make_right_open=Count("id", filter=Q(plan=Plan.MAKE_RIGHT, done_at=None)),
        prevent_items=Count("id", filter=Q(plan=Plan.PREVENT)),
        prevent_open=Count("id", filter=Q(plan=Plan.PREVENT, done_at=None)),
    )
    reachable = ContactPoint.objects.filter(customer=case.customer, status=ContactStatus.OK)
    return CaseFacts(
        outcome=outcome,
        is_understood=case.failure.status != FailureStatus.RECORDED,
        is_apologised=case.failure.apologised_at is not None,
        promises_open=Promise.objects.filter(case=case, settled_at=None).count(),
        is_customer_asked=case.asked_at is not None,
        is_reachable=case.customer is not None and reachable.exists(),
        returned=case.returned_at is not None,
        has_note=has_note,
        **plans,
    )


def list_missing(
    *, case: Case, outcome: str = Outcome.SETTLED, has_note: bool = False
) -> list[str]:
    """Return in sentences what has to happen before the case may close."""
    return rules.may_close(get_facts(case=case, outcome=outcome, has_note=has_note))


def find_next_step(*, facts: CaseFacts) -> NextStep | None:
    """Return what to do now in a case, and why; None when it may be closed."""
    return rules.next_step(facts)


@dataclass(frozen=True)
class StageView:
    """How one stage of a case stands: ``state`` is done, now or next."""

    stage: Stage
    state: str
    due_at: datetime
    done_at: datetime | None


def list_stages(*, case: Case, events: list["Event"]) -> list[StageView]:
    """Return the four stages of a case with their clocks; ``events`` are those of its timeline."""
    first = {event.kind: event.at for event in events}  # newest first: the oldest stays
    done: dict[Stage, datetime | None] = {
        Stage.COLLECT: first.get("failure.understood"),
        Stage.APOLOGISE: case.failure.apologised_at,
        Stage.RESPOND: case.closed_at,
        Stage.ESCALATE: None,
    }
    return [
        StageView(
            stage=stage,
            state=_stage_state(case, stage, done[stage]),
            due_at=_stage_due(case, stage),
            done_at=done[stage],
        )
        for stage in Stage
    ]


def _stage_state(case: Case, stage: Stage, done_at: datetime | None) -> str:
    if case.stage == stage and case.status != CaseStatus.CLOSED:
        return "now"
    return "done" if done_at else "next"


def _stage_due(case: Case, stage: Stage) -> datetime:
    if case.stage == stage and case.due_at is not None:
        return case.due_at
    begin = (case.escalated_at or case.opened_at) if stage == Stage.ESCALATE else case.opened_at
    return rules.due_at(stage, begin, case.severity)


@dataclass(frozen=True)
class Event:
    """One thing that happened in a case."""

    at: datetime
    kind: str
    who: str
    data: dict[str, object]
    text: str = ""


def list_timeline(*, case: Case) -> list[Event]:
    """Return what happened in a case, newest first: facts of everything that hangs on it, notes."""
    texts = dict(Promise.objects.filter(case=case).values_list("pk", "text"))
    texts |= dict(offers.list_for_failure(failure_id=case.failure_id).values_list("pk", "title"))
    about = [case.pk, case.failure_id, *texts]
    if case.failure.review_id:
        about.append(case.failure.review_id)
    texts |= dict(PlanItem.objects.filter(case=case).values_list("pk", "text"))
    entries = list(
        journal.list_entries_about(
            kinds=["case", "failure", "review", "promise", "offer"], subject_ids=about
        )
    )
    names = {member.pk: member.name for member in staff.list_members()}
    events = [_read_entry(entry, names, texts) for entry in entries]
    events += [
        Event(
            at=note.created_at,
            kind="note.customer" if note.is_from_customer else "note.staff",
            who=note.author.name if note.author else "",
            data={},
            text=note.text,
        )
        for note in list_notes(case=case)
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _read_entry(entry: Entry, names: dict[UUID, str], texts: dict[UUID, str]) -> Event:
    who = names.get(entry.actor_id, "") if entry.actor_id else ""
    about = entry.data.get("plan_item_id") or entry.subject_id
    text = texts.get(UUID(str(about)), "") if about else ""
    return Event(at=entry.at, kind=entry.kind, who=who, data=entry.data, text=text)
