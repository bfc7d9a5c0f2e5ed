"""The sandbox: what customers would see, with working links, in local mode only."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from apps.consent.models import Suppression
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.messaging import queries
from apps.messaging.models import Inbound, Message
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.messaging.conftest import make_contact, queue

NUMBER = "+447700900123"


@pytest.fixture
def mail(inside: Business, noon: datetime) -> Message:
    """Deliver a mail with hostile words in it."""
    message = queue(make_contact("nora@example.com"), text="Hi <script>alert(1)</script>, how?")
    jobs.drain(lanes=[Lane.INTERACTIVE], now=noon)
    return message


@pytest.fixture
def text(inside: Business, noon: datetime) -> Message:
    """Deliver a text message."""
    message = queue(make_contact(NUMBER, channel="sms"), subject="")
    jobs.drain(lanes=[Lane.INTERACTIVE], now=noon)
    return message


def test_the_mailbox_lists_and_shows_a_mail_with_links_that_work(
    mail: Message, client_for: ClientFor
) -> None:
    client = client_for("bob")
    assert "nora@example.com" in client.get("/sandbox/").content.decode()
    page = client.get(f"/sandbox/mail/{mail.pk}/").content.decode()
    links = queries.message_links(mail.pk, link_purpose="r", link_id=mail.link_id)
    assert f'href="{links["⟦link⟧"]}"' in page
    assert f'href="{links["⟦unsubscribe⟧"]}"' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "style=" not in page
    assert client.get(f"/sandbox/mail/{uuid4()}/").status_code == 404


def test_the_phone_shows_the_text_and_takes_a_stop(text: Message, client_for: ClientFor) -> None:
    client = client_for("bob")
    page = client.get("/sandbox/phone/").content.decode()
    assert "Reply STOP to end" in page
    assert "/r/" in page
    answer = client.post("/sandbox/phone/answer/", {"to": NUMBER, "text": "STOP"})
    assert answer.status_code == 303
    assert Suppression.objects.get().channel == "sms"
    assert Inbound.objects.get().intent == "stop"
    assert "STOP" in client.get(answer["Location"]).content.decode()


def test_an_empty_answer_is_asked_for(text: Message, client_for: ClientFor) -> None:
    client = client_for("bob")
    assert client.post("/sandbox/phone/answer/", {"to": NUMBER, "text": " "}).status_code == 302
    assert not Inbound.objects.exists()


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/phone/"])
def test_an_empty_sandbox_says_what_appears_there(
    inside: Business, client_for: ClientFor, path: str
) -> None:
    assert "appears here" in client_for("bob").get(path).content.decode()


def test_outside_local_mode_there_is_no_sandbox(
    mail: Message, client_for: ClientFor, settings: Any
) -> None:
    settings.LOCAL_MODE = False
    client = client_for("alice")
    for path in ("/sandbox/", "/sandbox/phone/", f"/sandbox/mail/{mail.pk}/"):
        assert client.get(path).status_code == 404
    assert client.post("/sandbox/phone/answer/", {"to": NUMBER, "text": "x"}).status_code == 404
    assert not Inbound.objects.exists()


def test_who_may_not_see_customers_may_not_see_their_mail(
    mail: Message, client_for: ClientFor
) -> None:
    assert client_for("ana").get("/sandbox/").status_code == 403
    assert client_for().get("/sandbox/").status_code == 302
    dora = client_for("dora", business="beta")
    assert dora.get(f"/sandbox/mail/{mail.pk}/").status_code == 404
