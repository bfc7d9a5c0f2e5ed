"""What stands on the page of a case: one function for each pane."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.consent import queries as consent
from apps.core import tokens
from apps.core.facts import Actor
from apps.core.money import Money
from apps.customers import queries as customers
from apps.offers import queries as offers
from apps.offers.choices import OfferState
from apps.recovery import queries
from apps.recovery.choices import ApologyWay, CaseStatus, Plan, PromiseState, Stage
from apps.staff import queries as staff
from apps.tenants import queries as tenants
from apps.tenants import wall
from apps.web.recovery import forms, words
from apps.web.shared.approval import may_approve, wait_words

if TYPE_CHECKING:
    from apps.customers.models import ContactPoint
    from apps.offers.models import Offer
    from apps.recovery.models import Case
    from apps.staff.models import Member

ICONS = {
    Stage.COLLECT: "search",
    Stage.APOLOGISE: "recovery",
    Stage.RESPOND: "wrench",
    Stage.ESCALATE: "up",
}
TASKS = {
    Stage.COLLECT: ("collect", "edit"),
    Stage.APOLOGISE: ("apologise", "recovery"),
    Stage.RESPOND: ("ask", "help"),
}


def stages(case: "Case", events: list[queries.Event], now: datetime) -> list[dict[str, Any]]:
    """Return the four stages with their clocks, for ``c-stages``."""
    shown = []
    for view in queries.list_stages(case=case, events=events):
        begin = case.stage_at if view.stage == case.stage else case.opened_at
        is_now = view.state == "now"
        done = view.state == "done"
        share = words.share_left(begin, view.due_at, now) if is_now else (100 if done else None)
        shown.append(
            {
                "title": str(view.stage.label),
                "state": view.state,
                "share": share,
                "tone": "good" if done else ("auto" if is_now else ""),
                "icon": "check" if done else ICONS[view.stage],
                "when": _stage_time(case, view, now),
                "note": _stage_note(case, view),
            }
        )
    return shown


def _stage_time(case: "Case", view: queries.StageView, now: datetime) -> str:
    whole = words.duration(view.due_at - case.opened_at)
    if view.state == "now":
        return words.time_left(view.due_at, now)
    if view.done_at is not None:
        took = words.duration(view.done_at - case.opened_at)
        return _("Took %(took)s of %(whole)s") % {"took": took, "whole": whole}
    if view.stage == Stage.ESCALATE:
        return _("Only if needed")
    if case.status == CaseStatus.CLOSED:
        return _("Not done")
    return _("Due %(when)s") % {"when": words.moment(view.due_at, now)}


def _stage_note(case: "Case", view: queries.StageView) -> str:
    notes = {
        Stage.COLLECT: _("What happened, from all sides"),
        Stage.APOLOGISE: _("A person says sorry"),
        Stage.RESPOND: _("Both plans, then ask"),
        Stage.ESCALATE: _("By itself, when a stage is late"),
    }
    if view.stage == Stage.ESCALATE and view.state == "now" and case.owner:
        return _("With %(name)s") % {"name": case.owner.name}
    return notes[view.stage]


def plans(case: "Case", now: datetime) -> list[dict[str, Any]]:
    """Return the two plans side by side."""
    items = queries.list_plan_items(case=case)
    name = case.customer.first_name if case.customer else ""
    titles = {
        Plan.MAKE_RIGHT: _("Make it right for %(name)s") % {"name": name} if name
        else _("Make it right"),
        Plan.PREVENT: _("Keep it from happening again"),
    }  # fmt: skip
    shown = []
    for plan, title in titles.items():
        steps = [item for item in items if item.plan == plan]
        shown.append(
            {
                "plan": plan.value,
                "title": title,
                "done": sum(1 for item in steps if item.done_at),
                "total": len(steps),
                "steps": [
                    {
                        "item": item,
                        "when": _step_time(item.done_at, item.due_at, now),
                        "is_late": bool(item.due_at and not item.done_at and item.due_at <= now),
                    }
                    for item in steps
                ],
            }
        )
    return shown


def _step_time(done_at: datetime | None, due_at: datetime | None, now: datetime) -> str:
    if done_at is not None:
        return _("done %(when)s") % {"when": words.moment(done_at, now)}
    return words.moment(due_at, now) if due_at else ""


def promises(case: "Case", now: datetime) -> list[dict[str, Any]]:
    """Return the promises with their clocks."""
    return [
        {
            "promise": promise,
            "until": words.moment(promise.due_at, now),
            "left": words.time_left(promise.due_at, now),
            "share": words.share_left(promise.created_at, promise.due_at, now),
            "is_late": promise.due_at <= now,
            "is_open": promise.settled_at is None,
            "is_broken": promise.state == PromiseState.BROKEN,
            "settled": words.moment(promise.settled_at, now) if promise.settled_at else "",
        }
        for promise in queries.list_promises(case=case)
    ]


def ways(case: "Case") -> list[tuple[str, str]]:
    """Return how this customer can be reached, addresses written out."""
    found: list[ContactPoint] = []
    if case.customer_id is not None:
        found = customers.list_contacts([case.customer_id]).get(case.customer_id, [])
    reachable = {point.channel: point for point in found if point.status == "ok"}
    shown = []
    for way in ApologyWay:
        if way.value in reachable:
            shown.append((way.value, f"{way.label} ({reachable[way.value].shown})"))
        elif way in (ApologyWay.PHONE, ApologyWay.IN_PERSON):
            shown.append((way.value, str(way.label)))
    return shown


def settlement(case: "Case", actor: Actor, now: datetime) -> dict[str, Any]:
    """Return how much has been given and how much the member may still give alone."""
    limits = offers.get_limits(failure=case.failure, member_id=actor.id, now=now)

    def money(minor: int) -> str:
        return str(Money(minor, limits.currency))

    of = _("of %(money)s")
    note = _allowed_by(case, actor)
    name = case.customer.first_name if case.customer else ""
    year = _("%(name)s, this year") % {"name": name} if name else _("This customer, this year")
    most = offers.find_most(failure=case.failure, now=now)
    return {
        "left": money(limits.left),
        "most": money(most),
        "may_more": most > limits.left,
        "has_left": limits.left > 0,
        "meters": [
            {
                "title": title,
                "value": used,
                "total": limit,
                "value_words": money(used),
                "total_words": of % {"money": money(limit)},
                "tone": "bad" if used > limit else "",
                "note": note if used > limit else "",
            }
            for title, used, limit in (
                (_("This case"), limits.case_used, limits.limit),
                (year, limits.year_used, limits.year_limit),
            )
        ],
    }


def _allowed_by(case: "Case", actor: Actor) -> str:
    """Say who gave or allowed what is more than the actor may give."""
    givers = [
        giver.name
        for offer in offers.list_for_failure(failure_id=case.failure_id)
        if offer.state in offers.COUNTED and (giver := offer.approved_by or offer.issued_by)
        if giver.pk != actor.id
    ]
    names = " · ".join(sorted(set(givers)))
    return _("above your limit; allowed by %(who)s") % {"who": names} if names else ""


def offer_cards(case: "Case", actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the offers made because of this failure, with what may be done with each."""
    rows = list(offers.list_for_failure(failure_id=case.failure_id))
    approvers = offers.map_approvers(rows, now)
    return [offer_card(offer, actor, approvers.get(offer.pk, [])) for offer in rows]


def offer_card(offer: "Offer", actor: Actor, approvers: "list[Member]") -> dict[str, Any]:
    """Return one offer as the case page shows it."""
    is_open = offer.state in (OfferState.ISSUED, OfferState.WAITING_APPROVAL)
    tones = {
        OfferState.ISSUED: "accent",
        OfferState.REDEEMED: "good",
        OfferState.WAITING_APPROVAL: "warn",
    }
    may_revoke = actor.can("offers.approve") or (
        actor.can("offers.issue") and offer.issued_by_id == actor.id
    )
    return {
        "offer": offer,
        "tone": tones.get(OfferState(offer.state), ""),
        "value": str(Money(offer.value_minor, offer.currency)),
        "waits": offer.state == OfferState.WAITING_APPROVAL,
        "is_issued": offer.state == OfferState.ISSUED,
        "may_approve": may_approve(actor, approvers),
        "wait_words": wait_words(actor, approvers),
        "may_revoke": is_open and may_revoke,
    }


def offer_bars(case: "Case", now: datetime) -> str:
    """Say whether the customer may be sent an offer, or has to be told in person."""
    if case.customer_id is None:
        return _("There is no customer on this case: tell them in person.")
    points = customers.list_contacts([case.customer_id]).get(case.customer_id, [])
    questions = [
        consent.GateQuestion(
            key=point.pk,
            channel=point.channel,
            purpose="winback_offer",
            address_hash=point.address_hash,
            zones=point.zones,
        )
        for point in points
        if point.status == "ok"
    ]
    decisions = consent.bars(questions, now) if questions else {}
    later = {"quiet", "capped"}
    if any(one.allowed or one.reason in later for one in decisions.values()):
        return ""
    return _("Told in person only: the customer has not agreed to offers by mail or text.")


def next_step(case: "Case", facts: Any) -> dict[str, Any]:
    """Return what to do now, why, and which form does it."""
    if case.status == CaseStatus.CLOSED:
        return {"title": _("This case is closed"), "why": case.close_note, "href": "", "icon": ""}
    step = queries.find_next_step(facts=facts)
    if step is None:
        why = _("Both plans are done and the customer has been asked.")
        if facts.returned and not facts.is_customer_asked:
            why = _("Both plans are done and the customer came back.")
        elif not facts.is_customer_asked:
            why = _("Both plans are done, and there is no address to ask the customer at.")
        return {
            "title": _("Close the case"),
            "why": why,
            "href": "?do=close#work",
            "icon": "archive",
        }
    task, icon = TASKS.get(step.stage, ("", ""))
    if step.stage == Stage.RESPOND:
        place = _find_open_work(facts)
        if place:
            return {"title": step.title, "why": step.why, "href": place, "icon": "down"}
        task, icon = _respond_task(facts)
    return {"title": step.title, "why": step.why, "href": f"?do={task}#work", "icon": icon}


def _find_open_work(facts: Any) -> str:
    """Return where on the page something is ticked off before anything else; nothing: nowhere."""
    if facts.promises_open:
        return "#promises"
    if facts.make_right_open:
        return f"#plan-{Plan.MAKE_RIGHT}"
    if facts.make_right_items and facts.prevent_open:
        return f"#plan-{Plan.PREVENT}"
    return ""


def _respond_task(facts: Any) -> tuple[str, str]:
    """Return which form does the next step, and its icon."""
    if not facts.make_right_items:
        return Plan.MAKE_RIGHT.value, "plus"
    if not facts.prevent_items:
        return Plan.PREVENT.value, "plus"
    return TASKS[Stage.RESPOND]


def customer_page(case: "Case") -> str:
    """Return the address of the customer's own page of this case."""
    business = wall.current_business()
    return f"{tenants.base_url(business)}/c/{tokens.sign(business.uuid, 'c', case.pk)}/"


def link_to(name: str, *args: object) -> str:
    """Return the address of a page, or nothing where it does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def make_form(task: str, case: "Case", actor: Actor) -> django_forms.Form | None:
    """Return the empty form of a task, filled with what is known."""
    if task == "collect":
        failure = case.failure
        return forms.CollectForm(
            initial={
                "what_happened": failure.what_happened,
                "cause": failure.cause,
                "kind": failure.kind,
                "severity": failure.severity,
            }
        )
    if task == "offer":
        return forms.OfferForm(remedies=offers.list_remedies(failure_kind=case.failure.kind))
    if task == "assign":
        return forms.AssignForm(
            members=staff.list_assignable(location_id=case.location_id),
            initial={"owner": str(case.owner_id or "")},
        )
    if task == "close":
        return forms.CloseForm(needs_note=needs_note(case, actor))
    return _plain_form(task, case)


def needs_note(case: "Case", actor: Actor) -> bool:
    """Tell whether a case closes only with a word why: who may close it early has to say it."""
    return actor.can("recovery.close") and bool(queries.list_missing(case=case))


def _plain_form(task: str, case: "Case") -> django_forms.Form | None:
    if task in {"apologise", "ask"}:
        known = ways(case)
        kind = forms.ApologyForm if task == "apologise" else forms.AskForm
        return kind(ways=known, initial={"how": known[0][0]})
    plain: Mapping[str, type[django_forms.Form]] = {
        "answer": forms.AnswerForm,
        "make_right": forms.StepForm,
        "prevent": forms.StepForm,
        "promise": forms.PromiseForm,
        "escalate": forms.EscalateForm,
        "note": forms.NoteForm,
    }
    return plain[task]() if task in plain else None
