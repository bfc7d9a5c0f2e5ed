"""A form has one effect, however often it is sent from one showing of its page."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.shortcuts import redirect
from django.test import Client, RequestFactory

from apps.core import clock
from apps.reviews.models import Note, Review
from apps.staff.models import ApiKey, SentForm
from apps.staff.services import sending
from apps.tenants import wall
from apps.tenants.models import Business
from apps.web.shared.once import send_once
from tests.conftest import ClientFor, actor_of, business_of, log_in, person
from tests.factories import make_review

TIMES = 8


@pytest.fixture
def review(alpha: Business) -> Review:
    with wall.as_business(alpha):
        return make_review(now=clock.now())


@pytest.fixture
def bob(client_for: ClientFor) -> Client:
    return client_for("bob")


def show(client: Client, review: Review) -> str:
    """Look at the page of a review, and return the token of this showing."""
    page = client.get(f"/inbox/{review.pk}/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found.group(1)


def send(client: Client, review: Review, token: str, text: str = "Ring her", **extra: Any) -> Any:
    values = {"text": text, "csrfmiddlewaretoken": token}
    return client.post(f"/inbox/{review.pk}/notes/", values, **extra)


def notes(business: Business) -> list[str]:
    with wall.as_business(business):
        return list(Note.objects.order_by("pk").values_list("text", flat=True))


def kept(business: Business) -> int:
    with wall.as_business(business):
        return SentForm.objects.count()


def test_a_form_sent_again_leads_where_the_first_led(
    bob: Client, review: Review, alpha: Business
) -> None:
    token = show(bob, review)
    first, again = send(bob, review, token), send(bob, review, token)
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert notes(alpha) == ["Ring her"]


def test_another_showing_or_other_words_are_another_form(
    bob: Client, review: Review, alpha: Business
) -> None:
    token = show(bob, review)
    send(bob, review, token)
    send(bob, review, token, "And write")
    send(bob, review, show(bob, review))
    assert notes(alpha) == ["Ring her", "And write", "Ring her"]


def test_another_person_sends_another_form(
    bob: Client, client_for: ClientFor, review: Review, alpha: Business
) -> None:
    token = show(bob, review)
    send(bob, review, token)
    send(client_for("mona"), review, token)
    assert notes(alpha) == ["Ring her", "Ring her"]


def test_a_refused_form_may_be_sent_again(client_for: ClientFor, alpha: Business) -> None:
    values = {"name": "", "csrfmiddlewaretoken": "x" * 64}
    mona = client_for("mona")
    answers = [mona.post("/customers/new/", values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert kept(alpha) == 0


def test_a_script_keeps_its_token_and_is_left_alone(
    bob: Client, review: Review, alpha: Business
) -> None:
    token = show(bob, review)
    for _ in range(2):
        send(bob, review, token, headers={"HX-Request": "true"})
    assert notes(alpha) == ["Ring her", "Ring her"]


def test_after_ten_minutes_it_is_another_form_and_the_old_one_is_forgotten(
    bob: Client, review: Review, alpha: Business
) -> None:
    token = show(bob, review)
    now = clock.now()
    for minutes in (0, 9, 11):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            send(bob, review, token)
    assert notes(alpha) == ["Ring her", "Ring her"]
    with time_machine.travel(now + timedelta(minutes=30), tick=False):
        send(bob, review, token, "Later")
    assert kept(alpha) == 1


def test_an_address_too_long_to_keep_is_led_to_and_forgotten(alpha: Business) -> None:
    with wall.as_business(alpha):
        request: Any = RequestFactory().post("/", {"csrfmiddlewaretoken": "x" * 64})
        request.actor = actor_of("bob")
        long = "/" + "x" * 2000
        assert send_once(request, lambda: redirect(long)).headers["Location"] == long
    assert kept(alpha) == 0


def test_files_are_part_of_the_form(client_for: ClientFor, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    mona = client_for("mona")
    places = []
    for name in ("a.csv", "a.csv", "b.csv"):
        file = SimpleUploadedFile(name, b"First name,Email\nAda,a@example.com\n")
        values = {"file": file, "csrfmiddlewaretoken": "x" * 64}
        places.append(mona.post("/customers/import/", values).headers["Location"])
    assert places[0] == places[1] != places[2]


def test_a_note_of_a_form_needs_the_transaction_of_its_work(committed_alpha: Business) -> None:
    with (
        wall.as_business(committed_alpha),
        pytest.raises(transaction.TransactionManagementError),
    ):
        sending.begin_form(member_id=person("bob").pk, fingerprint="x", now=clock.now())


@pytest.fixture
def committed_alpha(committed: None) -> Business:
    return business_of("alpha")


def test_many_at_the_same_moment_write_one_note(committed_alpha: Business) -> None:
    with wall.as_business(committed_alpha):
        review = make_review(now=clock.now())
    client = Client(HTTP_HOST="alpha.localhost")
    log_in(client, person("bob"), committed_alpha.pk)
    token = show(client, review)

    def send_one(_number: int) -> str:
        try:
            copy = Client(HTTP_HOST="alpha.localhost")
            copy.cookies = client.cookies
            return str(send(copy, review, token).headers["Location"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TIMES) as pool:
        places = list(pool.map(send_one, range(TIMES)))
    assert len(set(places)) == 1
    assert notes(committed_alpha) == ["Ring her"]


def test_key_whose_secret_was_shown_is_made_once(client_for: ClientFor, alpha: Business) -> None:
    mona = client_for("mona")
    values = {"name": "Till", "scopes": ["customers:read"], "csrfmiddlewaretoken": "x" * 64}
    shown, again = (mona.post("/settings/keys/new/", values) for _ in range(2))
    assert (shown.status_code, again.status_code) == (200, 302)
    assert again.headers["Location"] == "/settings/keys/"
    with wall.as_business(alpha):
        assert ApiKey.objects.count() == 1
