"""Consent rules: the clock in fifty zones, the order of reasons, and words that mean stop."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.consent import rules
from apps.consent.choices import Basis, Channel, Intent, Purpose, Reason
from apps.consent.rules import Cap, ContactFacts, Decision, Window
from apps.core.errors import AppError

ZONES = str.split(
    "Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos America/Anchorage "
    "America/Argentina/Buenos_Aires America/Asuncion America/Bogota America/Caracas "
    "America/Chicago America/Denver America/Edmonton America/Halifax America/Havana "
    "America/Los_Angeles America/Mexico_City America/New_York America/Nuuk America/Phoenix "
    "America/Santiago America/Sao_Paulo America/St_Johns Antarctica/Troll Asia/Beirut "
    "Asia/Dubai Asia/Hong_Kong Asia/Jerusalem Asia/Kabul Asia/Kathmandu Asia/Kolkata "
    "Asia/Riyadh Asia/Seoul Asia/Singapore Asia/Tehran Asia/Tokyo Atlantic/Azores "
    "Australia/Adelaide Australia/Lord_Howe Australia/Perth Australia/Sydney Europe/Athens "
    "Europe/Berlin Europe/Dublin Europe/Lisbon Europe/London Europe/Madrid Europe/Moscow "
    "Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Kiritimati"
)
DAY = Window(time(9), time(20), time(12), time(20))
OPEN = Window(time(0), time(23, 59), time(0), time(23, 59))


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def allowed(instant: datetime, zones: set[str], window: Window = DAY) -> datetime:
    return rules.next_allowed(instant, frozenset(zones), window, default_zone="Europe/London")


@pytest.mark.parametrize(
    ("instant", "zones", "expected"),
    [
        ("2026-11-18T10:00", {"Europe/Berlin"}, "2026-11-18T10:00"),
        ("2026-11-18T07:59:59", {"Europe/Berlin"}, "2026-11-18T08:00"),
        ("2026-11-18T18:59:59", {"Europe/Berlin"}, "2026-11-18T18:59:59"),
        ("2026-11-18T19:00", {"Europe/Berlin"}, "2026-11-19T08:00"),
        # Saturday evening waits for Sunday noon.
        ("2026-11-21T19:30", {"Europe/Berlin"}, "2026-11-22T11:00"),
        # Both coasts: from nine in the west until eight in the east.
        ("2026-11-18T14:30", {"America/New_York", "America/Los_Angeles"}, "2026-11-18T17:00"),
        ("2026-11-19T01:30", {"America/New_York", "America/Los_Angeles"}, "2026-11-19T17:00"),
        # No zone, an unknown one, or too many: the place's own zone.
        ("2026-11-18T08:30", set(), "2026-11-18T09:00"),
        ("2026-11-18T08:30", {"Etc/Unknown"}, "2026-11-18T09:00"),
        ("2026-11-18T08:30", set(ZONES[:5]), "2026-11-18T09:00"),
    ],
)
def test_next_allowed_is_the_first_moment_open_everywhere(
    instant: str, zones: set[str], expected: str
) -> None:
    assert allowed(at(instant), zones) == at(expected)


def test_next_allowed_skips_a_gap_to_its_far_side() -> None:
    night = Window(time(2, 30), time(5), time(2, 30), time(5))
    hard = OPEN
    found = rules.next_allowed(
        at("2026-03-29T00:00"), frozenset({"Europe/Berlin"}), night, hard, default_zone="UTC"
    )
    assert found == at("2026-03-29T01:00")  # 03:00 summer time, half past two never was


def test_next_allowed_sees_the_hour_that_comes_twice() -> None:
    night = Window(time(1, 30), time(1, 45), time(1, 30), time(1, 45))
    zone = frozenset({"America/New_York"})
    first = rules.next_allowed(at("2026-11-01T04:00"), zone, night, OPEN, default_zone="UTC")
    second = rules.next_allowed(at("2026-11-01T05:50"), zone, night, OPEN, default_zone="UTC")
    assert first == at("2026-11-01T05:30")
    assert second == at("2026-11-01T06:30")


def test_next_allowed_knows_a_day_that_was_left_out() -> None:
    found = allowed(at("2011-12-30T09:00"), {"Pacific/Apia"})  # 23:00 on the 29th; no 30th
    assert found == at("2011-12-31T09:00", "Pacific/Apia")


def test_next_allowed_gives_up_when_hours_never_meet() -> None:
    short = Window(time(9), time(9, 30), time(9), time(9))
    with pytest.raises(rules.NeverAllowedError) as caught:
        allowed(at("2026-11-18T10:00"), {"Europe/London", "Asia/Tokyo"}, short)
    assert caught.value.code == "never_allowed"


def test_next_allowed_never_leaves_the_hard_window() -> None:
    wide = Window(time(0), time(23), time(0), time(23))
    assert allowed(at("2026-11-18T05:00"), {"Europe/London"}, wide) == at("2026-11-18T08:00")
    assert allowed(at("2026-11-18T21:00"), {"Europe/London"}, wide) == at("2026-11-19T08:00")


def test_next_allowed_with_a_closed_sunday_waits_for_monday() -> None:
    weekdays = Window(time(9), time(18), time(0), time(0))
    assert allowed(at("2026-11-22T10:00"), {"Europe/London"}, weekdays) == at("2026-11-23T09:00")


def test_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(AppError) as caught:
        Window(time(20), time(8), time(9), time(10))
    assert caught.value.code == "window_invalid"


quarters = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
windows = st.tuples(quarters, quarters, quarters, quarters).map(
    lambda q: Window(*sorted(q[:2]), *sorted(q[2:]))
)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@settings(max_examples=300, deadline=None)
@given(instants, st.sets(st.sampled_from(ZONES), min_size=1, max_size=3), windows)
def test_next_allowed_is_open_and_nothing_before_it_is(
    instant: datetime, zones: set[str], window: Window
) -> None:
    places = frozenset(zones)
    try:
        found = rules.next_allowed(instant, places, window, OPEN, default_zone="UTC")
    except rules.NeverAllowedError:
        found = instant + timedelta(days=8)
    else:
        assert rules.may_send_now(found, places, window, OPEN, default_zone="UTC")
    assert found >= instant
    step = instant
    while step < found:
        assert not rules.may_send_now(step, places, window, OPEN, default_zone="UTC")
        step += timedelta(minutes=15)


@pytest.mark.parametrize("zone", ZONES)
def test_next_allowed_on_the_days_the_clocks_change(zone: str) -> None:
    place = ZoneInfo(zone)
    for month, day in ((3, 8), (3, 29), (4, 5), (9, 27), (10, 4), (10, 25), (11, 1)):
        moment = datetime(2026, month, day, tzinfo=UTC) - timedelta(hours=14)
        for _ in range(96):
            found = allowed(moment, {zone}).astimezone(place)
            assert DAY.hours_on(found.date())[0] <= found.time() < time(20)
            moment += timedelta(minutes=30)


NOW = at("2026-11-18T10:00")


def facts(**changes: object) -> ContactFacts:
    standard: dict[str, object] = {
        "channel": Channel.SMS,
        "purpose": Purpose.REVIEW_REQUEST,
        "now": NOW,
        "default_zone": "Europe/London",
        "basis": Basis.EXPRESS,
    }
    return ContactFacts(**(standard | changes))  # type: ignore[arg-type]


def test_decide_lets_a_consented_message_go_by_day() -> None:
    assert rules.decide(facts()) == Decision(allowed=True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_erased": True, "is_suppressed": True, "basis": None}, Reason.ERASED),
        ({"is_suppressed": True, "is_suppressed_globally": True}, Reason.SUPPRESSED),
        ({"is_suppressed_globally": True, "basis": None}, Reason.SUPPRESSED_GLOBALLY),
        ({"basis": None, "caps": (Cap(1, 1),)}, Reason.NO_CONSENT),
        ({"consent_expires_at": NOW}, Reason.CONSENT_EXPIRED),
        ({"basis": Basis.IMPLIED}, Reason.EXPRESS_NEEDED),
        ({"channel": Channel.EMAIL, "basis": None}, Reason.NO_CONSENT),
        ({"purpose": Purpose.SERVICE, "basis": None}, Reason.NO_CONSENT),
        ({"caps": (Cap(3, 3),)}, Reason.CAPPED),
    ],
)
def test_decide_tells_the_first_reason(changes: dict[str, object], reason: Reason) -> None:
    assert rules.decide(facts(**changes)) == Decision(allowed=False, reason=reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"consent_expires_at": NOW + timedelta(seconds=1)},
        {"basis": Basis.IMPLIED, "is_sms_express": False},
        {"basis": Basis.IMPLIED, "purpose": Purpose.SERVICE},
        {"basis": Basis.IMPLIED, "channel": Channel.EMAIL},
        {"basis": None, "channel": Channel.EMAIL, "purpose": Purpose.RECOVERY},
        {"caps": (Cap(3, 2), Cap(10, 9))},
    ],
)
def test_decide_allows_what_each_basis_covers(changes: dict[str, object]) -> None:
    assert rules.decide(facts(**changes)) == Decision(allowed=True)


def test_decide_quiet_hours_say_until_when() -> None:
    late = at("2026-11-18T20:15")
    answer = rules.decide(facts(now=late))
    assert answer == Decision(allowed=False, reason=Reason.QUIET, until=at("2026-11-19T09:00"))


def test_decide_cap_frees_inside_the_hours_only() -> None:
    caps = (Cap(1, 1, at("2026-11-18T22:00")), Cap(4, 4, at("2026-11-18T12:00")))
    answer = rules.decide(facts(caps=caps))
    assert answer == Decision(allowed=False, reason=Reason.CAPPED, until=at("2026-11-19T09:00"))


def test_decide_mail_without_own_hours_goes_at_night_and_a_text_does_not() -> None:
    late = at("2026-11-18T22:00")
    mail = facts(now=late, channel=Channel.EMAIL, window=None)
    text = facts(now=late, window=None)
    assert rules.decide(mail) == Decision(allowed=True)
    assert rules.decide(text).until == at("2026-11-19T08:00")


def test_decide_window_that_never_opens_is_quiet_without_end() -> None:
    closed = Window(time(9), time(9), time(9), time(9))
    answer = rules.decide(facts(window=closed))
    assert answer == Decision(allowed=False, reason=Reason.QUIET, until=None)


@pytest.mark.parametrize(
    ("purpose", "has_offer", "expected"),
    [
        (Purpose.RECOVERY, False, Purpose.RECOVERY),
        (Purpose.RECOVERY, True, Purpose.WINBACK_OFFER),
        (Purpose.SERVICE, True, Purpose.WINBACK_OFFER),
        (Purpose.MARKETING, True, Purpose.MARKETING),
    ],
)
def test_message_purpose_an_offer_makes_it_commercial(
    purpose: Purpose, *, has_offer: bool, expected: Purpose
) -> None:
    assert rules.message_purpose(purpose, has_offer=has_offer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "stop",
        "Stop.",
        "QUIT",
        "end",
        "Revoke",
        "CANCEL",
        "unsubscribe",
        "STOPALL",
        "OptOut",
        "opt-out",
        "opt out",
        "Stop all",
        " stop!! ",
        "“Stop”",
        "STOP. Thank you",
        "Please stop",
        "stop texting",
        "please stop texting me",
        "Take me off your list",
        "Can you remove me from this list please",
        "remove me",
        "Don't text me again",
        "do not contact me any more",
        "Dont send me any more messages",
        "I no longer want to get these texts",
        "I don\u2019t want your messages",
        "no more texts please",
        "leave me alone",
        "lose my number",
        "Wrong number",
        "I want to opt out of this",
        "I withdraw my consent",
        "Kindly unsubscribe this phone",
        "arrêt",
        "bitte keine SMS mehr",
    ],
)
@pytest.mark.parametrize("is_opted_out", [False, True])
def test_read_inbound_stop(text: str, *, is_opted_out: bool) -> None:
    assert rules.read_inbound(text, is_opted_out=is_opted_out) == Intent.STOP


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "Thanks, great service!",
        "I could not stop smiling",
        "Please don't stop, love your offers",
        "Can I cancel my appointment on Friday?",
        "The end of the meal was cold",
        "We waited at the bus stop for an hour",
        "I did not get a message about my order",
        "My number is 020 7946 0000, call me",
        "Yes",
        "START",
        "Can somebody help with my bill and refund",
    ],
)
def test_read_inbound_ordinary_answers(text: str) -> None:
    assert rules.read_inbound(text) == Intent.NONE


@pytest.mark.parametrize("text", ["start", "UNSTOP", "Yes", "yes please", "Opt in"])
def test_read_inbound_start_counts_only_after_a_stop(text: str) -> None:
    assert rules.read_inbound(text, is_opted_out=True) == Intent.START
    assert rules.read_inbound(text, is_opted_out=False) == Intent.NONE


@pytest.mark.parametrize("text", ["HELP", "info", "Help please!"])
def test_read_inbound_help(text: str) -> None:
    assert rules.read_inbound(text) == Intent.HELP


@given(text=st.text(max_size=300), is_opted_out=st.booleans())
def test_read_inbound_reads_anything(text: str, *, is_opted_out: bool) -> None:
    assert rules.read_inbound(text, is_opted_out=is_opted_out) in Intent
