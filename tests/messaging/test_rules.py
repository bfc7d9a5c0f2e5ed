"""Message rules: billed parts, plain text, states in any order, and the providers' words."""

import random
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.messaging import rules
from apps.messaging.rules import Action, Capability, ErrorClass, SilenceStep


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 0),
        ("a", "GSM-7", 1, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("ж" * 70, "UCS-2", 70, 1),
        ("ж" * 71, "UCS-2", 71, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("a" * 159 + "\u2019", "UCS-2", 160, 3),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("^{}\\[~]|€\f", "GSM-7", 20, 1),
        ("a" * 66 + "😀" + "ж" * 10, "UCS-2", 78, 2),
    ],
)
def test_sms_segments_count_what_is_billed(
    text: str, encoding: str, units: int, parts: int
) -> None:
    counted = rules.sms_segments(text)
    assert (counted.encoding, counted.units, counted.parts) == (encoding, units, parts)


def test_sms_segments_name_the_characters_that_cost() -> None:
    assert rules.sms_segments("It\u2019s 5€ \u2013 it\u2019s yours").forced_by == (
        "\u2019",
        "\u2013",
    )
    assert rules.sms_segments("It's 5€").forced_by == ()


@given(st.text(alphabet="ab€^ж😀", max_size=400))
def test_sms_segments_never_need_less_than_the_plain_division(text: str) -> None:
    counted = rules.sms_segments(text)
    room = 153 if counted.encoding == "GSM-7" else 67
    single = 160 if counted.encoding == "GSM-7" else 70
    fewest = min(counted.units, 1) if counted.units <= single else -(-counted.units // room)
    assert fewest <= counted.parts <= fewest + 1


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>Hello&nbsp;<b>Ann</b>,</p><p>thank you &amp; goodbye</p>",
            "Hello Ann,\n\nthank you & goodbye",
        ),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ('<a href="https://x.example/r/1">Rate us</a>', "Rate us (https://x.example/r/1)"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="javascript:x()">Click</a>', "Click"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<style>p{}</style><script>x()</script><title>t</title>text", "text"),
        ('<img src="x.png" alt="Logo"> Shop', "Logo Shop"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a<hr>b", "a\n\n---\n\nb"),
        ("5 &lt; 6 and <unclosed", "5 < 6 and <unclosed"),
        ("</style>visible</a>", "visible"),
    ],
)
def test_html_to_text(html: str, text: str) -> None:
    assert rules.html_to_text(html) == text


@given(st.text(alphabet="<>/ab=\"'& \n!-", max_size=80))
def test_html_to_text_takes_anything(html: str) -> None:
    assert isinstance(rules.html_to_text(html), str)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Rate: https://b.example/r/AbC.def-123.", "Rate: https://b.example/r/…."),
        ("https://b.example/u/1/2?x=3#y bye", "https://b.example/u/… bye"),
        ("https://b.example/AbCdEfGh12", "https://b.example/…"),
        ("https://b.example/menu", "https://b.example/menu"),
        ("https://b.example/?t=secret", "https://b.example/…"),
        ('<a href="https://b.example/r/tok">x</a>', '<a href="https://b.example/r/…">x</a>'),
        ("https://me:pw@b.example/r/tok", "https://b.example/r/…"),
        ("https://[broken/r/tok", "…"),
        ("no link", "no link"),
    ],
)
def test_mask_links_hides_the_secret(text: str, masked: str) -> None:
    assert rules.mask_links(text) == masked


def test_mask_links_leaves_other_hosts_alone() -> None:
    text = "https://b.example/r/tok https://maps.example/place/123 https://B.example:8000/r/tok"
    expected = "https://b.example/r/… https://maps.example/place/123 https://B.example:8000/r/…"
    assert rules.mask_links(text, hosts={"b.example"}) == expected


STATES = tuple(rules.MOVES)


def test_states_are_those_of_the_interface() -> None:
    assert STATES == (
        "queued",
        "sending",
        "unconfirmed",
        "sent",
        "delivered",
        "failed",
        "bounced",
        "suppressed",
        "expired",
        "cancelled",
    )


@pytest.mark.parametrize(
    ("current", "following", "expected"),
    [
        ("queued", "sending", True),
        ("sending", "sent", True),
        ("sending", "queued", True),
        ("sending", "unconfirmed", True),
        ("unconfirmed", "queued", True),
        ("unconfirmed", "sent", True),
        ("sent", "delivered", True),
        ("delivered", "bounced", True),
        ("sent", "queued", False),
        ("sent", "sending", False),
        ("delivered", "sent", False),
        ("suppressed", "queued", False),
        ("cancelled", "sending", False),
        ("bounced", "delivered", False),
        ("unknown", "sent", False),
    ],
)
def test_can_move(current: str, following: str, expected: bool) -> None:  # noqa: FBT001
    assert rules.can_move(current, following) is expected


def test_nothing_that_may_have_been_sent_is_queued_without_proof() -> None:
    assert [state for state in STATES if rules.can_move(state, "queued")] == [
        "sending",
        "unconfirmed",
    ]


@pytest.mark.parametrize("start", ["queued", "sending", "unconfirmed", "sent"])
def test_receipts_end_the_same_in_any_order(start: str) -> None:
    for receipts in (
        ("sent", "delivered", "bounced"),
        ("sent", "failed", "delivered"),
        ("sent", "delivered", "complained", "read"),
        ("delivered", "delivered", "sent"),
    ):
        ends = set()
        for order in permutations(receipts):
            state = start
            for receipt in order:
                following = rules.apply_receipt(state, receipt)
                assert following == state or rules.can_move(state, following)
                state = following
            ends.add(state)
        assert len(ends) == 1


@pytest.mark.parametrize("state", ["suppressed", "expired", "cancelled"])
def test_receipts_do_not_open_what_was_closed(state: str) -> None:
    assert rules.apply_receipt(state, "delivered") == state


def test_receipt_of_an_unknown_kind_changes_nothing() -> None:
    assert rules.apply_receipt("sent", "opened") == "sent"


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(0, 5), (1, 5), (2, 20), (3, 80), (4, 320), (5, 1280), (6, 3600), (7, 3600), (10_000, 3600)],
)
def test_retry_delay_grows_by_four_up_to_an_hour(tries: int, seconds: int) -> None:
    assert rules.retry_delay(tries, random=lambda: 1.0) == timedelta(seconds=seconds)
    assert rules.retry_delay(tries, random=lambda: 0.5) == timedelta(seconds=seconds / 2)


def test_retry_delay_spreads_over_the_whole_span() -> None:
    dice = random.Random(1)
    delays = [rules.retry_delay(3, random=dice.random).total_seconds() for _ in range(1000)]
    assert 0 <= min(delays) < 2
    assert 78 < max(delays) <= 80


A_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("capability", "waited", "can_ask", "step"),
    [
        (Capability.SAME_KEY, timedelta(0), False, SilenceStep.SEND_AGAIN),
        (Capability.SAME_KEY, timedelta(hours=23), False, SilenceStep.LEAVE),
        (Capability.SAME_KEY, timedelta(hours=23), True, SilenceStep.ASK),
        (Capability.CAN_BE_ASKED, timedelta(seconds=59), False, SilenceStep.WAIT),
        (Capability.CAN_BE_ASKED, timedelta(seconds=60), False, SilenceStep.ASK),
        (Capability.NEITHER, timedelta(minutes=14), False, SilenceStep.WAIT),
        (Capability.NEITHER, timedelta(minutes=15), True, SilenceStep.LEAVE),
    ],
)
def test_step_after_silence(
    capability: Capability,
    waited: timedelta,
    can_ask: bool,  # noqa: FBT001
    step: SilenceStep,
) -> None:
    found = rules.step_after_silence(
        capability, waited=waited, timeout=timedelta(seconds=20), can_ask=can_ask
    )
    assert found == step


def test_step_after_silence_waits_for_two_timeouts() -> None:
    step = rules.step_after_silence(Capability("B"), waited=A_MINUTE, timeout=A_MINUTE)
    assert step == SilenceStep.WAIT


@pytest.mark.parametrize(
    ("code", "enhanced", "message", "action", "error_class", "suppresses"),
    [
        (250, "2.0.0", "queued", Action.ACCEPTED, ErrorClass.NONE, False),
        (None, "", "", Action.RETRY, ErrorClass.TEMPORARY, False),
        (421, "", "try later", Action.RETRY, ErrorClass.THROTTLED, False),
        (450, "4.2.0", "greylisted", Action.RETRY, ErrorClass.TEMPORARY, False),
        (450, "4.1.1", "user unknown for now", Action.RETRY, ErrorClass.TEMPORARY, False),
        (452, "4.2.2", "full", Action.RETRY, ErrorClass.MAILBOX_FULL, False),
        (550, "5.1.1", "no such user", Action.FAIL, ErrorClass.INVALID_ADDRESS, True),
        (550, "", "5.1.1 no such user", Action.FAIL, ErrorClass.INVALID_ADDRESS, True),
        (550, "", "No such user here", Action.FAIL, ErrorClass.INVALID_ADDRESS, True),
        (550, "", "Recipient address rejected", Action.FAIL, ErrorClass.INVALID_ADDRESS, True),
        (550, "5.7.1", "looks like spam", Action.FAIL, ErrorClass.FILTERED, False),
        (554, "", "Your IP is on a blocklist", Action.FAIL, ErrorClass.FILTERED, False),
        (550, "5.7.515", "DMARC", Action.FAIL, ErrorClass.CONFIG, False),
        (550, "", "Relay not permitted", Action.FAIL, ErrorClass.CONFIG, False),
        (552, "5.2.2", "over quota", Action.FAIL, ErrorClass.MAILBOX_FULL, False),
        (552, "5.3.4", "too big", Action.FAIL, ErrorClass.TOO_LARGE, False),
        (535, "5.7.8", "bad credentials", Action.FAIL, ErrorClass.AUTH, False),
        (550, "", "no", Action.FAIL, ErrorClass.UNKNOWN, False),
        (354, "", "go on", Action.FAIL, ErrorClass.UNKNOWN, False),
    ],
)
def test_classify_smtp(
    code: int | None,
    enhanced: str,
    message: str,
    action: Action,
    error_class: ErrorClass,
    *,
    suppresses: bool,
) -> None:
    outcome = rules.classify_smtp(code, enhanced, message)
    assert (outcome.action, outcome.error_class) == (action, error_class)
    assert outcome.suppresses is suppresses
    assert outcome.stops_channel is (error_class == ErrorClass.AUTH)


@pytest.mark.parametrize(
    ("code", "http_status", "action", "error_class"),
    [
        (20003, 401, Action.FAIL, ErrorClass.AUTH),
        (20429, 429, Action.RETRY, ErrorClass.THROTTLED),
        (21211, 400, Action.FAIL, ErrorClass.INVALID_NUMBER),
        (21408, 400, Action.FAIL, ErrorClass.CONFIG),
        (21602, 400, Action.FAIL, ErrorClass.BUG),
        (21606, 400, Action.FAIL, ErrorClass.CONFIG),
        (21608, 400, Action.FAIL, ErrorClass.CONFIG),
        (21610, 400, Action.FAIL, ErrorClass.OPTED_OUT),
        (21611, 400, Action.RETRY, ErrorClass.THROTTLED),
        (21612, 400, Action.FAIL, ErrorClass.CONFIG),
        (21614, 400, Action.FAIL, ErrorClass.LANDLINE),
        (21617, 400, Action.FAIL, ErrorClass.BUG),
        (30001, None, Action.FAIL, ErrorClass.THROTTLED),
        (30002, None, Action.FAIL, ErrorClass.AUTH),
        (30003, None, Action.FAIL, ErrorClass.UNREACHABLE),
        (30004, None, Action.FAIL, ErrorClass.BLOCKED),
        (30005, None, Action.FAIL, ErrorClass.INVALID_NUMBER),
        (30006, None, Action.FAIL, ErrorClass.LANDLINE),
        (30007, None, Action.FAIL, ErrorClass.FILTERED),
        (30008, None, Action.FAIL, ErrorClass.UNKNOWN),
        (30034, None, Action.FAIL, ErrorClass.CONFIG),
        (99999, 400, Action.FAIL, ErrorClass.UNKNOWN),
        (99999, None, Action.FAIL, ErrorClass.UNKNOWN),
        (None, 201, Action.ACCEPTED, ErrorClass.NONE),
        (None, 403, Action.FAIL, ErrorClass.AUTH),
        (None, 429, Action.RETRY, ErrorClass.THROTTLED),
        (None, 503, Action.RETRY, ErrorClass.THROTTLED),
        (None, 500, Action.UNCONFIRMED, ErrorClass.UNKNOWN),
    ],
)
def test_classify_twilio(
    code: int | None, http_status: int | None, action: Action, error_class: ErrorClass
) -> None:
    outcome = rules.classify_twilio(code, http_status)
    assert (outcome.action, outcome.error_class) == (action, error_class)
    assert outcome.code == str(code or http_status)
    assert outcome.is_opt_out is (code == 21610)


def test_a_code_that_blames_nobody_keeps_the_number() -> None:
    kept = [
        code
        for code in (21612, 30003, 30007, 30008, 99999)
        if rules.classify_twilio(code).suppresses
    ]
    assert kept == []
