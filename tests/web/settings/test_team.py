"""The team: inviting, joining, changing roles, leaving."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.choices import Role
from apps.accounts.models import Invitation, Membership, PlatformMail, User
from apps.core import clock
from apps.locations.models import Location
from apps.staff import services as staff
from apps.staff.models import InvitedScope, Member
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor, person
from tests.factories import make_customer, make_location

URL = "/settings/team/"
NEW = {"name": "Nora", "password": "seven-lanterns-42"}


def invite(client: Client, email: str = "nora@alpha.example", role: str = "agent") -> HttpResponse:
    return client.post(f"{URL}invite/", {"email": email, "role": role})  # type: ignore[return-value]


def links() -> list[str]:
    with wall.as_platform():
        texts = [mail.text for mail in PlatformMail.objects.order_by("created_at")]
    return [match[1] for text in texts if (match := re.search(r"http://[^/]+(/\S+)", text))]


def invitation() -> Invitation:
    with wall.as_platform():
        return Invitation.objects.get()


def count_invitations() -> int:
    with wall.as_platform():
        return Invitation.objects.count()


def member(business: Business, name: str) -> Member:
    with wall.as_business(business):
        return Member.objects.get(email__startswith=f"{name}@")


def visitor(host: str = "alpha.localhost") -> Client:
    return Client(HTTP_HOST=host)


def test_invited_person_joins_with_a_new_log_in(client_for: ClientFor, alpha: Business) -> None:
    response = invite(client_for("mona"), "Nora@Alpha.example")
    assert (response.status_code, response.headers["Location"]) == (302, URL)
    client = visitor()
    page = client.get(links()[0]).content.decode()
    assert "Mona invites nora@alpha.example. Role: Agent" in page
    joined = client.post(links()[0], NEW)
    assert (joined.status_code, joined.headers["Location"]) == (302, "/")
    assert "Nora" in client.get("/").content.decode()
    row = member(alpha, "nora")
    assert (row.name, row.role, row.is_active, row.offer_limit_minor) == (
        "Nora",
        "agent",
        True,
        5000,
    )
    assert invitation().accepted_at is not None


def test_link_works_once(client_for: ClientFor) -> None:
    invite(client_for("alice"))
    visitor().post(links()[0], NEW)
    again = visitor().post(links()[0], NEW | {"name": "Thief"})
    assert again.status_code == 410
    assert "It has been accepted." in again.content.decode()
    with wall.as_platform():
        assert User.objects.get(email="nora@alpha.example").name == "Nora"


def test_link_ends_after_seven_days(client_for: ClientFor) -> None:
    start = clock.now()
    with clock.at(start):
        invite(client_for("alice"))
    with clock.at(start + timedelta(days=7)):
        response = visitor().post(links()[0], NEW)
    assert response.status_code == 410
    assert "Ask Alice to send it again." in response.content.decode()
    with wall.as_platform():
        assert not User.objects.filter(email="nora@alpha.example").exists()


def test_existing_log_in_joins_after_signing_in(client_for: ClientFor, alpha: Business) -> None:
    invite(client_for("alice"), "charlie@nowhere.example", "analyst")
    page = visitor().get(links()[0]).content.decode()
    assert f"/account/login/?next={links()[0].replace('/', '%2F')}" in page
    assert visitor().post(links()[0], NEW).status_code == 200
    charlie = client_for("charlie")
    assert charlie.get("/").status_code == 403
    assert charlie.get(links()[0]).status_code == 200
    assert invitation().accepted_at is None
    assert charlie.post(links()[0]).status_code == 302
    assert charlie.get("/").status_code == 200
    assert member(alpha, "charlie").role == "analyst"


def test_other_person_cannot_take_it(client_for: ClientFor) -> None:
    invite(client_for("alice"))
    charlie = client_for("charlie")
    assert "for another address" in charlie.post(links()[0]).content.decode()
    assert charlie.get("/").status_code == 403
    assert invitation().accepted_at is None


@pytest.mark.parametrize("host", ["beta.localhost", "localhost"])
def test_link_opens_its_own_business_alone(client_for: ClientFor, host: str) -> None:
    invite(client_for("alice"))
    assert visitor(host).post(links()[0], NEW).status_code in (404, 410)
    assert invitation().accepted_at is None


def test_nobody_learns_who_has_a_log_in(client_for: ClientFor) -> None:
    alice = client_for("alice")
    pages = [
        alice.post(f"{URL}invite/", {"email": email, "role": "agent"}, follow=True)
        for email in ("charlie@nowhere.example", "nora@nowhere.example")
    ]
    said = [page.content.decode().count("An invitation is on its way") for page in pages]
    assert said == [1, 1]
    with wall.as_platform():
        subjects = set(PlatformMail.objects.values_list("subject", flat=True))
    assert subjects == {"Your invitation to Alpha Bikes"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "", "password": NEW["password"]}, "This field is required."),
        ({"name": "Nora", "password": "short"}, "too short"),
    ],
)
def test_refused_log_in_leaves_the_invitation_open(
    client_for: ClientFor, values: dict[str, str], words: str
) -> None:
    invite(client_for("alice"))
    response = visitor().post(links()[0], values)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert invitation().accepted_at is None


@pytest.mark.parametrize("change", ["lowered", "gone"])
def test_an_invitation_is_worth_no_more_than_its_inviter(
    client_for: ClientFor, alpha: Business, change: str
) -> None:
    start, alice = clock.now(), client_for("alice")
    invite(client_for("mona"))
    url = f"{URL}{member(alpha, 'mona').pk}/"
    done = alice.post(f"{url}role/", {"role": "agent"}) if change == "lowered" else None
    done = done or alice.post(f"{url}deactivate/")
    assert done.status_code == 302
    assert visitor().post(links()[0], NEW).status_code == 410
    assert invitation().accepted_at is None
    with wall.as_platform():
        assert not User.objects.filter(email="nora@alpha.example").exists()
    with clock.at(start + timedelta(minutes=2)):
        alice.post(f"{URL}invitations/{invitation().pk}/resend/")
        assert invitation().invited_by == "Alice"
        assert visitor().post(links()[1], NEW).status_code == 302
    assert member(alpha, "nora").role == "agent"


def test_sending_again_ends_the_link_of_before(client_for: ClientFor) -> None:
    start, alice = clock.now(), client_for("alice")
    with clock.at(start):
        invite(alice)
        path = f"{URL}invitations/{invitation().pk}/resend/"
        soon = alice.post(path, follow=True)
        assert "Please wait a minute." in soon.content.decode()
    with clock.at(start + timedelta(minutes=1)):
        alice.post(path)
    first, second = links()
    assert visitor().get(first).status_code == 410
    assert visitor().get(second).status_code == 200


def test_taken_back_link_is_told_kindly(client_for: ClientFor) -> None:
    alice = client_for("alice")
    invite(alice)
    alice.post(f"{URL}invitations/{invitation().pk}/revoke/")
    response = visitor().post(links()[0], NEW)
    assert response.status_code == 410
    assert "It was taken back." in response.content.decode()


@pytest.mark.parametrize(
    ("email", "role", "words"),
    [
        ("bob@alpha.example", "agent", "works here already"),
        ("BOB@alpha.example", "agent", "works here already"),
        ("nonsense", "agent", "valid email"),
        ("nora@alpha.example", "king", "valid choice"),
    ],
)
def test_invitation_is_refused_at_the_field(
    client_for: ClientFor, email: str, role: str, words: str
) -> None:
    response = invite(client_for("alice"), email, role)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert count_invitations() == 0


def test_second_invitation_to_an_address_is_refused(client_for: ClientFor) -> None:
    alice = client_for("alice")
    invite(alice)
    assert "has been invited" in invite(alice, "NORA@alpha.example").content.decode()
    assert (count_invitations(), len(links())) == (1, 1)


@pytest.mark.parametrize("name", ["bob", "ana", "charlie", "dora"])
def test_others_change_nothing(client_for: ClientFor, alpha: Business, name: str) -> None:
    client = client_for(name)
    bob = member(alpha, "bob")
    assert invite(client).status_code == 403
    assert client.post(f"{URL}{bob.pk}/role/", {"role": "owner"}).status_code == 403
    assert client.post(f"{URL}{bob.pk}/deactivate/").status_code == 403
    assert count_invitations() == 0
    assert (member(alpha, "bob").role, member(alpha, "bob").is_active) == ("agent", True)


def test_manager_does_not_touch_owners(client_for: ClientFor, alpha: Business) -> None:
    mona, alice, bob = client_for("mona"), member(alpha, "alice"), member(alpha, "bob")
    assert mona.post(f"{URL}{alice.pk}/role/", {"role": "agent"}).status_code == 403
    assert mona.post(f"{URL}{alice.pk}/deactivate/").status_code == 403
    assert mona.post(f"{URL}{bob.pk}/role/", {"role": "owner"}).status_code == 403
    assert invite(mona, role="owner").status_code == 422
    assert (member(alpha, "alice").role, member(alpha, "bob").role) == ("owner", "agent")


def test_other_business_finds_nobody(client_for: ClientFor, alpha: Business) -> None:
    invite(client_for("alice"))
    dora, bob = client_for("dora", business="beta"), member(alpha, "bob")
    assert dora.post(f"{URL}{bob.pk}/deactivate/").status_code == 404
    assert dora.post(f"{URL}invitations/{invitation().pk}/revoke/").status_code == 404
    assert member(alpha, "bob").is_active
    assert invitation().revoked_at is None


def test_role_changes_at_the_next_request(client_for: ClientFor, alpha: Business) -> None:
    bob = client_for("bob")
    assert bob.get(URL).status_code == 403
    client_for("alice").post(f"{URL}{member(alpha, 'bob').pk}/role/", {"role": "manager"})
    assert bob.get(URL).status_code == 200
    assert member(alpha, "bob").offer_limit_minor == 500_00
    with wall.as_platform():
        assert Membership.objects.get(user=person("bob")).role == Role.MANAGER


def test_ended_access_holds_at_the_next_request(client_for: ClientFor, alpha: Business) -> None:
    bob, alice = client_for("bob"), client_for("alice")
    alice.post(f"{URL}{member(alpha, 'bob').pk}/deactivate/")
    assert bob.get("/").status_code == 302
    assert client_for("bob").get("/").status_code == 403
    assert "bob@alpha.example" not in alice.get(URL).content.decode()


def test_last_owner_stays(client_for: ClientFor, alpha: Business) -> None:
    alice, row = client_for("alice"), member(alpha, "alice")
    for path, values in (("role/", {"role": "manager"}), ("deactivate/", {})):
        page = alice.post(f"{URL}{row.pk}/{path}", values, follow=True).content.decode()
        assert "Alice is the last owner." in page
    assert (member(alpha, "alice").role, member(alpha, "alice").is_active) == ("owner", True)
    alice.post(f"{URL}{member(alpha, 'mona').pk}/role/", {"role": "owner"})
    assert alice.post(f"{URL}{row.pk}/role/", {"role": "agent"}).headers["Location"] == "/"
    assert member(alpha, "alice").role == "agent"


def test_list_costs_the_same_queries_however_many(client_for: ClientFor, alpha: Business) -> None:
    alice = client_for("alice")
    alice.get(URL)
    with CaptureQueriesContext(connection) as few:
        alice.get(URL)
    for n in range(2):
        invite(alice, f"n{n}@alpha.example")
        staff.create_member(
            business=alpha, email=f"m{n}@alpha.example", name=f"M{n}", role=Role.AGENT,
            password=None, now=clock.now(),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as more:
        alice.get(URL)
    assert len(few) == len(more)


def limit(client: Client, name: str, *locations: Location) -> Any:
    keys = [str(place.pk) for place in locations]
    return client.post(f"{URL}{person(name).pk}/locations/", {"locations": keys})


def test_a_member_is_limited_to_a_location_and_back(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        mill, _quay = make_location(name="Mill Lane"), make_location(name="Quay")
    alice = client_for("alice")
    assert limit(alice, "bob", mill).status_code == 302
    page = alice.get(f"{URL}{person('bob').pk}/locations/").content.decode()
    assert page.count("checked") == 1
    assert "Mill Lane" in alice.get(URL).content.decode()
    with wall.as_business(alpha):
        assert Member.objects.get(pk=person("bob").pk).location_ids == [mill.pk]
    assert limit(alice, "bob").status_code == 302
    with wall.as_business(alpha):
        assert Member.objects.get(pk=person("bob").pk).location_ids == []


def test_an_owner_is_not_limited_and_told_why(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        mill = make_location()
        Member.objects.filter(pk=person("mona").pk).update(role=Role.OWNER)
    refused = limit(client_for("alice"), "mona", mill)
    assert refused.status_code == 422
    assert "An owner sees every location" in refused.content.decode()


def test_an_unknown_location_is_told_at_the_field(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        make_location()
    where = {"locations": [str(person("bob").pk)]}
    refused = client_for("alice").post(f"{URL}{person('bob').pk}/locations/", where)
    assert refused.status_code == 422
    assert "Choose among the locations of this business." in refused.content.decode()


def test_an_agent_limits_nobody(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        mill = make_location()
    assert limit(client_for("bob"), "ana", mill).status_code == 403
    with wall.as_business(alpha):
        assert not Member.objects.exclude(location_ids=[]).exists()


def test_a_manager_does_not_limit_an_owner(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        mill = make_location()
    assert limit(client_for("mona"), "alice", mill).status_code == 403


def test_an_invitation_carries_its_locations(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        mill, _quay = make_location(name="Mill Lane"), make_location(name="Quay")
    alice = client_for("alice")
    where = {"email": "new@alpha.example", "role": "agent", "locations": [str(mill.pk)]}
    assert alice.post(f"{URL}invite/", where).status_code == 302
    assert "Locations: Mill Lane" in alice.get(URL).content.decode()
    joined = visitor().post(links()[0], NEW)
    assert joined.status_code == 302
    with wall.as_business(alpha):
        assert Member.objects.get(name="Nora").location_ids == [mill.pk]
        assert not InvitedScope.objects.exists()


def test_a_limit_can_be_lifted_where_one_location_is_left(
    client_for: ClientFor, alpha: Business
) -> None:
    with wall.as_business(alpha):
        mill = make_location(name="Mill Lane")
    alice = client_for("alice")
    lift = f"{URL}{person('bob').pk}/locations/"
    assert lift not in alice.get(URL).content.decode()
    limit(alice, "bob", mill)
    assert lift in alice.get(URL).content.decode()


def test_the_limit_stands_in_the_mail_and_who_belongs_nowhere_on_the_form(
    client_for: ClientFor, alpha: Business
) -> None:
    with wall.as_business(alpha):
        quay = make_location(name="Quay")
        make_location(name="Mill Lane")
        make_customer()
        make_customer(first_name="Quinn", email="q@example.com", phone="", location=quay)
    client = client_for("mona")
    assert "One customer belongs to no location" in client.get(f"{URL}invite/").content.decode()

    form = {"email": "nora@alpha.example", "role": "agent", "locations": [str(quay.pk)]}
    assert client.post(f"{URL}invite/", form).status_code == 302

    with wall.as_platform():
        text = PlatformMail.objects.get(to="nora@alpha.example").text
    assert "You will see what belongs to Quay, and what belongs to no location." in text
    assert "Mill Lane" not in text
