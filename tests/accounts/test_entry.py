"""Crossing from one host to another."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts import services
from apps.accounts.choices import Role
from apps.accounts.models import EntryCode, Membership, Session
from apps.core import clock
from apps.staff import services as staff
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor, person

PLATFORM = "http://localhost"


def press(client: Client, slug: str = "alpha") -> dict[str, str]:
    page = client.post(f"/account/go/{slug}/").content.decode()
    return dict(re.findall(r'name="(code|nonce)" value="([^"]+)"', page))


def redeem(
    fields: dict[str, str], host: str = "alpha.localhost", origin: str = PLATFORM
) -> tuple[HttpResponse, Client]:
    client = Client(HTTP_HOST=host)
    response = client.post("/account/enter/", fields, headers={"origin": origin})
    return response, client  # type: ignore[return-value]


def count_sessions(business: Business) -> int:
    with wall.as_platform():
        return Session.objects.filter(business=business).count()


def test_one_press_leads_into_the_business(client_for: ClientFor, alpha: Business) -> None:
    platform = client_for("bob", business="")
    assert "Go to Alpha Bikes" in platform.get("/").content.decode()
    response, client = redeem(press(platform))
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert "Bob" in client.get("/").content.decode()
    with wall.as_platform():
        row = Session.objects.get(business=alpha)
        assert row.user_id == person("bob").pk


def test_page_between_may_post_to_that_host_only(client_for: ClientFor) -> None:
    response = client_for("bob", business="").post("/account/go/alpha/")
    assert response.headers["Referrer-Policy"] == "strict-origin"
    policy = response.headers["Content-Security-Policy"]
    assert re.search(r"form-action 'self' http://alpha\.localhost[:0-9]*;", policy + ";")


def test_code_works_once(client_for: ClientFor, alpha: Business) -> None:
    fields = press(client_for("bob", business=""))
    redeem(fields)
    response, client = redeem(fields)
    assert response.status_code == 403
    assert "works once" in response.content.decode()
    assert client.get("/").status_code == 302
    assert count_sessions(alpha) == 1


def test_code_ends_after_half_a_minute(client_for: ClientFor, alpha: Business) -> None:
    start = clock.now()
    with clock.at(start):
        fields = press(client_for("bob", business=""))
    with clock.at(start + timedelta(seconds=30)):
        assert redeem(fields)[0].status_code == 403
    assert count_sessions(alpha) == 0
    with clock.at(start + timedelta(seconds=29)):
        assert redeem(fields)[0].status_code == 302


@pytest.mark.parametrize(
    ("changed", "host", "origin"),
    [
        ({"nonce": "another"}, "alpha.localhost", PLATFORM),
        ({"code": "another"}, "alpha.localhost", PLATFORM),
        ({"code": "", "nonce": ""}, "alpha.localhost", PLATFORM),
        ({}, "beta.localhost", PLATFORM),
        ({}, "alpha.localhost", "https://evil.example"),
        ({}, "alpha.localhost", "null"),
        ({}, "alpha.localhost", ""),
    ],
)
def test_code_is_bound_to_browser_page_and_business(
    client_for: ClientFor,
    alpha: Business,
    beta: Business,
    changed: dict[str, str],
    host: str,
    origin: str,
) -> None:
    fields = press(client_for("bob", business=""))
    response, client = redeem(fields | changed, host, origin)
    assert response.status_code == 403
    assert client.get("/").status_code == 302
    assert count_sessions(alpha) + count_sessions(beta) == 0
    with wall.as_platform():
        assert EntryCode.objects.get().used_at is None


def test_code_of_another_person_opens_their_session_alone(
    client_for: ClientFor, alpha: Business
) -> None:
    bob, mona = press(client_for("bob", business="")), press(client_for("mona", business=""))
    mixed, _ = redeem({"code": bob["code"], "nonce": mona["nonce"]})
    assert mixed.status_code == 403
    _, client = redeem(mona)
    assert "Mona" in client.get("/").content.decode()


def test_entering_replaces_the_session_of_somebody_else(
    client_for: ClientFor, alpha: Business
) -> None:
    client = client_for("bob")
    before = client.cookies["session"].value
    fields = press(client_for("mona", business=""))
    client.post("/account/enter/", fields, headers={"origin": PLATFORM})
    assert client.cookies["session"].value != before
    assert "Mona" in client.get("/").content.decode()
    with wall.as_platform():
        assert not Session.objects.filter(pk=before).exists()


def test_strangers_and_signed_out_get_no_code(client_for: ClientFor) -> None:
    assert client_for("bob", business="").post("/account/go/beta/").status_code == 404
    assert client_for("bob", business="").post("/account/go/nowhere/").status_code == 404
    assert client_for("charlie", business="").post("/account/go/alpha/").status_code == 404
    signed_out = client_for(business="").post("/account/go/alpha/")
    assert signed_out.headers["Location"] == "/account/login/"
    with wall.as_platform():
        assert EntryCode.objects.count() == 0


def test_get_does_nothing(client_for: ClientFor, alpha: Business) -> None:
    platform = client_for("bob", business="")
    assert platform.get("/account/go/alpha/").status_code == 302
    fields = press(platform)
    with wall.as_platform():
        assert EntryCode.objects.count() == 1
    response = Client(HTTP_HOST="alpha.localhost").get(
        "/account/enter/", fields, headers={"origin": PLATFORM}
    )
    assert (response.status_code, count_sessions(alpha)) == (302, 0)
    with wall.as_platform():
        assert EntryCode.objects.get().used_at is None


def test_platform_host_has_no_entrance(client_for: ClientFor) -> None:
    fields = press(client_for("bob", business=""))
    assert redeem(fields, "localhost")[0].status_code == 404


def test_removed_member_is_refused_within_the_half_minute(
    client_for: ClientFor, alpha: Business
) -> None:
    fields = press(client_for("bob", business=""))
    with wall.as_platform():
        Membership.objects.filter(user=person("bob")).update(is_active=False)
    assert redeem(fields)[0].status_code == 403
    assert count_sessions(alpha) == 0


def test_no_secret_lies_in_the_database(client_for: ClientFor) -> None:
    fields = press(client_for("bob", business=""))
    with wall.as_platform():
        row = EntryCode.objects.get()
    assert fields["code"] not in (row.code_hash, row.nonce_hash)
    assert row.expires_at - row.created_at == services.entry.LIFETIME == timedelta(seconds=30)


def test_switcher_of_a_business_leads_into_the_next(
    client_for: ClientFor, alpha: Business, beta: Business
) -> None:
    staff.create_member(
        business=beta,
        email="bob@alpha.example",
        name="Bob",
        role=Role.AGENT,
        password=None,
        now=clock.now(),
    )
    client = client_for("bob")
    assert 'action="/account/go/beta/"' in client.get("/").content.decode()
    response, there = redeem(press(client, "beta"), "beta.localhost", "http://alpha.localhost")
    assert response.status_code == 302
    assert "Beta Boats" in there.get("/").content.decode()


def test_making_a_code_needs_the_token_of_the_form(client_for: ClientFor) -> None:
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    strict.cookies = client_for("bob", business="").cookies
    assert strict.post("/account/go/alpha/").status_code == 403
    with wall.as_platform():
        assert EntryCode.objects.count() == 0
