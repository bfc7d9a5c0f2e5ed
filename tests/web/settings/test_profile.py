"""One's own profile: what one sees, changes and ends."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Session, User
from apps.core import clock
from apps.staff.models import Member
from apps.tenants import wall
from apps.tenants.models import Business
from apps.web.settings.profile import name_browser
from tests.conftest import ClientFor, log_in, person
from tests.template import PASSWORD

URL = "/settings/profile/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
NEW = "seven-lanterns-42"


def sign_in(password: str = PASSWORD, host: str = "alpha.localhost", agent: str = "") -> Client:
    client = Client(HTTP_HOST=host, HTTP_USER_AGENT=agent)
    client.post("/account/login/", {"login": "bob@alpha.example", "password": password})
    return client


def sessions_of(name: str) -> list[Session]:
    with wall.as_platform():
        return list(Session.objects.filter(user_id=person(name).pk))


@pytest.mark.parametrize("name", ["alice", "mona", "bob", "ana"])
def test_everybody_has_a_profile(client_for: ClientFor, name: str) -> None:
    page = client_for(name).get(URL)
    assert page.status_code == 200
    assert f"{name}@alpha.example" in page.content.decode()


def test_strangers_have_none_here(client_for: ClientFor) -> None:
    assert client_for("charlie").get(URL).status_code == 403
    assert client_for().get(URL).status_code == 302


def test_name_changes_for_log_in_and_team(client_for: ClientFor, alpha: Business) -> None:
    values = {"name": " Bob Lane ", "language": "en", "time_zone": "Asia/Tokyo"}
    client = client_for("bob")
    response = client.post(URL, values, follow=True)
    assert "The changes are kept." in response.content.decode()
    with wall.as_platform():
        user = User.objects.get(pk=person("bob").pk)
    assert (user.name, user.language, user.time_zone) == ("Bob Lane", "en", "Asia/Tokyo")
    with wall.as_business(alpha):
        assert Member.objects.get(pk=user.pk).name == "Bob Lane"


def test_own_clock_shows_in_times(db: None) -> None:
    with clock.at(datetime(2026, 5, 13, 9, 0, tzinfo=UTC)):
        client = sign_in()
    assert "13 May 2026, 10:00" in client.get(URL).content.decode()
    client.post(URL, {"name": "Bob", "language": "en", "time_zone": "Asia/Tokyo"})
    assert "13 May 2026, 18:00" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("time_zone", "Mars/Olympus", "Select a valid choice"),
        ("language", "xx", "Select a valid choice"),
    ],
)
def test_refusals_stand_at_the_field(
    client_for: ClientFor, field: str, value: str, words: str
) -> None:
    values = {"name": "Robert", "language": "en", "time_zone": ""} | {field: value}
    response = client_for("bob").post(URL, values)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert person("bob").name == "Bob"


def test_new_password_ends_all_other_sessions(db: None) -> None:
    here, there = sign_in(), sign_in()
    response = here.post(f"{URL}password/", {"current": PASSWORD, "new": NEW}, follow=True)
    assert "signed out everywhere else" in response.content.decode()
    assert here.get(URL).status_code == 200
    assert there.get(URL).status_code == 302
    assert sign_in(PASSWORD).get(URL).status_code == 302
    assert sign_in(NEW).get(URL).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "words"),
    [
        ("wrong", NEW, "This is not your present password."),
        (PASSWORD, "short", "This password is too short."),
        (PASSWORD, "password1", "This password is too common."),
        (PASSWORD, "", "This field is required."),
    ],
)
def test_password_stays_when_refused(
    client_for: ClientFor, current: str, new: str, words: str
) -> None:
    client = client_for("bob")
    response = client.post(f"{URL}password/", {"current": current, "new": new})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert PASSWORD not in page
    assert person("bob").check_password(PASSWORD)
    assert client.get(URL).status_code == 200


def test_guessing_the_present_password_is_limited(client_for: ClientFor, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"change_password": "2/m/user"}
    client = client_for("ana")
    for _ in range(2):
        client.post(f"{URL}password/", {"current": "wrong", "new": NEW})
    response = client.post(f"{URL}password/", {"current": PASSWORD, "new": NEW})
    assert "That was too often." in response.content.decode()
    assert person("ana").check_password(PASSWORD)


def test_sessions_are_listed_with_browser_and_place(db: None) -> None:
    here = sign_in(agent=FIREFOX)
    sign_in(agent=IPHONE)
    sign_in(host="localhost", agent=EDGE)
    page = here.get(URL).content.decode()
    for words in ("Firefox on Linux", "Safari on iPhone", "Edge on Windows"):
        assert page.count(f">{words}<") + page.count(f"</svg>{words}<") >= 1
    assert "Choice of businesses" in page
    for session in sessions_of("bob"):
        assert session.session_key not in page


def test_one_session_ends_alone(db: None) -> None:
    here, there, third = sign_in(), sign_in(), sign_in()
    key = there.cookies[project.SESSION_COOKIE_NAME].value
    handle = next(row.handle for row in sessions_of("bob") if row.session_key == key)
    here.post(f"{URL}sessions/end/", {"session": handle})
    assert [client.get(URL).status_code for client in (here, there, third)] == [200, 302, 200]
    again = here.post(f"{URL}sessions/end/", {"session": handle}, follow=True)
    assert "That had ended before." in again.content.decode()


def test_nobody_ends_the_session_of_another(client_for: ClientFor) -> None:
    mona = client_for("mona")
    handle = sessions_of("mona")[0].handle
    client_for("bob").post(f"{URL}sessions/end/", {"session": handle})
    assert mona.get(URL).status_code == 200


def test_signing_out_everywhere_else(client_for: ClientFor) -> None:
    here, there, platform = sign_in(), sign_in(), sign_in(host="localhost")
    mona = client_for("mona")
    response = here.post(f"{URL}sessions/end-others/", follow=True)
    assert "2 sessions have ended." in response.content.decode()
    assert there.get(URL).status_code == 302
    assert "Alpha Bikes" not in platform.get("/").content.decode()
    assert mona.get(URL).status_code == 200
    assert len(sessions_of("bob")) == 1


@pytest.mark.parametrize("path", ["password/", "sessions/end/", "sessions/end-others/"])
def test_get_ends_nothing(client_for: ClientFor, path: str) -> None:
    client = client_for("bob")
    assert client.get(URL + path).status_code == 405
    assert len(sessions_of("bob")) == 1


def test_sessions_cost_the_same_queries_however_many(
    client_for: ClientFor, alpha: Business
) -> None:
    client = client_for("bob")
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for _ in range(2):
        log_in(Client(HTTP_HOST="alpha.localhost"), person("bob"), alpha.pk)
    with CaptureQueriesContext(connection) as three:
        client.get(URL)
    assert len(one) == len(three)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (EDGE, "Edge on Windows"),
        ("curl/8", "A browser we do not know"),
        ("", "A browser we do not know"),
    ],
)
def test_browsers_are_named(agent: str, words: str) -> None:
    assert name_browser(agent) == words
