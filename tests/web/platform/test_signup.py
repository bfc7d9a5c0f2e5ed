"""Signing up: a code by mail, and nothing told about who is known already."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts import services
from apps.accounts.models import PlatformMail, Session, SignUp, User
from apps.core import clock
from apps.core.errors import AppError
from apps.tenants import wall
from tests.conftest import ClientFor, person
from tests.template import PASSWORD

NEW = "seven-lanterns-42"
VALUES = {"name": "Nora Keane", "email": "Nora@new.example", "password": NEW}


def mails() -> list[PlatformMail]:
    with wall.as_platform():
        return list(PlatformMail.objects.order_by("created_at", "pk"))


def code() -> str:
    found = re.search(r"\b(\d{3} \d{3})\b", mails()[-1].text)
    assert found
    return found[1]


def wrong() -> str:
    return "000000" if code() != "000 000" else "111111"


def begin(**changes: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    response = client.post("/signup/", VALUES | changes)
    assert (response.status_code, response.headers.get("Location")) == (302, "/signup/confirm/")
    return client


def bring(client: Client, given: str) -> Any:
    return client.post("/signup/confirm/", {"code": given})


def find(email: str = "nora@new.example") -> User | None:
    with wall.as_platform():
        return User.objects.filter(email=email).first()


def test_code_makes_the_log_in_and_signs_in(db: None) -> None:
    client = begin()
    mail = mails()[0]
    assert (mail.to, mail.subject) == ("nora@new.example", "Your code")
    assert find() is None
    response = bring(client, code())
    assert (response.status_code, response.headers["Location"]) == (302, "/new/")
    made = find()
    assert made is not None
    assert (made.name, made.check_password(NEW)) == ("Nora Keane", True)
    assert client.get("/new/").status_code == 200
    assert client.get("/signup/").headers["Location"] == "/new/"
    assert client.get("/signup/confirm/").headers["Location"] == "/new/"


def test_new_log_in_works_at_the_log_in_page(db: None) -> None:
    bring(begin(), code())
    client = Client(HTTP_HOST="localhost")
    given = {"login": "nora@new.example", "password": NEW}
    assert client.post("/account/login/", given).status_code == 302


def test_link_of_the_mail_fills_the_code_in_and_does_nothing_by_itself(db: None) -> None:
    client = begin()
    found = re.search(r"http://localhost:8000(/signup/confirm/\?code=(\d{6}))\n", mails()[0].text)
    assert found
    page = client.get(found[1]).content.decode()
    assert f'value="{found[2]}"' in page
    assert find() is None
    elsewhere = Client(HTTP_HOST="localhost").get(found[1])
    assert elsewhere.status_code == 410
    assert "Type the code where you began" in elsewhere.content.decode()


def test_nobody_learns_who_has_a_log_in(db: None) -> None:
    pages = []
    for email in ("bob@alpha.example", "nobody@alpha.example"):
        client = begin(email=email)
        page = (
            client.get("/signup/confirm/").content.decode() + bring(client, "12").content.decode()
        )
        cleaned = re.sub(r'CSRFToken": "\w+"|value="\w{64}"', "", page)
        pages.append(cleaned.replace(email, "…"))
    assert pages[0] == pages[1]
    known, unknown = mails()
    assert "You have a log-in with this address already" in known.text
    assert "http://localhost:8000/account/login/" in known.text
    assert not re.search(r"\d{3} \d{3}", known.text)
    assert re.search(r"\d{3} \d{3}", unknown.text)


def test_no_code_opens_a_log_in_that_was_there_before(db: None) -> None:
    client = begin(email="bob@alpha.example")
    with wall.as_platform():
        assert SignUp.objects.get().code_hash == ""
    for given in ("", "000000", "code"):
        assert bring(client, given).status_code == 422
    assert person("bob").check_password(PASSWORD)


def test_log_in_that_came_meanwhile_is_not_touched(db: None) -> None:
    first = begin()
    first_code = code()
    second = begin(password="eight-lanterns-43")
    bring(first, first_code)
    assert bring(second, code()).status_code == 422
    made = find()
    assert made is not None
    assert made.check_password(NEW)


def test_wrong_code_is_told_and_the_fifth_ends_it(db: None) -> None:
    client = begin()
    bad, right = wrong(), code()
    for _ in range(4):
        response = bring(client, bad)
        assert response.status_code == 422
        assert "This is not the code in the newest mail" in response.content.decode()
    assert "That was the fifth wrong code" in bring(client, bad).content.decode()
    assert "That was the fifth wrong code" in bring(client, right).content.decode()
    assert find() is None


def test_code_ends_after_a_quarter_of_an_hour(db: None) -> None:
    start = clock.now()
    with clock.at(start):
        client = begin()
    with clock.at(start + timedelta(minutes=15)):
        assert "This code works no more" in bring(client, code()).content.decode()
        assert find() is None
    with clock.at(start + timedelta(minutes=14)):
        assert bring(client, code()).status_code == 302


def test_code_works_once(db: None) -> None:
    client = begin()
    twin = Client(HTTP_HOST="localhost")
    twin.cookies["session"] = client.cookies["session"].value
    right = code()
    assert bring(client, right).status_code == 302
    assert bring(twin, right).status_code == 410
    with wall.as_platform():
        assert User.objects.filter(email="nora@new.example").count() == 1


def test_another_code_takes_the_place_of_the_first(db: None) -> None:
    start = clock.now()
    with clock.at(start):
        client = begin()
    first = code()
    with clock.at(start + timedelta(seconds=29)):
        page = client.post("/signup/resend/", follow=True).content.decode()
        assert "Please wait 1 seconds" in page
    assert len(mails()) == 1
    with clock.at(start + timedelta(seconds=30)):
        page = client.post("/signup/resend/", follow=True).content.decode()
        assert "A new code is on its way" in page
        second = code()
        assert second == first or bring(client, first).status_code == 422
        assert bring(client, second).status_code == 302
    assert len(mails()) == 2


def test_no_address_is_flooded(db: None) -> None:
    start = clock.now()
    with clock.at(start):
        client = begin()
    for minute in range(1, 5):
        with clock.at(start + timedelta(minutes=minute)):
            client.post("/signup/resend/")
    with clock.at(start + timedelta(minutes=6)):
        page = client.post("/signup/resend/", follow=True).content.decode()
        assert "We have sent 5 mails" in page
        other = Client(HTTP_HOST="localhost").post("/signup/", VALUES)
        assert other.status_code == 422
        assert "has had several mails from us lately" in other.content.decode()
    assert len(mails()) == 5
    with clock.at(start + timedelta(minutes=66)):
        begin()
    assert len(mails()) == 6


@pytest.mark.parametrize("known", [False, True])
def test_an_address_gets_ten_mails_a_day(db: None, *, known: bool) -> None:
    address = person("alice").email if known else "nora@new.example"
    start = clock.now()
    for turn in range(10):
        with clock.at(start + turn * timedelta(minutes=61)):
            begin(email=address)
    with clock.at(start + timedelta(hours=12)):
        refused = Client(HTTP_HOST="localhost").post("/signup/", VALUES | {"email": address})
    assert (refused.status_code, len(mails())) == (422, 10)
    with clock.at(start + timedelta(hours=25)):
        begin(email=address)
    assert len(mails()) == 11


def test_sending_again_needs_a_sign_up(db: None) -> None:
    response = Client(HTTP_HOST="localhost").post("/signup/resend/")
    assert response.headers["Location"] == "/signup/confirm/"
    assert mails() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"email": ""}, "This field is required."),
        ({"name": "  "}, "This field is required."),
        ({"password": "short"}, "This password is too short."),
        ({"password": "nora@new.example"}, "too similar to the email"),
        ({"password": "x" * 200}, "at most 128 characters"),
    ],
)
def test_faults_stand_at_their_field_and_nothing_typed_is_lost(
    db: None, changes: dict[str, str], words: str
) -> None:
    response = Client(HTTP_HOST="localhost").post("/signup/", VALUES | changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    kept = {name: text for name, text in VALUES.items() if name not in changes}
    assert [text for text in kept.values() if f'value="{text}"' not in page] == []
    assert mails() == []


def test_all_faults_are_told_at_once(db: None) -> None:
    wrong = {"name": "", "email": "nora", "password": "short"}
    page = Client(HTTP_HOST="localhost").post("/signup/", wrong)
    assert page.status_code == 422
    text = page.content.decode()
    assert "3 things to put right" in text
    assert all(f'id="id_{name}_error"' in text for name in wrong)


def test_name_of_blanks_is_no_name(db: None) -> None:
    with wall.as_platform(), pytest.raises(AppError) as told:
        services.start_sign_up(email="a@b.example", name=" ", password=NEW, now=clock.now())
    assert told.value.field == "name"


def test_way_back_shows_what_was_typed_but_the_password(db: None) -> None:
    page = begin().get("/signup/").content.decode()
    assert 'value="Nora Keane"' in page
    assert 'value="nora@new.example"' in page
    assert NEW not in page


def test_who_is_signed_in_signs_up_no_more(client_for: ClientFor) -> None:
    client = client_for("bob", business="")
    assert client.post("/signup/", VALUES).headers["Location"] == "/new/"
    assert mails() == []


def test_businesses_have_no_sign_up(client_for: ClientFor) -> None:
    assert client_for().get("/signup/").status_code == 404
    assert client_for().get("/new/").status_code == 404


def test_session_of_before_is_worth_nothing_after(db: None) -> None:
    client = begin()
    before = client.cookies["session"].value
    bring(client, code())
    assert client.cookies["session"].value != before
    planted = Client(HTTP_HOST="localhost")
    planted.cookies["session"] = before
    assert planted.get("/new/").status_code == 302
    with wall.as_platform():
        assert not Session.objects.filter(pk=before).exists()


def test_no_secret_lies_in_the_table(db: None) -> None:
    begin()
    with wall.as_platform():
        row = SignUp.objects.get()
    assert code().replace(" ", "") not in row.code_hash
    assert row.password.startswith("argon2")
