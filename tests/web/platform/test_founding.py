"""From a log-in to a business of one's own, and straight into it."""

import re
import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.accounts import services as accounts
from apps.accounts.choices import FoundingState, Role
from apps.accounts.models import Founding, Membership, User
from apps.core import clock
from apps.locations.models import Location
from apps.staff import services as staff
from apps.staff.models import Member
from apps.staff.tasks import found_waiting
from apps.tenants import services as tenants
from apps.tenants import wall
from apps.tenants.errors import NoneReadyError
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.web.platform.test_signup import begin, bring, code

VALUES = {
    "name": "Bluebird Café",
    "slug": "bluebird",
    "country": "DE",
    "currency": "EUR",
    "time_zone": "Europe/Berlin",
}


def enter(response: Any) -> Client:
    """Go where the page between two hosts leads."""
    page = response.content.decode()
    target = re.search(r'action="http://([a-z0-9.-]+):8000/account/enter/"', page)
    assert target, page
    fields = dict(re.findall(r'name="(code|nonce)" value="([^"]+)"', page))
    client = Client(HTTP_HOST=target[1])
    client.post("/account/enter/", fields, headers={"origin": "http://localhost"})
    return client


def write(client: Client, **changes: str) -> str:
    """Fill the business's page in and return where the first location is asked for."""
    response = client.post("/new/", VALUES | changes)
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def count() -> int:
    with wall.as_platform():
        return int(Business.objects.count())


def drain_stock() -> None:
    """Let nothing be ready, as when many have signed up at once."""
    with suppress(NoneReadyError), wall.as_platform():
        for number in range(100):
            tenants.claim_business(slug=f"drain-{number}", name="Drain", now=clock.now())


def test_sign_up_ends_in_a_business_that_is_ready(db: None) -> None:
    client = begin()
    bring(client, code())
    there = enter(client.post(write(client), {"name": "Mill Lane", "city": "Ulm"}))
    page = there.get("/").content.decode()
    assert "Nora Keane" in page
    assert "Bluebird Café" in page
    with wall.as_platform():
        made = Business.objects.get(slug="bluebird")
        membership = Membership.objects.get(business=made)
        assert membership.role == Role.OWNER
        founding = Founding.objects.get()
        assert (founding.state, founding.business) == (FoundingState.DONE, made)
    assert (made.country, made.currency, made.time_zone) == ("DE", "EUR", "Europe/Berlin")
    with wall.as_business(made):
        owner = Member.objects.get()
        assert (owner.pk, owner.role, owner.name) == (membership.user_id, "owner", "Nora Keane")
        place = Location.objects.get()
        assert (place.name, place.city, place.country) == ("Mill Lane", "Ulm", "DE")
        assert place.time_zone == "Europe/Berlin"


def test_the_web_needs_no_owner(client_for: ClientFor, settings: Any) -> None:
    settings.DATABASE_OWNER_URL = ""
    client = client_for("charlie", business="")
    with connections["owner"].execute_wrapper(refuse):
        enter(client.post(write(client), {"skip": "1"}))
    with wall.as_platform():
        assert Business.objects.filter(slug="bluebird").exists()


def refuse(*args: Any) -> Any:
    """Stand in for an owner that cannot be reached."""
    pytest.fail("the owner was asked")


def test_first_location_can_wait(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    enter(client.post(write(client), {"skip": "1", "name": "Half typed"}))
    with wall.as_platform():
        made = Business.objects.get(slug="bluebird")
    with wall.as_business(made):
        assert Location.objects.count() == 0


def test_location_wants_a_name(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    before = count()
    response = client.post(write(client), {"name": "", "city": "Ulm"})
    assert response.status_code == 422
    assert 'value="Ulm"' in response.content.decode()
    assert count() == before


def test_second_press_makes_no_second_business(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    path = write(client)
    before = count()
    for _ in range(2):
        there = enter(client.post(path, {"name": "Mill Lane"}))
        assert "Charlie" in there.get("/").content.decode()
    assert count() == before + 1
    with wall.as_platform():
        done = Founding.objects.get()
        accounts.place_founding(founding=done, location_name="Late", location_city="")
        assert Founding.objects.get().location_name == "Mill Lane"
    assert client.get(path).status_code == 200
    assert 'action="/account/go/bluebird/"' in client.get(path).content.decode()


def test_many_presses_at_once_make_one_business(committed: None) -> None:
    with wall.as_platform():
        user = User.objects.get(email="charlie@nowhere.example")
        values = VALUES | {"name": "Bluebird"}
        founding = accounts.save_founding(user=user, now=clock.now(), **values)
    made: list[int] = []
    gate = threading.Barrier(4)

    def press() -> None:
        gate.wait()
        try:
            with wall.as_platform():
                done = staff.found_business(founding_id=founding.pk, now=clock.now())
                made.append(done.business.pk if done.business else 0)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len({*made}) == 1
    assert made[0]
    with wall.as_platform():
        assert Membership.objects.filter(user=user, business_id=made[0]).count() == 1


def test_person_can_make_another(client_for: ClientFor) -> None:
    client = client_for("bob", business="")
    assert "Make another business" in client.get("/").content.decode()
    enter(client.post(write(client), {"skip": "1"}))
    enter(client.post(write(client, slug="redstart"), {"skip": "1"}))
    page = client.get("/").content.decode()
    assert page.count("Go to Bluebird Café · Owner") == 2
    assert "Go to Alpha Bikes · Agent" in page


@pytest.mark.parametrize(
    ("slug", "words", "free"),
    [
        ("alpha", "The address “alpha” is taken.", "alpha-2"),
        ("WWW", "The address “www” is kept for other uses.", "www-2"),
        ("a b", "Use 3 to 40 small letters", "a-b"),
        ("9lives", "Use 3 to 40 small letters", "lives"),
        ("blue--bird", "Use 3 to 40 small letters", "blue-bird"),
        ("кафе", "Use 3 to 40 small letters", ""),
    ],
)
def test_address_that_cannot_be_had_is_told_with_one_that_can(
    client_for: ClientFor, slug: str, words: str, free: str
) -> None:
    client = client_for("charlie", business="")
    response = client.post("/new/", VALUES | {"slug": slug})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert (f"Free is: {free}<" in page) is bool(free)
    assert 'value="Bluebird Café"' in page
    told = client.get("/new/address/", {"slug": slug}).json()
    assert not told["is_free"]
    assert told["words"].startswith(words)
    with wall.as_platform():
        assert not Founding.objects.exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Bluebird Café", "bluebird-cafe"),
        ("Müller & Söhne", "mueller-soehne"),
        ("Nora’s", "noras"),
        ("Alpha", "alpha-2"),
        ("24/7 Taxi", "taxi"),
        ("Ox", "ox-shop"),
        ("x" * 60, "x" * 40),
        ("Кафе", ""),
        ("", ""),
    ],
)
def test_address_fits_the_name(client_for: ClientFor, name: str, slug: str) -> None:
    client = client_for("charlie", business="")
    told = client.get("/new/address/", {"name": name}).json()
    words = f"{slug}.localhost:8000 is free." if slug else ""
    assert told == {"slug": slug, "is_free": bool(slug), "words": words}


def test_empty_address_is_filled_from_the_name(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    write(client, slug="")
    with wall.as_platform():
        assert Founding.objects.get().slug == "bluebird-cafe"
    response = client.post("/new/", VALUES | {"slug": "", "name": "Кафе"})
    assert (response.status_code, "Use 3 to 40" in response.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("query", "languages", "guess"),
    [
        ({"time_zone": "Europe/Berlin"}, "en-GB", ("DE", "EUR", "Europe/Berlin")),
        ({"time_zone": "Asia/Calcutta"}, "", ("IN", "INR", "Asia/Calcutta")),
        ({"country": "US"}, "de-DE", ("US", "USD", "America/New_York")),
        ({"country": "XX"}, "fr-CH,fr;q=0.9", ("CH", "CHF", "Europe/Zurich")),
        ({"time_zone": "Mars/North"}, "en", ("GB", "GBP", "Europe/London")),
    ],
)
def test_habits_are_guessed(
    client_for: ClientFor, query: dict[str, str], languages: str, guess: tuple[str, str, str]
) -> None:
    client = client_for("charlie", business="")
    told = client.get("/new/guess/", query, headers={"accept-language": languages}).json()
    assert (told["country"], told["currency"], told["time_zone"]) == guess


def test_first_guess_stands_in_the_page(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    page = client.get("/new/", headers={"accept-language": "de-AT"}).content.decode()
    for value in ("AT", "EUR", "Europe/Vienna"):
        assert f'<option value="{value}" selected>' in page
    assert '"NZ": ["NZD", "Pacific/Auckland"]' in page


def test_way_back_shows_what_was_typed(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    first = write(client)
    page = client.get("/new/").content.decode()
    assert 'value="bluebird"' in page
    assert '<option value="DE" selected>' in page
    assert write(client, name="Redstart") == first
    assert "Go on with Redstart" in client.get("/").content.decode()
    with wall.as_platform():
        assert Founding.objects.get().name == "Redstart"


def test_address_lost_to_somebody_else_is_asked_for_again(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    path = write(client)
    with wall.as_platform():
        tenants.claim_business(slug="bluebird", name="Quicker", now=clock.now())
    response = client.post(path, {"name": "Mill Lane", "city": "Ulm"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "The address “bluebird” is taken." in page
    assert "Free is: bluebird-2<" in page
    assert 'value="Bluebird Café"' in page
    path = write(client, slug="bluebird-2")
    assert 'value="Mill Lane"' in client.get(path).content.decode()
    assert "Charlie" in enter(client.post(path, {"name": "Mill Lane"})).get("/").content.decode()


def test_founding_waits_where_no_place_is_ready(client_for: ClientFor) -> None:
    client = client_for("charlie", business="")
    path = write(client)
    drain_stock()
    before = count()
    assert client.post(path, {"name": "Mill Lane"}).headers["Location"] == path
    page = client.get(path).content.decode()
    assert "Bluebird Café is being prepared" in page
    assert f'hx-get="{path}state/"' in page
    assert client.get("/new/").headers["Location"] == path
    assert "being prepared" in client.post(path, {"name": "Other"}).content.decode()
    with wall.as_platform():
        assert staff.found_waiting(now=clock.now()) == 0
    assert client.get(f"{path}state/").status_code == 200
    assert count() == before


@pytest.fixture
def waiting(client_for: ClientFor) -> tuple[Client, str]:
    """Return a founder whose business waits for a place, and their page."""
    client = client_for("charlie", business="")
    path = write(client)
    with wall.as_platform():
        Founding.objects.update(state=FoundingState.ASKED, location_name="Mill Lane")
    return client, path


def test_waiting_one_goes_on_by_itself(waiting: tuple[Client, str]) -> None:
    client, path = waiting
    found_waiting()
    with wall.as_platform():
        assert staff.found_waiting(now=clock.now()) == 0
    answer = client.get(f"{path}state/")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, path)
    assert 'action="/account/go/bluebird/"' in client.get(path).content.decode()
    with wall.as_platform():
        made = Business.objects.get(slug="bluebird")
    with wall.as_business(made):
        assert Location.objects.get().name == "Mill Lane"


def test_waiting_one_whose_address_is_lost_goes_back(waiting: tuple[Client, str]) -> None:
    client, path = waiting
    with wall.as_platform():
        tenants.claim_business(slug="bluebird", name="Quicker", now=clock.now())
        assert staff.found_waiting(now=clock.now()) == 0
    answer = client.get(f"{path}state/")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/new/")
    assert 'value="bluebird"' in client.get("/new/").content.decode()


def test_strangers_see_nothing_of_it(client_for: ClientFor) -> None:
    path = write(client_for("charlie", business=""))
    other = client_for("bob", business="")
    before = count()
    assert other.get(path).status_code == 404
    assert other.post(path, {"skip": "1"}).status_code == 404
    assert other.get(f"{path}state/").status_code == 404
    assert count() == before


@pytest.mark.parametrize("path", ["/new/", "/new/address/", "/new/guess/", "/to/alpha/"])
def test_who_is_signed_out_signs_in_first(client_for: ClientFor, path: str) -> None:
    answer = client_for(business="").get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/?next=%2F")


def test_businesses_a_day_are_limited(client_for: ClientFor, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"found_business": "1/d/user"}
    client = client_for("charlie", business="")
    enter(client.post(write(client), {"skip": "1"}))
    before = count()
    response = client.post(write(client, slug="redstart"), {"skip": "1"})
    assert response.status_code == 429
    assert "You have made many businesses today" in response.content.decode()
    assert count() == before


def test_onward_leads_members_on_and_others_to_their_choice(client_for: ClientFor) -> None:
    client = client_for("bob", business="")
    assert 'action="/account/go/alpha/"' in client.get("/to/alpha/").content.decode()
    assert client.get("/to/beta/").headers["Location"] == "/"
