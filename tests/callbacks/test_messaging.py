"""Twilio calling us: only with its signature, each thing once, in any order."""

import itertools
from datetime import datetime
from urllib.parse import urlencode

import pytest

from apps.consent.models import Suppression
from apps.customers.models import ContactPoint
from apps.journal.models import Entry
from apps.messaging import services as messaging
from apps.messaging.models import Account, Inbound, Message, ProviderEvent
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.messaging.conftest import make_contact, queue
from tests.rigs.twilio_signature import sign

TOKEN = "a-secret-token"
NUMBER = "+447700900123"
SID = "SM" + "1" * 32


@pytest.fixture
def account(inside: Business, noon: datetime) -> Account:
    """Make Twilio the account for text messages."""
    return messaging.save_account(
        kind="twilio",
        values={"account_sid": "AC" + "a" * 32, "auth_token": TOKEN},
        sender="+15005550006",
        now=noon,
    )


@pytest.fixture
def message(account: Account) -> Message:
    """Queue a text message that Twilio has taken."""
    row = queue(make_contact(NUMBER, channel="sms"), subject="")
    Message.objects.filter(pk=row.pk).update(state="sent", provider_ref=SID)
    row.refresh_from_db()
    return row


def call(
    client_for: ClientFor,
    account: Account,
    kind: str,
    form: dict[str, str],
    *,
    query: str = "",
    token: str = TOKEN,
    host: str = "alpha.localhost",
) -> int:
    """Call as Twilio does: signed over the address that we gave out."""
    path = f"/callbacks/messaging/twilio/{account.callback_key}/{kind}/{query}"
    signature = sign(token, f"http://alpha.localhost:8000{path}", form)
    client = client_for()
    client.handler.enforce_csrf_checks = True
    answer = client.post(
        path,
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
        HTTP_HOST=host,
    )
    return answer.status_code


def receipt(status: str, *, sid: str = SID, code: str = "") -> dict[str, str]:
    """Return a status callback."""
    return {"MessageSid": sid, "MessageStatus": status, **({"ErrorCode": code} if code else {})}


def text(words: str, *, sid: str = "SM" + "2" * 32) -> dict[str, str]:
    """Return a message from a customer."""
    return {"MessageSid": sid, "From": NUMBER, "To": "+15005550006", "Body": words}


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sent", "delivered"])))
def test_receipts_in_any_order_and_twice_end_the_same(
    client_for: ClientFor, account: Account, message: Message, order: tuple[str, ...]
) -> None:
    for status in (*order, *order):
        assert call(client_for, account, "status", receipt(status)) == 200
    message.refresh_from_db()
    assert message.state == "delivered"
    assert ProviderEvent.objects.count() == 3
    assert Entry.objects.filter(kind="message.delivered").count() == 1


def test_a_receipt_may_overtake_the_answer_of_the_call(
    client_for: ClientFor, account: Account, message: Message
) -> None:
    Message.objects.filter(pk=message.pk).update(state="sending", provider_ref="")
    query = f"?message={message.pk}"
    assert call(client_for, account, "status", receipt("delivered"), query=query) == 200
    message.refresh_from_db()
    assert (message.state, message.provider_ref) == ("delivered", SID)


def test_a_number_that_cannot_be_reached_gets_nothing_more(
    client_for: ClientFor, account: Account, message: Message
) -> None:
    assert call(client_for, account, "status", receipt("undelivered", code="30006")) == 200
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "landline")
    assert Suppression.objects.get().reason == "invalid"
    assert ContactPoint.objects.get().status == "landline"


def test_an_unconfirmed_message_is_settled_by_its_receipt(
    client_for: ClientFor, account: Account, message: Message
) -> None:
    Message.objects.filter(pk=message.pk).update(state="unconfirmed", provider_ref="")
    query = f"?message={message.pk}"
    call(client_for, account, "status", receipt("sent"), query=query)
    message.refresh_from_db()
    assert (message.state, message.provider_ref) == ("sent", SID)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token": "another"}, 403),
        ({"kind": "nix"}, 404),
        ({"query": "?message=1&x=y", "token": "another"}, 403),
    ],
)
def test_a_call_that_is_not_twilios_changes_nothing(
    client_for: ClientFor,
    account: Account,
    message: Message,
    change: dict[str, str],
    status: int,
) -> None:
    kind = change.pop("kind", "status")
    entries = Entry.objects.count()
    assert call(client_for, account, kind, receipt("delivered"), **change) == status
    message.refresh_from_db()
    assert message.state == "sent"
    assert (ProviderEvent.objects.count(), Entry.objects.count()) == (0, entries)


def test_an_unknown_key_is_not_found_and_a_get_is_refused(
    client_for: ClientFor, account: Account
) -> None:
    client = client_for()
    assert client.post("/callbacks/messaging/twilio/nobody/status/").status_code == 404
    path = f"/callbacks/messaging/twilio/{account.callback_key}/status/"
    assert client.get(path).status_code == 405
    assert client.post(path.replace("twilio", "smtp")).status_code == 404


def test_the_signature_holds_for_our_own_address_not_for_the_host(
    client_for: ClientFor, account: Account, message: Message
) -> None:
    """A proxy may call with another port in the Host header."""
    form = receipt("delivered")
    assert call(client_for, account, "status", form, host="alpha.localhost:9999") == 200
    message.refresh_from_db()
    assert message.state == "delivered"


@pytest.mark.parametrize(
    "words", ["STOP", "stop please", "Please don't text me again", "Unsubscribe"]
)
def test_a_stop_is_obeyed_at_once_and_no_message_leaves_after_it(
    client_for: ClientFor, account: Account, message: Message, words: str
) -> None:
    for _again in range(2):
        assert call(client_for, account, "inbound", text(words)) == 200
    assert Suppression.objects.values_list("channel", "reason").get() == ("sms", "opted_out")
    assert Inbound.objects.get().intent == "stop"
    assert not Entry.objects.filter(kind="message.replied").exists()
    assert Entry.objects.filter(kind="consent.withdrawn").count() == 1


def test_start_takes_a_stop_back_and_nothing_else(
    client_for: ClientFor, account: Account, message: Message
) -> None:
    call(client_for, account, "inbound", text("STOP", sid="SM1"))
    call(client_for, account, "inbound", text("START", sid="SM2"))
    assert not Suppression.objects.exists()


def test_other_words_go_to_the_people(
    client_for: ClientFor, account: Account, message: Message
) -> None:
    words = "When do you open? Café ☕ <script>"
    assert call(client_for, account, "inbound", text(words)) == 200
    row = Inbound.objects.get()
    assert (row.text, row.intent, row.customer_id) == (words, "none", message.customer_id)
    assert Entry.objects.get(kind="message.replied").subject_id == row.pk
    assert not Suppression.objects.exists()


def test_a_receipt_for_another_accounts_message_changes_nothing(
    client_for: ClientFor, account: Account, message: Message, noon: datetime
) -> None:
    other = queue(make_contact("nora@example.com"))
    query = f"?message={other.pk}"
    form = receipt("delivered", sid="SM" + "9" * 32)
    assert call(client_for, account, "status", form, query=query) == 200
    other.refresh_from_db()
    assert other.state == "queued"
