"""What customers do on their phones, and what the inbox makes of it."""

from typing import Any

from playwright.sync_api import expect

from tests.journeys.asking import find_link, read_mail
from tests.journeys.people import Person
from tests.journeys.product import Stage

NORA, BEN, ZOE = "nora@example.com", "ben@example.com", "zoe@example.com"
WORDS = "Four days later the rear brake failed on the hill. I rang twice and nobody picked up."
WISH = "Do you also repair e-bike motors?"
# What looking must not touch; a hit is noted, a fact is not.
KEPT = ("feedback_response", "feedback_contactrequest", "consent_event", "journal_entry",
        "messaging_message", "offers_offer", "offers_redemption", "recovery_case")  # fmt: skip


def count_kept(stage: Stage) -> dict[str, Any]:
    """Count all that a look at a public page must leave as it is."""
    return {
        table: stage.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]  # noqa: S608 - names above
        for table in KEPT
    }


def rate(phone: Person) -> None:
    """Nora gives one star; the public links are the same before, after and for every rating."""
    link = find_link(read_mail(phone.stage, NORA)[1], "r")
    before = count_kept(phone.stage)
    phone.open(link)
    phone.sees("Hello Nora, how did it go?")
    phone.shows_well("journey-rate-360")
    links = _links(phone)
    assert [label for label, _ in links] == ["Google", "Facebook"]
    for star in range(1, 6):
        phone.open(f"{link}?rating={star}")
        assert phone.page.get_by_role("radio", checked=True).get_attribute("value") == str(star)
        assert _links(phone) == links
    assert count_kept(phone.stage) == before

    phone.open(link)
    phone.page.locator("label[for=rating-1]").tap()
    phone.fill("Your words", WORDS)
    phone.press("Send to Alpha Bikes")
    phone.sees("Thank you, your answer is in", WORDS)
    phone.shows_well("journey-thanks-360")
    assert _links(phone) == links
    for star in range(5, 0, -1):
        phone.follow("Change it")
        phone.page.locator(f"label[for=rating-{star}]").tap()
        phone.press("Send to Alpha Bikes")
        phone.sees("Thank you, your answer is changed")
        assert _links(phone) == links
    kept = phone.stage.rows("SELECT rating, text FROM feedback_response")
    assert kept == [{"rating": 1, "text": WORDS}]


def _links(phone: Person) -> list[tuple[str, str]]:
    forms = phone.page.locator("#elsewhere form")
    return [(form.inner_text().strip(), form.get_attribute("action") or "") for form in forms.all()]


def leave(phone: Person) -> None:
    """Ben ends the mails by the one button of the page that his mail leads to."""
    link = find_link(read_mail(phone.stage, BEN)[1], "u")
    before = count_kept(phone.stage)
    phone.open(link)
    phone.sees("Stop emails?", "b…@example.com")
    phone.shows_well("journey-unsubscribe-360")
    assert count_kept(phone.stage) == before
    phone.press("Stop the emails")
    phone.sees("You get no more emails from us")
    stopped = phone.stage.rows("SELECT channel, reason FROM consent_suppression")
    assert stopped == [{"channel": "email", "reason": "opted_out"}]


def write_to_us(phone: Person) -> None:
    """Zoë asks to hear from a person."""
    phone.open(find_link(read_mail(phone.stage, ZOE)[1], "r"))
    phone.follow("Write")
    phone.shows_well("journey-write-360")
    phone.fill("What is it about?", WISH)
    phone.page.get_by_label("Write to me").check()
    phone.fill("Phone number or email address", ZOE)
    phone.press("Send")
    phone.sees("We will be in touch")
    assert phone.stage.rows("SELECT how, address, text FROM feedback_contactrequest") == [
        {"how": "write", "address": ZOE, "text": WISH}
    ]


def find_in_inbox(bob: Person) -> None:
    """Bob finds Nora's answer by stars and by words."""
    stage = bob.stage
    stage.settle(
        lambda: stage.rows("SELECT count(*) AS n FROM reviews_review") == [{"n": 2}],
        what="an answer and a wish in the inbox",
    )
    bob.open("/inbox/")
    letters = bob.page.locator(".letters > li")
    expect(letters).to_have_count(2)
    bob.shows_well("journey-inbox-1400")
    bob.open("/inbox/?rating=1")
    expect(letters).to_have_count(1)
    expect(letters).to_contain_text("Nora Keane")
    bob.open("/inbox/?rating=5")
    expect(letters).to_have_count(0)
    bob.open("/inbox/")
    search = bob.page.get_by_role("searchbox", name="Search all words ever said")
    search.fill("rear brake")
    search.press("Enter")
    bob.arrives(r"\?q=rear")
    expect(letters).to_have_count(1)
    bob.follow("Nora Keane")
    bob.sees(WORDS, "Safety", within="#conversation")


def take_and_reply(bob: Person) -> None:
    """Bob takes it, and begins his reply with a template."""
    bob.page.locator("summary").filter(has_text="Assigned to, change").click()
    bob.press("Bob you")
    bob.is_told("Assigned.")
    kept = bob.stage.rows(
        "SELECT m.name FROM reviews_review r JOIN staff_member m ON m.id = r.assignee_id"
    )
    assert kept == [{"name": "Bob"}]

    bob.follow("Private")
    bob.page.locator("summary").filter(has_text="Template").click()
    bob.follow("Safety first")
    words = bob.page.locator("#reply-text")
    expect(words).to_have_value(REPLY)
    words.fill(f"{REPLY} Call me any time.")
    bob.sees("Call me any time.", within="#reply-shown")
    bob.shows_well("journey-reply-1400")
    bob.press("Send as Bob")
    bob.is_told("It goes out in 10 seconds.")


def reply_arrives(stage: Stage) -> None:
    """Wait for the reply that leaves after its time for second thoughts."""
    stage.settle(
        lambda: len([m for m in stage.smtp.journal.read() if m["to"] == [NORA]]) == 2,
        what="the reply at Nora's",
    )
    subject, body = read_mail(stage, NORA)
    assert subject == "What you told Alpha Bikes"
    assert body.startswith(f"{REPLY} Call me any time.\n")


REPLY = (
    "Hello Nora, please do not ride it. We collect the bike today and "
    "look at the brake first. Bob, Alpha Bikes"
)
