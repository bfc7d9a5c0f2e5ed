"""The ledger and the accounts: what each role sees and may do."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from apps.core.facts import Actor
from apps.jobs.models import Ticket
from apps.messaging import services as messaging
from apps.messaging.models import Account, Attempt, Message
from apps.tenants.models import Business
from tests.conftest import ClientFor, person
from tests.messaging.conftest import make_contact, queue

SMTP = {
    "sender": "hello@example.com",
    "sender_name": "Alpha",
    "host": "127.0.0.1",
    "port": "2525",
    "security": "none",
    "username": "user",
    "password": "secret-word",
}


@pytest.fixture
def message(inside: Business, noon: datetime) -> Message:
    """Queue a mail to Nora."""
    return queue(make_contact("nora@example.com", name="Nora"))


def put(message: Message, state: str, reason: str = "") -> None:
    Message.objects.filter(pk=message.pk).update(state=state, reason=reason)


@pytest.mark.parametrize(
    ("who", "sees"), [("alice", True), ("mona", True), ("bob", True), ("ana", False)]
)
def test_an_analyst_sees_states_but_no_people(
    message: Message, client_for: ClientFor, who: str, *, sees: bool
) -> None:
    for url in ("/messages/", f"/messages/{message.pk}/"):
        answer = client_for(who).get(url)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "Waiting" in page
        assert ("Nora" in page) == sees
        assert ("nora@example.com" in page) == (sees and url != "/messages/")


def test_strangers_see_nothing(message: Message, client_for: ClientFor) -> None:
    assert client_for().get("/messages/").status_code == 302
    assert client_for("charlie").get("/messages/").status_code == 403
    dora = client_for("dora", business="beta")
    assert dora.get(f"/messages/{message.pk}/").status_code == 404
    assert dora.post(f"/messages/{message.pk}/settle/", {"arrived": "yes"}).status_code == 404


def test_the_page_hides_personal_links(message: Message, client_for: ClientFor) -> None:
    page = client_for("bob").get(f"/messages/{message.pk}/").content.decode()
    assert "[personal link]" in page
    assert "⟦" not in page


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("suppressed", "no_consent", "has not agreed to this kind of message"),
        ("failed", "invalid_address", "This address does not exist."),
        ("failed", "30410", "The provider answered 30410."),
        ("unconfirmed", "no_answer", "Nobody knows whether it arrived"),
        ("cancelled", "closed", "Its campaign was stopped."),
    ],
)
def test_each_end_is_told_in_words(
    message: Message, client_for: ClientFor, state: str, reason: str, words: str
) -> None:
    put(message, state, reason)
    assert words in client_for("bob").get(f"/messages/{message.pk}/").content.decode()
    assert client_for("bob").get("/messages/").status_code == 200


def test_filters_narrow_the_list(message: Message, client_for: ClientFor) -> None:
    put(message, "sent")
    client = client_for("bob")
    assert "Nora" in client.get("/messages/?state=sent&channel=email").content.decode()
    assert "Nora" not in client.get("/messages/?state=failed").content.decode()
    assert "Nora" not in client.get("/messages/?channel=sms").content.decode()
    assert client.get("/messages/?state=x&channel=y").status_code == 200
    assert client.get("/messages/?cursor=x").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    inside: Business,
    noon: datetime,
    client_for: ClientFor,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(count):
        queue(make_contact(f"c{number}@example.com"))
    client = client_for("bob")
    client.get("/messages/")
    with django_assert_num_queries(12):
        client.get("/messages/")


def test_a_manager_says_it_arrived(message: Message, client_for: ClientFor) -> None:
    put(message, "unconfirmed", "no_answer")
    url = f"/messages/{message.pk}/settle/"
    assert client_for("mona").get(url).status_code == 405
    assert client_for("mona").post(url, {"arrived": "perhaps"}).status_code == 302
    message.refresh_from_db()
    assert message.state == "unconfirmed"
    assert client_for("mona").post(url, {"arrived": "yes"}).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.reason) == ("sent", "by_hand")


def test_what_did_not_arrive_is_sent_again_once(message: Message, client_for: ClientFor) -> None:
    put(message, "unconfirmed", "no_answer")
    Ticket.objects.all().delete()
    url = f"/messages/{message.pk}/settle/"
    for _again in range(2):
        client_for("mona").post(url, {"arrived": "no"})
    message.refresh_from_db()
    assert message.state == "queued"
    assert Ticket.objects.filter(kind="messaging.deliver").count() == 1


@pytest.mark.parametrize("who", ["bob", "ana"])
def test_an_agent_may_not_settle(message: Message, client_for: ClientFor, who: str) -> None:
    put(message, "unconfirmed", "no_answer")
    url = f"/messages/{message.pk}/settle/"
    assert client_for(who).post(url, {"arrived": "yes"}).status_code == 403
    message.refresh_from_db()
    assert message.state == "unconfirmed"
    assert 'name="arrived"' not in client_for(who).get(f"/messages/{message.pk}/").content.decode()


def test_an_account_is_saved_with_its_secret_sealed(
    inside: Business, noon: datetime, client_for: ClientFor
) -> None:
    messaging.ensure_default_accounts(now=noon)
    client = client_for("mona")
    assert client.post("/messages/accounts/email/smtp/", SMTP).status_code == 302
    account = Account.objects.get(channel="email", is_default=True)
    assert (account.kind, account.sender, account.is_active) == ("smtp", SMTP["sender"], True)
    assert "secret-word" not in f"{account.settings} {account.sealed_secret}"
    page = client.get("/messages/accounts/email/smtp/").content.decode()
    assert "secret-word" not in page
    assert (
        client.post("/messages/accounts/email/smtp/", {**SMTP, "password": ""}).status_code == 302
    )
    assert Account.objects.get(pk=account.pk).sealed_secret
    assert Account.objects.filter(channel="email").count() == 2
    assert "Your mail server" in client.get("/messages/accounts/").content.decode()


@pytest.mark.parametrize(
    ("path", "form", "words"),
    [
        ("email/smtp", {**SMTP, "host": "mail.example.com"}, "encrypted connection only"),
        ("email/smtp", {**SMTP, "port": "0"}, "greater than or equal to 1"),
        ("sms/twilio", {"account_sid": "x", "auth_token": "y", "sender": "+1"}, "This SID is AC"),
        ("sms/twilio", {"account_sid": "AC" + "a" * 32, "sender": "+1"}, "auth_token"),
        (
            "sms/twilio",
            {
                "account_sid": "AC" + "a" * 32,
                "auth_token": "y",
                "sender": "+1",
                "base_url": "http://evil.example",
            },
            "one of Twilio",
        ),
    ],
)
def test_settings_that_cannot_work_are_told_and_nothing_typed_is_lost(
    inside: Business, client_for: ClientFor, path: str, form: dict[str, str], words: str
) -> None:
    answer = client_for("mona").post(f"/messages/accounts/{path}/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert f'value="{form["sender"]}"' in page
    assert not Account.objects.filter(kind__in=["smtp", "twilio"]).exists()


def test_the_sender_of_mails_is_a_whole_address_prefilled_with_ones_own(
    inside: Business, client_for: ClientFor
) -> None:
    client = client_for("mona")
    for kind in ("sandbox", "smtp"):
        url = f"/messages/accounts/email/{kind}/"
        assert client.get(url).context["form"]["sender"].value() == person("mona").email
        answer = client.post(url, {**SMTP, "sender": "Holts"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Enter a valid email address." in page
        assert 'value="Holts"' in page
    assert not Account.objects.filter(sender="Holts").exists()


def test_accounts_say_which_is_in_use_and_lead_to_the_sandbox(
    inside: Business, noon: datetime, client_for: ClientFor, settings: Any
) -> None:
    messaging.ensure_default_accounts(now=noon)
    client = client_for("mona")
    settings.LOCAL_MODE = True
    page = client.get("/messages/accounts/").content.decode()
    assert page.count("In use") == 2
    assert "Use your mail server (SMTP)" in page
    assert "Open the sandbox mailbox" in page
    assert "Open the sandbox phone" in page
    client.post("/messages/accounts/email/smtp/", SMTP)
    page = client.get("/messages/accounts/").content.decode()
    assert "Go to the sandbox instead" in page
    assert "Open the sandbox mailbox" not in page
    assert "Open the sandbox phone" in page
    settings.LOCAL_MODE = False
    assert "Open the sandbox" not in client.get("/messages/accounts/").content.decode()


def test_outside_local_mode_a_server_on_this_machine_is_refused(
    inside: Business, client_for: ClientFor, settings: Any
) -> None:
    settings.ALLOW_LOOPBACK_PROVIDERS = False
    answer = client_for("mona").post("/messages/accounts/email/smtp/", SMTP)
    assert (answer.status_code, Account.objects.count()) == (422, 0)


@pytest.mark.parametrize("path", ["email/twilio", "sms/smtp", "fax/sandbox", "sms/x"])
def test_a_provider_of_the_other_channel_is_not_found(
    client_for: ClientFor, inside: Business, path: str
) -> None:
    assert client_for("mona").get(f"/messages/accounts/{path}/").status_code == 404


@pytest.mark.parametrize("who", ["bob", "ana"])
def test_only_managers_change_accounts(inside: Business, client_for: ClientFor, who: str) -> None:
    assert client_for(who).get("/messages/accounts/").status_code == 200
    assert client_for(who).post("/messages/accounts/email/smtp/", SMTP).status_code == 403
    assert not Account.objects.exists()


def test_attempts_are_shown_with_what_came_of_them(
    message: Message, client_for: ClientFor, bob: Actor, noon: datetime
) -> None:
    Attempt.objects.create(
        message=message, number=1, lease_owner="x", started_at=noon, outcome="unknown", code="t1"
    )
    page = client_for("bob").get(f"/messages/{message.pk}/").content.decode()
    assert "no answer" in page
    assert "t1" in page


def test_an_unknown_message_is_not_found(inside: Business, client_for: ClientFor) -> None:
    assert client_for("bob").get(f"/messages/{uuid4()}/").status_code == 404


def test_an_account_with_a_messaging_service_shows_its_number(
    inside: Business, noon: datetime, client_for: ClientFor
) -> None:
    messaging.ensure_default_accounts(now=noon)
    client = client_for("mona")
    service = "MG" + "b" * 32
    form = {
        "account_sid": "AC" + "a" * 32,
        "auth_token": "token",
        "sender": "",
        "messaging_service_sid": service,
    }
    assert client.post("/messages/accounts/sms/twilio/", form).status_code == 302
    page = client.get("/messages/accounts/").content.decode()
    assert "From the messaging service" in page
    assert service in page
