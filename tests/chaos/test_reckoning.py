"""The reckoning finds each kind of broken promise, and nothing else."""

import pytest

from tests.chaos.reckoning import Reckoning, Row, reckon


def reckoned(states: dict[str, str], taken: list[str], expected: int | None = None) -> Reckoning:
    rows = [Row(message, state, f"ref-{message}") for message, state in states.items()]
    journal = [{"message": message} for message in taken]
    return reckon(expected=expected or len(rows), rows=rows, journal=journal)


def test_a_clean_run_has_no_faults() -> None:
    found = reckoned({"a": "sent", "b": "delivered", "c": "failed"}, ["a", "b"])

    assert found == Reckoning(3, 2, 0, 0, 0, 0, 0, 0)
    assert found.faults(allowed_unconfirmed=0) == []


@pytest.mark.parametrize(
    ("states", "taken", "expected", "fault"),
    [
        ({"a": "sent"}, ["a", "a"], 1, "doubled: 1"),
        ({"a": "sent"}, [], 1, "lost: 1"),
        ({"a": "sent"}, ["a"], 2, "lost: 1"),
        ({"a": "failed"}, ["a"], 1, "denied: 1"),
        ({"a": "sending"}, [], 1, "stuck: 1"),
        ({"a": "unconfirmed"}, ["a"], 1, "unconfirmed: 1, allowed 0"),
    ],
)
def test_each_broken_promise_is_named(
    states: dict[str, str], taken: list[str], expected: int, fault: str
) -> None:
    found = reckoned(states, taken, expected)

    assert found.faults(allowed_unconfirmed=0) == [fault]


def test_unconfirmed_messages_are_told_apart_by_what_really_happened() -> None:
    found = reckoned({"a": "unconfirmed", "b": "unconfirmed"}, ["a"])

    assert (found.unconfirmed, found.unconfirmed_taken) == (2, 1)
    assert found.faults(allowed_unconfirmed=2) == []


def test_line_without_our_id_is_matched_by_reference() -> None:
    rows = [Row("a", "sent", "SM1")]

    assert reckon(expected=1, rows=rows, journal=[{"message": "", "sid": "SM1"}]).lost == 0
    assert reckon(expected=1, rows=rows, journal=[{"message": "", "sid": "SM2"}]).lost == 1
