"""Who is asked, by which messages: conditions and steps that are taken, and those that are not."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.campaigns import rules
from apps.campaigns.rules import Conditions, StepPlan
from apps.core.errors import AppError
from apps.core.facts import Actor

PLACE = UUID(int=7)
EMAIL = ("email", 0, "How was it?", "Tell us: {{ link }}")
SMS = ("sms", 72, "", "Tell us: {{ link }}")


def test_conditions_are_read_as_they_are_stored() -> None:
    raw = {
        "locations": [str(PLACE)],
        "tags": ["vip"],
        "since": "2026-01-01",
        "until": "2026-02-01",
        "import": str(PLACE),
    }
    found = rules.read_conditions(raw)
    assert found == Conditions((PLACE,), ("vip",), date(2026, 1, 1), date(2026, 2, 1), PLACE)
    assert found.as_json() == raw
    assert rules.read_conditions({}) == Conditions()
    assert Conditions().as_json() == {}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"rating": 5}, "audience_unknown_condition"),
        ({"locations": ["nowhere"]}, "audience_invalid"),
        ({"locations": 7}, "audience_invalid"),
        ({"import": "x"}, "audience_invalid"),
        ({"since": "yesterday"}, "audience_invalid"),
        ({"since": "1600-01-01"}, "audience_day"),
        ({"until": "9000-01-01"}, "audience_day"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "audience_dates"),
    ],
)
def test_conditions_that_cannot_be(raw: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as caught:
        rules.read_conditions(raw)
    assert caught.value.code == code


def test_who_sees_some_places_chooses_among_those() -> None:
    free = Actor(kind="staff")
    own = Actor(kind="staff", location_ids=frozenset({PLACE}))
    assert rules.own_conditions({}, free).locations == ()
    assert rules.own_conditions({}, own).locations == (PLACE,)
    assert rules.own_conditions({"locations": [str(PLACE)]}, own).locations == (PLACE,)
    with pytest.raises(AppError, match="your own locations") as caught:
        rules.own_conditions({"locations": [str(uuid4())]}, own)
    assert caught.value.field == "locations"


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([], "no_steps"),
        ([EMAIL] * 20, "too_many_steps"),
        ([("sms", -1, "", "x")], "delay"),
        ([EMAIL, ("sms", 90 * 24 + 1, "", "x")], "delay"),
        ([("email", 0, " ", "x")], "no_subject"),
        ([SMS, ("sms", 0, "", " ")], "no_text"),
    ],
)
def test_messages_that_cannot_be(steps: list[tuple[str, int, str, str]], code: str) -> None:
    with pytest.raises(AppError) as caught:
        rules.check_steps(steps)
    assert caught.value.code == code


def test_messages_that_can_be() -> None:
    rules.check_steps([EMAIL, SMS])


def test_a_step_whose_channel_does_not_reach_somebody_is_passed_over() -> None:
    plans = [
        StepPlan(position=position, channel=channel, delay_hours=0)
        for position, channel in enumerate(("email", "sms", "email"), start=1)
    ]
    sms = frozenset({"sms"})
    assert rules.choose_step(plans, channels=sms, start=1) == plans[1]
    assert rules.choose_step(plans, channels=frozenset({"email"}), start=2) == plans[2]
    assert rules.choose_step(plans, channels=sms, start=3) is None
