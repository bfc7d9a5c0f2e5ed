"""Cases: allowed moves, clocks, playbooks, and everything that keeps one open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.failures.choices import FailureKind
from apps.recovery import rules
from apps.recovery.choices import Outcome, Stage
from apps.recovery.rules import CaseFacts

OPENED = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("current", "following", "expected"),
    [
        (Stage.COLLECT, Stage.APOLOGISE, True),
        (Stage.COLLECT, Stage.RESPOND, False),
        (Stage.APOLOGISE, Stage.RESPOND, True),
        (Stage.RESPOND, Stage.APOLOGISE, True),
        (Stage.RESPOND, Stage.ESCALATE, True),
        (Stage.ESCALATE, Stage.RESPOND, True),
        (Stage.COLLECT, Stage.COLLECT, False),
    ],
)
def test_can_move(current: Stage, following: Stage, *, expected: bool) -> None:
    assert rules.can_move(current, following) is expected


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.ESCALATE])
def test_every_stage_can_be_escalated(stage: Stage) -> None:
    assert rules.can_move(stage, Stage.ESCALATE) is True


@pytest.mark.parametrize(
    ("stage", "severity", "hours"),
    [
        (Stage.COLLECT, 3, 4),
        (Stage.COLLECT, 5, 1),
        (Stage.APOLOGISE, 4, 24),
        (Stage.APOLOGISE, 5, 4),
        (Stage.RESPOND, 1, 72),
        (Stage.RESPOND, 5, 24),
        (Stage.ESCALATE, 3, 24),
        (Stage.ESCALATE, 5, 4),
    ],
)
def test_due_at(stage: Stage, severity: int, hours: int) -> None:
    assert rules.due_at(stage, OPENED, severity) == OPENED + timedelta(hours=hours)


DONE = CaseFacts(
    outcome=Outcome.SETTLED,
    is_understood=True,
    is_apologised=True,
    make_right_items=2,
    prevent_items=1,
    is_customer_asked=True,
)


def test_may_close_when_all_is_done() -> None:
    assert rules.may_close(DONE) == []
    assert rules.next_step(DONE) is None


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"is_understood": False}, ["Write down what happened."]),
        ({"is_apologised": False}, ["Nobody has apologised yet."]),
        ({"make_right_items": 0}, ["Plan what makes it right for this customer."]),
        ({"make_right_open": 1}, ["Do the last step that makes it right."]),
        ({"prevent_items": 0}, ["Plan what keeps it from happening again."]),
        ({"prevent_open": 2}, ["Do the 2 steps that keep it from happening again."]),
        ({"promises_open": 1}, ["Keep or settle 1 promise."]),
        ({"is_customer_asked": False}, ["Ask the customer whether it is put right."]),
        ({"is_customer_asked": False, "returned": True}, []),
        ({"is_customer_asked": False, "is_reachable": False}, []),
        ({"outcome": Outcome.RETURNED}, ["The customer has not come back yet."]),
        ({"outcome": Outcome.RETURNED, "returned": True}, []),
    ],
)
def test_may_close_names_what_is_missing(changes: dict[str, object], missing: list[str]) -> None:
    assert rules.may_close(replace(DONE, **changes)) == missing  # type: ignore[arg-type]


def test_may_close_of_a_fresh_case_names_it_all() -> None:
    assert rules.may_close(CaseFacts(promises_open=2)) == [
        "Write down what happened.",
        "Keep or settle 2 promises.",
        "Nobody has apologised yet.",
        "Plan what makes it right for this customer.",
        "Plan what keeps it from happening again.",
        "Ask the customer whether it is put right.",
    ]


@pytest.mark.parametrize("outcome", [Outcome.NOT_OURS, Outcome.PARTED])
def test_may_close_without_the_whole_way_needs_a_reason(outcome: Outcome) -> None:
    assert rules.may_close(CaseFacts(outcome=outcome)) == ["Write down why."]
    assert rules.may_close(CaseFacts(outcome=outcome, has_note=True)) == []
    open_promise = CaseFacts(outcome=outcome, has_note=True, promises_open=1)
    assert rules.may_close(open_promise) == ["Keep or settle 1 promise."]


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"is_understood": False, "is_apologised": False}, Stage.COLLECT),
        ({"is_apologised": False}, Stage.APOLOGISE),
        ({"make_right_open": 1}, Stage.RESPOND),
    ],
)
def test_next_step(changes: dict[str, object], stage: Stage) -> None:
    step = rules.next_step(replace(DONE, **changes))  # type: ignore[arg-type]
    assert step is not None
    assert step.stage == stage
    assert step.why


@pytest.mark.parametrize("kind", list(FailureKind))
@pytest.mark.parametrize("severity", [1, 5])
def test_pick_playbook_has_both_plans(kind: FailureKind, severity: int) -> None:
    book = rules.pick_playbook(kind, severity)
    assert book.key == kind
    assert book.make_right
    assert book.prevent
    assert max(map(len, (*book.make_right, *book.prevent))) <= 200
    assert len(book.title) <= 80


def test_pick_playbook_begins_a_grave_case_with_a_call() -> None:
    assert rules.pick_playbook("wait", 4).make_right[0] == "Call the customer today"
    assert rules.pick_playbook("wait", 3).make_right[0] != "Call the customer today"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("We are sorry.", "Hello Nora,\n\nWe are sorry.\n\nBob Byrne"),
        ("Dear Nora,\nWe are sorry.\nBob", "Dear Nora,\nWe are sorry.\nBob"),
        ("Nora,\n\nWe are sorry.", "Nora,\n\nWe are sorry.\n\nBob Byrne"),
        ("Hi! Sorry.\n\nBob Byrne,\nManager", "Hi! Sorry.\n\nBob Byrne,\nManager"),
        (" Sorry.\n- Bob\n", "Hello Nora,\n\nSorry.\n- Bob"),
    ],
)
def test_a_letter_has_a_greeting_and_a_name_once(text: str, sent: str) -> None:
    assert rules.complete_letter(text, name="Nora", signer="Bob Byrne") == sent


def test_a_letter_to_somebody_without_a_name_greets_all_the_same() -> None:
    assert rules.complete_letter("Sorry.", name="", signer="Bob") == "Hello,\n\nSorry.\n\nBob"
