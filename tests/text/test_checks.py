"""Text checkers: the five parts, what a request may not say, how a reply sounds, what it tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.text import apology, checks, severity
from apps.text.checks import check_text
from apps.text.findings import Finding, Tone

DIRECT = (
    "Dear Ann, we lost your order on Friday, and that was our mistake. I am sorry that you stood "
    "in the shop for an hour and left with nothing. What happened is that the note was never "
    "entered into the system. I have refunded the 40 euros today, and Ben will bring the cake to "
    "your door tomorrow at 10. Since Monday every order is now checked by a second person, so "
    "that it will not happen again."
)
IMPLIED = (
    "Dear Mr Bell, you were promised a quiet room, and we apologise for the night you had "
    "instead. The reason was building work next door of which the front desk knew. We would like "
    "to make it right when you are here again. We hope to be able to offer rooms to the garden "
    "within months, and we learn from this."
)


def codes(findings: list[Finding], *tones: Tone) -> set[str]:
    return {finding.code for finding in findings if not tones or finding.tone in tones}


def parts(text: str) -> set[str]:
    found = apology.check_apology(text)
    return codes(found, Tone.GOOD, Tone.WARN) & set(apology.PARTS)


def test_direct_apology_has_all_five_plainly() -> None:
    findings = apology.check_apology(DIRECT)
    assert codes(findings, Tone.GOOD) == set(apology.PARTS)
    assert codes(findings) == set(apology.PARTS)
    assert apology.count_parts(findings) == 5


def test_implied_apology_has_all_five_some_of_them_weak() -> None:
    findings = apology.check_apology(IMPLIED)
    assert apology.count_parts(findings) == 5
    assert codes(findings, Tone.WARN) == {"responsibility", "repair", "repentance"}


def test_bare_apology_has_one() -> None:
    findings = apology.check_apology("We are sorry.")
    assert apology.count_parts(findings) == 1
    assert codes(findings, Tone.GOOD) == {"regret"}
    assert codes(findings, Tone.BAD) == set(apology.PARTS) - {"regret"}


def test_findings_carry_the_words_they_are_about() -> None:
    spans = {f.code: DIRECT[f.start : f.end] for f in apology.check_apology(DIRECT)}
    assert spans["responsibility"] == "we lost"
    assert spans["regret"] == "sorry"
    assert spans["repair"] == "I have refunded"


R, S, P, X, C = "responsibility", "regret", "repair", "explanation", "repentance"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We made a mistake with your booking.", {R}),
        ("I take full responsibility.", {R}),
        ("We got your address wrong.", {R}),
        ("We didn\u2019t call you back.", {R}),
        ("It was entirely our fault.", {R}),
        ("It was not our fault.", set()),
        ("We did not make a mistake.", set()),
        ("We apologise for the long wait.", {S}),
        ("Please forgive us.", {S}),
        ("You should apologise to our staff.", set()),
        ("We have refunded the full amount.", {P}),
        ("I will call you tomorrow at 9.", {P}),
        ("A new lamp is on its way.", {P}),
        ("We collect the bike today, fit new pads and refund the whole repair.", {P}),
        ("We\u2019re collecting the bike this afternoon.", {P}),
        ("I am refunding the repair.", {P}),
        ("I'm going to bring you a new one on Monday.", {P}),
        ("We put it right within two days.", {P}),
        ("We will not refund you.", set()),
        ("We're not refunding anything today.", set()),
        ("We repair bikes and deliver in town.", set()),
        ("We always collect on Monday.", set()),
        ("Shall we collect it tomorrow?", set()),
        ("We can't take it back, and now we send it on.", set()),
        ("We cannot replace it.", set()),
        ("It happened because two bookings had the same number.", {X}),
        ("We were short of staff that evening.", {X}),
        ("From now on a manager checks every bill.", {C}),
        ("We have trained the whole team.", {C}),
        ("It will not happen again.", {C}),
        ("Thank you for your visit.", set()),
        ("", set()),
    ],
)
def test_each_part_is_found_alone(text: str, expected: set[str]) -> None:
    assert parts(text) == expected


def test_what_is_done_at_a_named_time_is_said_plainly() -> None:
    found = apology.check_apology("We are sorry. We collect the bike today.")
    repair = next(one for one in found if one.code == "repair")
    assert (repair.tone, repair.start, repair.end) == (Tone.GOOD, 14, 24)


def test_what_is_done_at_no_time_is_only_implied() -> None:
    found = apology.check_apology("We are refunding the repair.")
    assert next(one.tone for one in found if one.code == "repair") == Tone.WARN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We are sorry if you felt ignored.", "if_apology"),
        ("We regret any inconvenience.", "if_apology"),
        ("I am sorry that you feel this way.", "if_apology"),
        ("We are sorry, but the kitchen was full.", "sorry_but"),
        ("Sorry, however you should have called.", "blames_customer"),
        ("You did not tell us about the allergy.", "blames_customer"),
        ("The delay was caused by the courier.", "blames_others"),
        ("This was beyond our control.", "blames_others"),
        ("Would you kindly update your review?", "promise_of_silence"),
        (
            "It was because of A. It was because of B. The reason was C. Due to D.",
            "long_explanation",
        ),
    ],
)
def test_what_makes_an_apology_hollow(text: str, code: str) -> None:
    assert code in codes(apology.check_apology(text))


def test_a_good_apology_is_not_called_hollow() -> None:
    hollow = {"if_apology", "sorry_but", "blames_customer", "blames_others", "long_explanation"}
    assert not codes(check_text("apology", DIRECT)) & hollow


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("If you enjoyed your visit, please leave us a review.", "selective_asking"),
        ("If you were happy with us, tell the world!", "selective_asking"),
        ("If everything was great, rate us here.", "selective_asking"),
        ("Had a great time? Since you loved it, review us.", "selective_asking"),
        ("Please leave us 5 stars!", "wanted_rating"),
        ("A five-star review would help.", "wanted_rating"),
        ("Please leave a positive review.", "wanted_rating"),
        ("We live from great reviews.", "wanted_rating"),
        ("Give us ⭐⭐⭐⭐⭐", "wanted_rating"),
        ("Review us and get 10 % off your next visit.", "incentive"),
        ("Every reviewer enters a prize draw.", "incentive"),
        ("Leave a review and receive a free coffee.", "incentive"),
        ("As a reward for your review …", "incentive"),
        ("Something not right? Please contact us before you leave a review.", "support_first"),
        ("If there was a problem, call us first.", "support_first"),
        ("If you were not satisfied, please reply to this mail.", "support_first"),
        ("Tell us instead of posting it.", "support_first"),
        ("Please don\u2019t leave a bad review.", "discourages"),
        ("Negative reviews hurt our small shop.", "discourages"),
        ("Could you change your review?", "asks_for_change"),
        ("My bonus depends on it.", "emotional_pressure"),
    ],
)
def test_request_texts_that_are_refused(text: str, code: str) -> None:
    findings = check_text("request", text)
    assert code in codes(findings)
    finding = next(one for one in findings if one.code == code)
    assert finding.text
    assert finding.fix
    assert text[finding.start : finding.end]
    assert checks.is_blocked(findings) is (code != "emotional_pressure")


@pytest.mark.parametrize(
    "text",
    [
        "Hello {{ customer.first_name }}, how was your visit? Tell others honestly: {{ link }}",
        "Your opinion helps us and the next guest. {{ link }} You can also talk to us: {{ link }}",
        "How did we do on Tuesday? Please rate us: {{ link }}. Reply STOP to hear no more.",
        "Good and bad, we read every word.",
        "Feel free to write as much as you like.",
        "",
    ],
)
def test_request_texts_that_are_fine(text: str) -> None:
    assert check_text("request", text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Our lawyers will be in touch.", "legal_threat"),
        ("This is defamation.", "legal_threat"),
        ("Please remove this review.", "removal_demand"),
        ("You are a liar.", "accusation"),
        ("You were never a customer.", "accusation"),
        ("You are simply wrong.", "arguing"),
        ("That is not true.", "arguing"),
        ("As we already explained, the fee applies.", "arguing"),
        ("You should have called ahead.", "blames"),
        ("Calm down, please.", "sarcasm"),
        ("Our other guests love the noise.", "others_are_happy"),
        ("Nobody else complained.", "others_are_happy"),
        ("Unfortunately that is our policy.", "policy_wall"),
        ("There is nothing I can do.", "policy_wall"),
        ("I will look after this myself.", "takes_their_side"),
        ("That must have been a long evening.", "sees_the_feeling"),
        ("Thank you for telling us.", "thanks"),
    ],
)
def test_tone_of_replies(text: str, code: str) -> None:
    for kind in ("service_reply", "public_reply"):
        assert code in codes(check_text(kind, text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Write to ann.bell@example.com.", "private_email"),
        ("We found order 48213 in the system.", "private_number"),
        ("Your booking no. AB-2291 is cancelled.", "private_number"),
        ("About #882211:", "private_number"),
        ("We will call you on 020 7946 0018.", "private_phone"),
        ("We called (202) 555-0123 twice.", "private_phone"),
        ("Card ending in 4242 was refunded.", "private_card"),
        ("4111 1111 1111 1111", "private_card"),
        ("Your diagnosis was explained to you.", "private_health"),
    ],
)
def test_public_replies_tell_nothing_private(text: str, code: str) -> None:
    findings = check_text("public_reply", text)
    assert codes(findings, Tone.BAD) == {code}
    assert checks.is_blocked(findings)
    assert code not in codes(check_text("service_reply", text))


def test_public_reply_may_show_how_to_reach_the_business() -> None:
    text = "Please call us on 020 7946 0018 or write to hello@cafe.example."
    own = ["+44 20 7946 0018", "020 7946 0018", "Hello@cafe.example"]
    assert check_text("public_reply", text, own=own) == []


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, Ann. We open at 9 on weekdays and close at 18:30.",
        "It cost 12.50 in 2026, and 3 people shared it.",
        "In order to help we need a day.",
    ],
)
def test_public_reply_with_ordinary_figures_is_fine(text: str) -> None:
    assert codes(check_text("public_reply", text), Tone.BAD, Tone.WARN) == set()


def test_public_reply_holds_out_no_reward_for_reviews() -> None:
    assert "incentive" in codes(check_text("public_reply", "Review us again for a free lunch."))
    assert "incentive" not in codes(
        check_text("public_reply", "Your next coffee is complimentary.")
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20 % off when you leave a review.", "tied_to_review"),
        ("Free pizza if you delete your review.", "tied_to_review"),
        ("The customer agrees not to disclose the settlement.", "buys_silence"),
        ("Please keep this between us.", "buys_silence"),
    ],
)
def test_offers_without_strings(text: str, code: str) -> None:
    findings = check_text("offer", text)
    assert codes(findings) == {code}
    assert checks.is_blocked(findings)


def test_plain_offer_is_fine() -> None:
    assert check_text("offer", "Half off your next haircut. Until 31 May, once, any day.") == []


def test_findings_come_gravest_first() -> None:
    tones = [
        f.tone for f in check_text("public_reply", "Thank you. You are wrong. Nobody else said so.")
    ]
    assert tones == [Tone.BAD, Tone.WARN, Tone.GOOD]


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("My son got sick, we think food poisoning.", {"safety"}),
        ("Four days later the rear brake failed on the hill.", {"safety"}),
        ("The brake just went and the steering locked.", {"safety"}),
        ("The brakes never failed me.", set()),
        ("They charged me twice and want to keep my money.", {"billing", "refund"}),
        ("The waiter was rude and we waited an hour.", {"rude", "wait"}),
        ("The zip is broken, I want a refund.", {"broken", "refund"}),
        ("The parcel never arrived.", {"missing"}),
        ("It doesn\u2019t work.", {"broken"}),
        ("No wait at all, and never rude.", set()),
        ("We did not have to wait.", set()),
        ("Lovely evening.", set()),
        ("", set()),
    ],
)
def test_text_flags(text: str, flags: set[str]) -> None:
    assert severity.text_flags(text) == flags


def test_find_flags_shows_the_words() -> None:
    text = "Cold soup, and the waiter was rude."
    assert [(f.name, text[f.start : f.end]) for f in severity.find_flags(text)] == [
        ("broken", "Cold soup"),
        ("rude", "rude"),
    ]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Absolutely wonderful, thank you!", 0.6, 1),
        ("Good.", 0.1, 0.5),
        ("", 0, 0),
        ("We came on Tuesday.", 0, 0),
        ("The food was not good.", -0.4, -0.05),
        ("Terrible service, rude staff, never again.", -1, -0.6),
        ("Nice room but the bathroom was filthy.", -0.9, -0.3),
        ("😡", -0.6, -0.2),
        ("❤", 0.2, 0.6),
    ],
)
def test_sentiment(text: str, low: float, high: float) -> None:
    assert low <= severity.sentiment(text) <= high


@given(st.text(max_size=400))
def test_checkers_take_anything(text: str) -> None:
    assert -1 <= severity.sentiment(text) <= 1
    for kind in ("apology", "service_reply", "public_reply", "request", "offer"):
        for finding in check_text(kind, text):
            assert 0 <= finding.start <= finding.end <= len(text)


@pytest.mark.parametrize(
    "word", ["you ", "sorry ", "review ", "if ", "1 ", "a@", "not ", "before "]
)
def test_checkers_stay_fast_on_hostile_texts(word: str) -> None:
    text = word * 1_500
    for kind in ("apology", "public_reply", "request", "offer"):
        check_text(kind, text)
    severity.text_flags(text)
