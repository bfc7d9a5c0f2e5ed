"""Stopping messages: looking changes nothing, one click ends it, one more undoes it."""

from datetime import datetime

import pytest

from apps.consent.models import Event, Standing, Suppression
from apps.core import tokens
from apps.core.facts import SYSTEM
from apps.journal.models import Entry
from apps.messaging import services as messaging
from apps.messaging.models import Message
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.messaging.conftest import make_contact, queue

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def message(inside: Business) -> Message:
    """Queue a mail to Nora."""
    return queue(make_contact("nora@example.com"))


def url_of(business: Business, message: Message) -> str:
    return f"/u/{tokens.sign(business.uuid, 'u', message.pk)}/"


def counts() -> tuple[int, int, int]:
    return Suppression.objects.count(), Event.objects.count(), Entry.objects.count()


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(
    inside: Business, message: Message, client_for: ClientFor, method: str
) -> None:
    before = counts()
    answer = getattr(client_for(), method)(url_of(inside, message))
    assert answer.status_code == 200
    assert counts() == before


def test_one_click_of_a_mail_program_ends_it_without_cookie_or_redirect(
    inside: Business, message: Message, client_for: ClientFor
) -> None:
    client = client_for()
    client.handler.enforce_csrf_checks = True
    answer = client.post(url_of(inside, message), ONE_CLICK)
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"OK", {})
    assert Suppression.objects.values_list("reason", "source").get() == ("opted_out", "one-click")
    assert not Standing.objects.get().is_granted
    before = counts()
    assert client.post(url_of(inside, message), ONE_CLICK).status_code == 200
    assert counts() == before


def test_the_button_stops_and_the_next_one_undoes(
    inside: Business, message: Message, client_for: ClientFor
) -> None:
    client, url = client_for(), url_of(inside, message)
    answer = client.post(url, {"action": "stop"})
    assert (answer.status_code, answer["Location"]) == (303, f"{url}?done=1")
    page = client.get(answer["Location"]).content.decode()
    assert "You get no more emails from us" in page
    assert "n…@example.com" in page
    assert "nora@" not in page
    client.post(url, {"action": "undo"})
    assert not Suppression.objects.exists()
    assert Standing.objects.values_list("is_granted", "basis").get() == (True, "express")
    assert "Stop emails?" in client.get(url).content.decode()


def test_an_undo_does_not_revive_an_address_that_failed(
    inside: Business, message: Message, client_for: ClientFor
) -> None:
    Suppression.objects.create(
        address_hash=message.address_hash,
        channel="email",
        reason="bounced",
        created_at=message.queued_at,
    )
    client_for().post(url_of(inside, message), {"action": "undo"})
    assert Suppression.objects.get().reason == "bounced"


@pytest.mark.parametrize("token", ["x", "A" * 43, "../../etc", "%F0%9F%92%A9"])
def test_a_broken_link_is_gone_in_kind_words(
    inside: Business, client_for: ClientFor, token: str
) -> None:
    for path in ("u", "p"):
        answer = client_for().post(f"/{path}/{token}/", ONE_CLICK)
        assert answer.status_code == 404
    assert not Suppression.objects.exists()


def test_a_link_of_another_business_or_purpose_is_gone(
    inside: Business, beta: Business, message: Message, client_for: ClientFor
) -> None:
    for token in (
        tokens.sign(beta.uuid, "u", message.pk),
        tokens.sign(inside.uuid, "r", message.pk),
    ):
        assert client_for().post(f"/u/{token}/", ONE_CLICK).status_code == 404
    assert client_for(business="beta").post(url_of(inside, message), ONE_CLICK).status_code == 404
    assert not Suppression.objects.exists()


def test_a_mail_to_staff_has_no_such_page(
    inside: Business, client_for: ClientFor, noon: datetime
) -> None:
    message = messaging.queue_staff_message(
        to="bob@alpha.example", subject="x", text="x", dedupe_key="s", subject_kind="test",
        subject_id=inside.uuid, actor=SYSTEM, now=noon,
    )  # fmt: skip
    assert client_for().get(url_of(inside, message)).status_code == 404


def test_preferences_turn_ways_off_and_on(inside: Business, client_for: ClientFor) -> None:
    mail = make_contact("nora@example.com")
    phone = make_contact("+447700900123", channel="sms")
    phone.customer = mail.customer
    phone.save()
    stranger = make_contact("eve@example.com")
    url = f"/p/{tokens.sign(inside.uuid, 'p', mail.customer_id)}/"
    client = client_for()
    before = counts()
    page = client.get(url).content.decode()
    assert counts() == before
    assert "n…@example.com" in page
    assert "…123" in page
    client.post(url, {"contact": str(mail.pk), "action": "off"})
    assert Suppression.objects.values_list("channel", flat=True).get() == "email"
    client.post(url, {"contact": str(stranger.pk), "action": "off"})
    assert Suppression.objects.count() == 1
    client.post(url, {"action": "nothing"})
    assert set(Suppression.objects.values_list("channel", flat=True)) == {"email", "sms"}
    assert "sends you nothing at all" in client.get(url).content.decode()
    client.post(url, {"action": "everything"})
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("form", [{}, {"action": "x"}, {"contact": "1", "action": "off"}])
def test_a_form_of_nobodys_making_changes_nothing(
    inside: Business, client_for: ClientFor, form: dict[str, str]
) -> None:
    contact = make_contact("nora@example.com")
    before = counts()
    url = f"/p/{tokens.sign(inside.uuid, 'p', contact.customer_id)}/"
    assert client_for().post(url, form).status_code == 303
    assert counts() == before


def test_an_erased_customers_link_is_gone(inside: Business, client_for: ClientFor) -> None:
    contact = make_contact("nora@example.com")
    contact.customer.erased_at = contact.created_at
    contact.customer.save()
    url = f"/p/{tokens.sign(inside.uuid, 'p', contact.customer_id)}/"
    assert client_for().get(url).status_code == 404
