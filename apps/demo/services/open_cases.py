"""Cases that are under way when the story ends: one in each stage, clocks running."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.customers.models import Customer
from apps.demo.services.care import Follow, case_of
from apps.demo.stage import Stage
from apps.demo.story.cases import COLLECTED, CRUST, LATE_VAN, SAFETY
from apps.feedback import services as feedback
from apps.recovery import services as recovery
from apps.recovery.models import Case
from apps.reviews.models import Review

GRACE, WEI, NADIA = 5, 31, 32


def _wait(_stage: Stage, _review: Review) -> None:
    """Leave a new case alone: nobody has looked at it yet."""


def _understand(stage: Stage, review: Review) -> None:
    """Know what happened, and owe the apology."""
    own = Follow(stage, case_of(review), COLLECTED)
    stage.cue(own.case.opened_at + timedelta(minutes=70), own.collect)


def _escalate(stage: Stage, review: Review) -> None:
    """Hand the gravest one up at once."""
    own = Follow(stage, case_of(review), SAFETY)

    def hand_up(now: datetime) -> None:
        note = "A child was in hospital. This is not mine to decide; the tray is off the counter."
        recovery.escalate_case(case=own.case, note=note, actor=own.actor, now=now)

    stage.cue(own.case.opened_at + timedelta(minutes=30), own.collect)
    stage.cue(own.case.opened_at + timedelta(minutes=50), hand_up)


UNDER_WAY: Mapping[str, Callable[[Stage, Review], None]] = {
    "fresh": _wait,
    "collected": _understand,
    "safety": _escalate,
}


def cue_told_by_phone(*, stage: Stage) -> None:
    """Cue the cases that nobody wrote about: they were told at the counter and on the phone."""
    stage.cue(stage.read("26h"), lambda now: _late_van(stage, now))
    stage.cue(stage.read("60h"), lambda now: _hard_crust(stage, now))
    stage.cue(stage.read("3h"), lambda now: _wish(stage, now))


def _open(stage: Stage, customer: Customer, opened: datetime, **told: Any) -> Case:
    """Open a case about what the agent was told."""
    return recovery.open_case_by_hand(
        customer=customer,
        location=customer.location,
        actor=stage.who("agent"),
        now=opened,
        **told,
    )


def _late_van(stage: Stage, opened: datetime) -> None:
    """Respond: the agent's offer is above the limit and waits; a promise is due today."""
    case = _open(
        stage,
        stage.people[GRACE],
        opened,
        kind="missing",
        title="Breakfast for twelve came three hours late",
        quote="Twelve people round the table and no bread. You might at least have rung.",
        severity=3,
    )
    own = Follow(stage, case, LATE_VAN)
    for hours, act in ((1, own.collect), (2, own.apologise), (3, own.plan)):
        stage.cue(opened + timedelta(hours=hours), act)
    stage.cue(stage.read("100m"), own.give)
    evening = max(stage.local(stage.now, "18:00"), stage.now + timedelta(hours=2))
    last = stage.local(stage.now + timedelta(days=1), "00:00") - timedelta(minutes=5)

    def promise(now: datetime) -> None:
        due_at = min(evening, last) if last > stage.now else evening
        recovery.make_promise(
            case=case, text=LATE_VAN.promise, due_at=due_at, actor=own.actor, now=now
        )

    stage.cue(stage.read("95m"), promise)


def _hard_crust(stage: Stage, opened: datetime) -> None:
    """Respond: all done, a promise kept, an offer sent; now the customer is asked."""
    case = _open(
        stage,
        stage.people[WEI],
        opened,
        kind="broken",
        title="Two rye loaves, hard as a plank",
        quote="I could have knocked nails in with it. Both of them, on two days.",
        severity=2,
    )
    own = Follow(stage, case, CRUST)
    acts = (
        (1, own.collect), (2, own.apologise), (3, own.promise), (4, own.give),
        (30, own.work_off), (31, own.keep), (40, own.ask),
    )  # fmt: skip
    for hours, act in acts:
        stage.cue(opened + timedelta(hours=hours), act)


def _wish(stage: Stage, now: datetime) -> None:
    """Let somebody ask for a person."""
    feedback.ask_for_contact(
        how="write",
        address="nadia.haddad@example.com",
        text="Could you bake for thirty with no dairy, on the first Saturday of next month?",
        customer=stage.people[NADIA],
        now=now,
    )
