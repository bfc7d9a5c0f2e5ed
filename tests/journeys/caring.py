"""A case from what happened to the customer's return."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from playwright.sync_api import Locator, expect

from tests.journeys.answering import NORA, WORDS, count_kept
from tests.journeys.asking import find_link, read_mail
from tests.journeys.people import Person
from tests.journeys.product import Stage

TITLE = "Four days later the rear brake failed on the hill"
APOLOGY = """\
Dear Nora,

we are sorry: the rear brake failed because of our mistake, and that put you in danger. Nobody \
should have to ring twice after that.

Our mechanic fitted the pads on the wrong side, and nobody rode the bike before you took it home.

We will collect the bike today, fit new pads and refund the whole repair. From now on a second \
mechanic rides every bike after work on its brakes.

Bob, Alpha Bikes"""
GIFT = "The whole repair back, and the new pads"
SERVICE = "A free service in autumn"
TERMS = "For the repair of 3 May, at Mill Lane, once."
USED = "Each code works once."


def record_what_happened(bob: Person) -> None:
    """Find the case that opened by itself, take it, and write down what went wrong."""
    bob.open("/recovery/")
    bob.shows_well("journey-board-1400")
    bob.follow(TITLE)
    bob.arrives(r"/recovery/[0-9a-f-]{36}/$")
    bob.sees(WORDS, "5 of 5", "Somebody was in danger", "Nobody has it yet")
    bob.follow("Find out what happened")
    work = bob.page.locator("#work")
    bob.fill("What happened", "The pads were fitted on the wrong side.", within=work)
    bob.fill("What really caused it", "New pads, no test ride", within=work)
    bob.press("Save", within=work)
    bob.is_told("What happened is written down.")
    bob.sees("Next: Apologise", within="#next")
    cases = bob.stage.rows(
        "SELECT c.stage, f.kind, f.severity, f.cause"
        " FROM recovery_case c JOIN failures_failure f ON f.id = c.failure_id"
    )
    assert cases == [
        {"stage": "apologise", "kind": "safety", "severity": 5, "cause": "New pads, no test ride"}
    ]


def apologise(bob: Person) -> None:
    """Say sorry by mail; it arrives in Bob's words."""
    bob.follow("Apologise", within=bob.page.locator("#next"))
    work = bob.page.locator("#work")
    bob.page.get_by_label(f"By email ({NORA})").check()
    bob.fill("Your words", APOLOGY, within=work)
    bob.sees("5 of 5 parts", within="#checks")
    bob.shows_well("journey-apology-1400")
    bob.press("Send or note it", within=work)
    bob.is_told("The apology is on its way, and noted.")
    _wait_for_mails(bob.stage, 3)
    subject, body = read_mail(bob.stage, NORA)
    assert subject == "We are sorry"
    assert body.startswith(f"{APOLOGY}\n\n{find_link(body, 'c')}\n")


def ask_to_give(bob: Person) -> None:
    """Ask for more than Bob may give: it waits, and cannot be sent."""
    _grant(bob, title=GIFT, worth="80")
    bob.is_told("This is above your limit: it waits here for a manager or an owner.")
    bob.sees("Waits for approval")
    expect(bob.page.get_by_role("button", name="Send by email")).to_have_count(0)
    assert _offers(bob.stage) == [(GIFT, 8000, "waiting_approval")]


def approve_in_place(mona: Person, bob: Person) -> None:
    """Mona allows it where it stands, and gives something herself; Bob sends both."""
    mona.open("/")
    mona.sees("Bob asks for £80, above their limit of £50.")
    mona.shows_well("journey-today-1400")
    mona.open(bob.page.url)
    mona.press("Approve £80")
    mona.is_told("Approved: the offer is good from now on.")
    _grant(mona, title=SERVICE, worth="20")
    mona.is_told("The offer is made. Nobody had to be asked.")
    assert _offers(bob.stage) == [(GIFT, 8000, "issued"), (SERVICE, 2000, "issued")]
    bob.open(bob.page.url)
    for number, title in enumerate((GIFT, SERVICE), start=4):
        panel = bob.page.locator("section.panel").filter(
            has=bob.page.get_by_role("link", name=title)
        )
        bob.press("Send by email", within=panel)
        bob.is_told("On its way.")
        _wait_for_mails(bob.stage, number)
        subject, body = read_mail(bob.stage, NORA)
        assert subject == "Something to put it right"
        assert title in body


def open_offer(phone: Person, number: int) -> str:
    """Open the page that a mail of Nora's leads to, and read the code; looking changes nothing."""
    link = find_link(read_mail(phone.stage, NORA, number=number)[1], "o")
    before = count_kept(phone.stage)
    for _ in range(2):
        phone.open(link)
    phone.sees(TERMS)
    phone.shows_well(f"journey-offer{number}-360")
    assert count_kept(phone.stage) == before
    return phone.page.locator(".code").inner_text()


def redeem_by_hand(bob: Person, code: str) -> None:
    """Type a code at the till, as it was said: look first, then use it, and it is used up."""
    bob.open("/offers/redeem/")
    bob.fill("Code", code.lower().replace("-", " "))
    bob.fill("Bill or order", "R-17")
    bob.press("See what it is for")
    bob.sees(f"{SERVICE} £20")
    assert bob.stage.rows("SELECT id FROM offers_redemption") == []
    bob.press("Use it now")
    bob.sees("Used just now.", SERVICE)
    bob.fill("Code", code)
    bob.press("See what it is for")
    bob.sees("This code was used on", USED)
    assert bob.page.get_by_label("Code").input_value() == code
    kept = bob.stage.rows("SELECT reference FROM offers_redemption")
    assert kept == [{"reference": "R-17"}]


def redeem_at_two_tills(tills: tuple[Person, Person], code: str) -> None:
    """Use one code at two tills at the same moment: one wins, the other is told in clear words."""
    forms = [_till_form(person, code) for person in tills]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda form: requests.post(**form, timeout=30), forms))
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    (refused,) = (answer.text for answer in answers if answer.status_code == 422)
    assert "This code was used on" in refused
    assert USED in refused
    stage = tills[0].stage
    assert stage.rows("SELECT count(*) AS n FROM offers_redemption") == [{"n": 2}]
    assert _offers(stage) == [(GIFT, 8000, "redeemed"), (SERVICE, 2000, "redeemed")]


def case_knows(bob: Person) -> None:
    """See on the page of the case that the customer came back."""
    bob.open("/recovery/")
    bob.follow(TITLE)
    bob.sees(
        "The customer came back with an offer", "Offer used, worth £80", "Offer used, worth £20",
        within="#timeline",
    )  # fmt: skip
    bob.shows_well("journey-case-1400")
    returned = bob.stage.rows("SELECT returned_at IS NOT NULL AS back FROM recovery_case")
    assert returned == [{"back": True}]


def _grant(person: Person, *, title: str, worth: str) -> None:
    person.follow("Give something")
    work: Locator = person.page.locator("#work")
    person.choose("How it is put right", "Credit for the same service", within=work)
    person.fill("What they get", title, within=work)
    person.fill("Worth", worth, within=work)
    person.fill("Terms", TERMS, within=work)
    person.press("Grant it", within=work)


def _offers(stage: Stage) -> list[tuple[str, int, str]]:
    rows = stage.rows("SELECT title, value_minor, state FROM offers_offer ORDER BY created_at")
    return [(row["title"], row["value_minor"], row["state"]) for row in rows]


def _wait_for_mails(stage: Stage, count: int) -> None:
    stage.settle(
        lambda: len([mail for mail in stage.smtp.journal.read() if mail["to"] == [NORA]]) == count,
        what=f"mail number {count} at Nora's",
    )


def _till_form(person: Person, code: str) -> dict[str, Any]:
    person.open("/offers/redeem/")
    page, port = person.page, person.stage.product.port
    token = page.locator("form [name=csrfmiddlewaretoken]").first.input_value()
    return {
        "url": f"{person.stage.product.url}/offers/redeem/",
        "data": {"code": code, "csrfmiddlewaretoken": token, "location": "", "reference": ""},
        "cookies": {cookie["name"]: cookie["value"] for cookie in page.context.cookies()},
        "headers": {"Host": f"alpha.localhost:{port}"},
        "allow_redirects": False,
    }
