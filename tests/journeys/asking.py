"""From a file of customers to messages that arrived."""

import re
from email import message_from_string
from email.policy import default
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.product import Country, Stage

WORDING = "Yes, Alpha Bikes may write to me about my visit."
REASONS = {
    "8": "Column “Email”: “joerg(at)example.com” has no @, so it is no email address.",
    "9": "Column “Last visit”: “31.02.2026” is no date; write it as 2026-11-30 or 30.11.2026.",
    "10": "The row has neither an email address nor a phone number nor a customer number.",
}
REJECTS = """\
\ufeffCustomer no.,First name,Last name,Email,Mobile,Last visit,Amount,Branch,Email ok,Text ok,\
Line,What to mend
K-6,Jörg,Böhm,joerg(at)example.com,,08.05.2026,,,yes,,8,"{8}"
K-7,Uwe,Falsch,uwe@example.com,,31.02.2026,,,yes,,9,{9}
,,Niemand,,,,,,,,10,{10}
"""


def till_export(country: Country) -> bytes:
    """Return a file as a till writes it: BOM, semicolons, commas in numbers, and mistakes."""
    (short, full), (spaced, _), (plain, _) = country.numbers
    lines = (
        "Customer no.;First name;Last name;Email;Mobile;Last visit;Amount;Branch;Email ok;Text ok",
        f"K-1;Nora;Keane;nora@example.com;{short};03.05.2026;48,00;Mill Lane;yes;yes",
        "K-2;Ben;Ito;ben@example.com;;04.05.2026;1.128,50;Mill Lane;yes;",
        "K-3;Zoë;Marsh;zoe@example.com;;05.05.2026;19,90;;yes;",
        f"K-4;Dan;O’Neill;;{spaced};06.05.2026;20,00;Mill Lane;;yes",
        f"K-5;Eve;Lund;eve@example.com;{plain};07.05.2026;75,00;;no;no",
        f"K-1;Nora;Keane;NORA@example.com;{full};03.05.2026;48,00;Mill Lane;yes;yes",
        "K-6;Jörg;Böhm;joerg(at)example.com;;08.05.2026;;;yes;",
        "K-7;Uwe;Falsch;uwe@example.com;;31.02.2026;;;yes;",
        ";;Niemand;;;;;;;",
    )
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def connect_accounts(mona: Person) -> None:
    """Let mail and texts leave by real servers."""
    smtp, twilio = mona.stage.smtp.settings(), mona.stage.twilio.settings()
    mona.open("/messages/accounts/email/smtp/")
    mona.fill("From", "hello@alpha.example")
    mona.fill("Name of the sender", "Alpha Bikes")
    mona.fill("Server", smtp["host"])
    mona.fill("Port", smtp["port"])
    mona.choose("Encryption", "None: only for a server on this machine")
    mona.press("Save and use it")
    mona.is_told("Saved. Messages leave this way from now on.")
    mona.open("/messages/accounts/sms/twilio/")
    mona.fill("Messaging service SID", twilio["messaging_service_sid"])
    mona.fill("Account SID", twilio["account_sid"])
    mona.fill("Auth token", twilio["auth_token"])
    mona.fill("Address of the API", twilio["base_url"])
    mona.press("Save and use it")
    mona.is_told("Saved. Messages leave this way from now on.")
    assert twilio["auth_token"] not in mona.page.content()
    kept = mona.stage.rows("SELECT kind, settings::text FROM messaging_account ORDER BY kind")
    assert [row["kind"] for row in kept] == ["smtp", "twilio"]
    assert not [row for row in kept if twilio["auth_token"] in row["settings"]]


def import_customers(mona: Person, country: Country, folder: Path) -> None:
    """Bring the file in: columns, check, commit, and the rows to mend."""
    _upload(mona, country)
    mona.sees("This is what importing the file will do.")
    forecast = mona.facts()
    assert forecast == {
        "New customers": "5",
        "Updated": "0",
        "Unchanged": "0",
        "Twice in the file": "1",
        "Left out": "3",
    }
    assert mona.rows("Left out") == [[line, reason] for line, reason in REASONS.items()]
    assert mona.stage.rows("SELECT id FROM customers_customer") == []

    mona.press("Import now")
    mona.sees("The file is in. 3 rows were left out")
    assert mona.facts() == forecast | {"Visits noted": "5", "Agreements noted": "10"}
    with mona.page.expect_download() as download:
        mona.follow("Rows to mend (CSV)")
    assert download.value.suggested_filename == "rows-to-mend.csv"
    download.value.save_as(folder / "rejects.csv")
    expected = REJECTS.replace("{8}", REASONS["8"]).replace("{9}", REASONS["9"])
    text = (folder / "rejects.csv").read_bytes().decode()
    assert text == expected.replace("{10}", REASONS["10"]).replace("\n", "\r\n")
    phones = mona.stage.rows(
        "SELECT address FROM customers_contactpoint WHERE channel = 'sms' ORDER BY id"
    )
    assert {row["address"] for row in phones} == {full for _, full in country.numbers}


def import_again(mona: Person, country: Country) -> None:
    """Bring the same file in once more: nothing changes."""
    before = _customers(mona.stage)
    _upload(mona, country)
    mona.sees("This is what importing the file will do.")
    mona.press("Import now")
    mona.sees("The file is in.")
    assert mona.facts() == {
        "New customers": "0",
        "Updated": "0",
        "Unchanged": "5",
        "Twice in the file": "1",
        "Left out": "3",
        "Visits noted": "0",
        "Agreements noted": "0",
    }
    assert _customers(mona.stage) == before


def _upload(mona: Person, country: Country) -> None:
    mona.open("/customers/import/")
    mona.page.get_by_label("File", exact=True).set_input_files(
        {"name": "till-export.csv", "mimeType": "text/csv", "buffer": till_export(country)}
    )
    mona.press("Upload and look")
    mona.arrives(r"/import/[0-9a-f-]{36}/$")
    mona.sees("We have guessed; please look.")
    mona.choose("Email ok", "May be mailed (yes or no)")
    mona.choose("Text ok", "May be texted (yes or no)")
    mona.page.get_by_label("Country of the phone numbers").select_option(country.code)
    for label in (
        "They said yes, on a form or to a person",
        "Asking how it went",
        "Offers to come back",
    ):
        mona.page.get_by_label(label).check()
    mona.fill("In which words?", WORDING)
    mona.fill("Where?", "counter in Mill Lane")
    mona.press("Check the file")


def _customers(stage: Stage) -> dict[str, list[dict[str, object]]]:
    return {
        table: stage.rows(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608 - names below
        for table in (
            "customers_customer",
            "customers_contactpoint",
            "customers_transaction",
            "consent_event",
        )
    }


SUBJECT = "{{ customer.first_name }}, how did it go?"
MAIL = """\
Hello {{ customer.first_name }},

how was your visit to {{ business.name }}? Tell us here:
{{ link }}

No more of these: {{ unsubscribe }}"""
TEXT = "Hi {{ customer.first_name }}, how did it go at Alpha Bikes? {{ link }} Reply STOP to end"


def write_campaign(mona: Person) -> None:
    """Write a mail and a text, see both as a customer will, and who is left out."""
    mona.open("/campaigns/")
    mona.follow("Make the first one")
    mona.page.get_by_label("Name", exact=True).fill("After the visit")
    mona.press("Go on to the audience")
    mona.sees("4 asked, 1 not", within="#count")
    mona.press("Save and write the messages")
    first = mona.page.get_by_role("region", name="1. Mail")
    second = mona.page.get_by_role("region", name="2. Text message")
    mona.fill("Wait", "0", within=first)
    mona.fill("Subject", SUBJECT, within=first)
    mona.fill("Text", MAIL, within=first)
    mona.fill("Wait", "0", within=second)
    mona.fill("Text", TEXT, within=second)
    mona.page.get_by_label("Show it as").select_option(label="Nora Keane")
    mona.sees("Nora, how did it go?", "Hello Nora,", "Hi Nora,", within="#previews")
    mona.press("Save and check")

    mona.arrives("/check/")
    mona.sees("4 people are asked, 1 not", "Nothing blocks")
    expect(mona.page.get_by_label("Why people are left out")).to_contain_text(
        re.compile(r"No consent to be asked.*1", re.DOTALL)
    )
    address = mona.page.url
    mona.follow("1", within=mona.page.get_by_label("Why people are left out"))
    assert [row[0] for row in mona.rows("Table of people who are left out")] == ["Eve Lund"]
    mona.open(address)
    assert (mona.stage.smtp.journal.read(), mona.stage.twilio.journal.read()) == ([], [])


def launch_campaign(mona: Person) -> None:
    """Launch, and follow it until everything has left."""
    mona.press("Launch to 4 people")
    mona.arrives(r"/campaigns/[0-9a-f-]{36}/$")
    mona.stage.settle(
        lambda: ledger(mona.stage) == {"email sent": 3, "sms delivered": 2},
        what="three mails sent and two texts delivered",
    )
    mona.sees("4 people asked")


def ledger(stage: Stage) -> dict[str, int]:
    """Count the messages by channel and state."""
    rows = stage.rows(
        "SELECT channel || ' ' || state AS what, count(*) AS n"
        " FROM messaging_message GROUP BY 1 ORDER BY 1"
    )
    return {row["what"]: row["n"] for row in rows}


def read_mail(stage: Stage, address: str, *, number: int = -1) -> tuple[str, str]:
    """Return subject and plain words of a mail that arrived at an address."""
    found = [line for line in stage.smtp.journal.read() if line["to"] == [address]]
    mail = message_from_string(found[number]["content"], policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    return str(mail["Subject"]), body.get_content().replace("\r\n", "\n")


def find_link(text: str, purpose: str) -> str:
    """Return the address of ours with this purpose in a text."""
    found = re.findall(rf"http://alpha\.localhost:\d+/{purpose}/[\w-]+/", text)
    assert len(found) == 1, text
    return str(found[0])


def check_arrivals(stage: Stage, country: Country) -> None:
    """Hold what arrived against what was written: who, what, and every way out."""
    mails = {line["to"][0]: line for line in stage.smtp.journal.read()}
    assert sorted(mails) == ["ben@example.com", "nora@example.com", "zoe@example.com"]
    for address, name in (("ben@example.com", "Ben"), ("zoe@example.com", "Zoë")):
        subject, body = read_mail(stage, address)
        assert subject == f"{name}, how did it go?"
        link, leave = find_link(body, "r"), find_link(body, "u")
        assert body.startswith(
            f"Hello {name},\n\nhow was your visit to Alpha Bikes? Tell us here:\n{link}\n\n"
            f"No more of these: {leave}\n"
        )
        assert "1 Mill Lane, Bath" in body
        assert mails[address]["list_unsubscribe"] == f"<{leave}>"
        assert mails[address]["list_unsubscribe_post"] == "List-Unsubscribe=One-Click"
    (_, nora), (_, dan), _ = country.numbers
    texts = {line["to"]: line["body"] for line in stage.twilio.journal.read()}
    assert sorted(texts) == sorted([nora, dan])
    for number, name in ((nora, "Nora"), (dan, "Dan")):
        link = find_link(texts[number], "r")
        assert texts[number] == (
            f"Hi {name}, how did it go at Alpha Bikes? {link} Reply STOP to end"
        )
    own = find_link(read_mail(stage, "nora@example.com")[1], "r")
    assert find_link(texts[nora], "r") == own
    assert len(stage.smtp.journal.read()) + len(stage.twilio.journal.read()) == 5
    assert stage.twilio.violations == []
