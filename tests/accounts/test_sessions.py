"""Signing in, and what a session is worth where."""

from django.conf import settings
from django.test import Client

from apps.accounts.models import Membership, Session
from apps.tenants import wall
from tests.conftest import ClientFor, business_of, person
from tests.template import PASSWORD


def sign_in(host: str, email: str, password: str = PASSWORD) -> Client:
    client = Client(HTTP_HOST=host)
    client.post("/account/login/", {"login": email, "password": password, "remember": "on"})
    return client


def test_member_signs_in_and_stands_on_today(db: None) -> None:
    client = sign_in("alpha.localhost", "bob@alpha.example")
    response = client.get("/")
    assert response.status_code == 200
    assert "Bob" in response.content.decode()
    with wall.as_platform():
        session = Session.objects.get()
        assert session.user_id == person("bob").pk
        assert session.business == business_of("alpha")


def test_wrong_password_signs_nobody_in(db: None) -> None:
    client = sign_in("alpha.localhost", "bob@alpha.example", "wrong")
    assert client.get("/").status_code == 302
    with wall.as_platform():
        assert Session.objects.count() == 0


def test_signed_out_visitor_is_led_to_sign_in_and_back(client_for: ClientFor) -> None:
    response = client_for().get("/?view=mine")
    assert response.status_code == 302
    assert response.headers["Location"] == "/account/login/?next=%2F%3Fview%3Dmine"


def test_session_is_worth_nothing_on_another_host(client_for: ClientFor) -> None:
    client = client_for("bob")
    assert client.get("/").status_code == 200
    for host in ("beta.localhost", "localhost"):
        assert "Bob" not in client.get("/", headers={"host": host}).content.decode()
    assert client.get("/", headers={"host": "beta.localhost"}).status_code == 302


def test_stranger_with_a_session_is_told_so(client_for: ClientFor) -> None:
    response = client_for("charlie").get("/")
    assert response.status_code == 403
    assert "You are not a member of Alpha Bikes" in response.content.decode()


def test_removed_member_is_out_at_the_next_request(client_for: ClientFor) -> None:
    client = client_for("bob")
    with wall.as_platform():
        Membership.objects.filter(user=person("bob")).update(is_active=False)
    assert client.get("/").status_code == 403


def test_signing_out_needs_a_post(client_for: ClientFor) -> None:
    client = client_for("bob")
    client.get("/account/logout/")
    assert client.get("/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/").status_code == 302


def test_cookie_is_bound_to_its_host(db: None) -> None:
    client = sign_in("alpha.localhost", "bob@alpha.example")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_platform_shows_the_businesses_of_a_person(client_for: ClientFor) -> None:
    page = client_for("bob", business="").get("/").content.decode()
    assert "Alpha Bikes" in page
    assert "Beta Boats" not in page
