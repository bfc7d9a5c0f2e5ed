"""A forgotten password: the mail, its link, and what strangers learn from it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import PlatformMail, Session
from apps.tenants import wall
from tests.conftest import ClientFor, person
from tests.template import PASSWORD

RESET = "/account/password/reset/"
NEW = "seven-lanterns-42"


def mails() -> list[PlatformMail]:
    with wall.as_platform():
        return list(PlatformMail.objects.order_by("created_at"))


def ask(email: str, host: str = "localhost") -> Client:
    client = Client(HTTP_HOST=host)
    response = client.post(RESET, {"email": email})
    assert (response.status_code, response.headers["Location"]) == (302, f"{RESET}done/")
    return client


def link() -> str:
    found = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mails()[0].text)
    assert found
    return found[1]


def choose(client: Client, path: str, password: str = NEW) -> Any:
    page = client.get(path, follow=True)
    form = page.redirect_chain[-1][0] if page.redirect_chain else path
    return client.post(form, {"password1": password, "password2": password})


@pytest.mark.parametrize("host", ["localhost", "alpha.localhost"])
def test_link_in_the_mail_leads_to_a_new_password(db: None, host: str) -> None:
    client = ask("bob@alpha.example", host)
    mail = mails()[0]
    assert (mail.to, mail.subject) == ("bob@alpha.example", "A new password")
    assert f"http://{host}/account/password/reset/key/" in mail.text
    assert choose(client, link()).status_code == 302
    assert person("bob").check_password(NEW)
    client.post("/account/login/", {"login": "bob@alpha.example", "password": NEW})
    assert "_auth_user_id" in client.session or client.get("/").status_code == 200


def test_new_password_ends_every_session(client_for: ClientFor) -> None:
    thief = client_for("bob")
    choose(ask("bob@alpha.example"), link())
    assert thief.get("/").status_code == 302
    with wall.as_platform():
        assert not Session.objects.filter(user_id=person("bob").pk).exists()


def test_link_works_once(db: None) -> None:
    path = (choose(ask("bob@alpha.example"), link()), link())[1]
    page = Client(HTTP_HOST="localhost").get(path, follow=True).content.decode()
    assert "This link works no more" in page


def test_link_ends_after_an_hour(db: None, settings: Any) -> None:
    assert timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT) == timedelta(hours=1)
    client = ask("bob@alpha.example")
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link works no more" in client.get(link(), follow=True).content.decode()
    assert person("bob").check_password(PASSWORD)


def test_nobody_learns_who_has_a_log_in(db: None) -> None:
    pages = []
    for email in ("bob@alpha.example", "nobody@alpha.example"):
        page = ask(email).get(f"{RESET}done/").content.decode()
        pages.append(re.sub(r'CSRFToken": "\w+"', "", page))
    assert pages[0] == pages[1]
    known, unknown = mails()
    assert "/account/password/reset/key/" in known.text
    assert "There is no log-in with this address" in unknown.text
    assert "http" not in unknown.text


@pytest.mark.parametrize("password", ["short", "password1", "12345678901"])
def test_weak_passwords_are_refused_at_the_field(db: None, password: str) -> None:
    response = choose(ask("bob@alpha.example"), link(), password)
    assert "This password is" in response.content.decode()
    assert person("bob").check_password(PASSWORD)


def test_asking_is_limited(db: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "2/m/key"}
    for _ in range(2):
        ask("ana@alpha.example")
    response = Client(HTTP_HOST="localhost").post(RESET, {"email": "ANA@alpha.example"})
    assert response.status_code == 429
    assert len(mails()) == 2


@pytest.mark.parametrize("email", ["", "nonsense", "a@b", "x" * 300 + "@example.com"])
def test_what_is_no_address_stays_in_the_form(db: None, email: str) -> None:
    response = Client(HTTP_HOST="localhost").post(RESET, {"email": email})
    assert response.status_code == 200
    assert mails() == []


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/change/", "password/set/", "confirm-email/"]
)
def test_pages_that_we_do_otherwise_are_absent(client_for: ClientFor, path: str) -> None:
    assert client_for("bob").get(f"/account/{path}").status_code == 404


def test_sandbox_shows_the_mails_in_local_mode_only(db: None, settings: Any) -> None:
    ask("bob@alpha.example")
    client = Client(HTTP_HOST="localhost")
    assert "bob@alpha.example" in client.get("/sandbox/").content.decode()
    page = client.get(f"/sandbox/{mails()[0].pk}/").content.decode()
    assert f'href="http://localhost{link()}"' in page
    settings.LOCAL_MODE = False
    assert client.get("/sandbox/").status_code == 404
    assert client.get(f"/sandbox/{mails()[0].pk}/").status_code == 404


def test_login_page_leads_there(db: None) -> None:
    page = Client(HTTP_HOST="alpha.localhost").get("/account/login/").content.decode()
    assert f'href="{RESET}"' in page
