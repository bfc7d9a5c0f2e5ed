"""The settings pages: who may see and change what."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.facts import SYSTEM
from apps.locations import queries, services
from apps.locations.models import Brand, Destination, Location
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import make_location

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
BRAND = {
    "name": "Alpha",
    "colour": "#AA2233",
    "postal_address": "1 Mill Lane\nBath",
    "contact_name": "Mona",
    "contact_email": "mona@alpha.example",
}
PLACE = {"name": "Quay Road", "country": "IE", "time_zone": "Europe/Dublin", "city": "Cork"}
SITE = {"site": "google", "label": "", "url": "https://g.example/r", "location": ""}


@pytest.fixture
def place(alpha: Business) -> Location:
    with wall.as_business(alpha):
        return make_location()


@pytest.fixture
def site(alpha: Business) -> Destination:
    with wall.as_business(alpha):
        return services.create_destination(
            site="google", label="", url="https://g.example/r", actor=SYSTEM, now=NOW
        )


@pytest.mark.parametrize(
    ("name", "seen", "team", "changed"),
    [
        ("alice", 200, 200, 200),
        ("mona", 200, 200, 200),
        ("bob", 200, 403, 403),
        ("ana", 200, 403, 403),
        ("charlie", 403, 403, 403),
    ],
)
def test_pages_open_by_role(
    client_for: ClientFor, alpha: Business, name: str, seen: int, team: int, changed: int
) -> None:
    client = client_for(name)
    for page in ("", "brand/", "locations/", "destinations/"):
        assert client.get(f"/settings/{page}").status_code == seen
    assert client.get("/settings/team/").status_code == team
    for page in ("locations/new/", "destinations/new/"):
        assert client.get(f"/settings/{page}").status_code == changed


@pytest.mark.parametrize("name", ["bob", "ana"])
def test_changes_are_denied(
    client_for: ClientFor, alpha: Business, place: Location, site: Destination, name: str
) -> None:
    client = client_for(name)
    answers = [
        client.post("/settings/brand/", BRAND),
        client.post("/settings/locations/new/", PLACE),
        client.post(f"/settings/locations/{place.pk}/", PLACE),
        client.post("/settings/destinations/new/", SITE),
        client.post(f"/settings/destinations/{site.pk}/", SITE),
        client.post(f"/settings/destinations/{site.pk}/move/", {"up": "1"}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    with wall.as_business(alpha):
        assert (Brand.objects.count(), Location.objects.count()) == (0, 1)
        assert Destination.objects.get().is_active


def test_other_business_finds_nothing(
    client_for: ClientFor, alpha: Business, place: Location, site: Destination
) -> None:
    client = client_for("dora", business="beta")

    for url in (f"/settings/locations/{place.pk}/", f"/settings/destinations/{site.pk}/"):
        assert client.get(url).status_code == 404
        assert client.post(url, PLACE | SITE).status_code == 404
    assert "Mill Lane" not in client.get("/settings/locations/").content.decode()


def test_brand_is_kept(client_for: ClientFor, alpha: Business) -> None:
    client = client_for("mona")
    assert 'value="Alpha Bikes"' in client.get("/settings/brand/").content.decode()

    assert client.post("/settings/brand/", BRAND).headers["Location"] == "/settings/brand/"

    with wall.as_business(alpha):
        brand = queries.get_brand()
    assert (brand.name, brand.colour, brand.contact_name) == ("Alpha", "#aa2233", "Mona")


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"colour": "red"}, {"contact_email": "x"}, {"privacy_url": "x y"}]
)
def test_brand_refuses_at_the_field(
    client_for: ClientFor, alpha: Business, values: dict[str, str]
) -> None:
    answer = client_for("mona").post("/settings/brand/", BRAND | values)

    assert answer.status_code == 422
    assert f'id="id_{next(iter(values))}_error"' in answer.content.decode()
    with wall.as_business(alpha):
        assert Brand.objects.count() == 0


def test_locations_are_added_changed_and_closed(client_for: ClientFor, alpha: Business) -> None:
    client = client_for("mona")
    assert "No location yet" in client.get("/settings/locations/").content.decode()
    assert client.post("/settings/locations/new/", PLACE).status_code == 302
    assert client.post("/settings/locations/new/", PLACE).status_code == 422
    assert client.post("/settings/locations/new/", PLACE | {"time_zone": "X/Y"}).status_code == 422
    with wall.as_business(alpha):
        place = Location.objects.get()

    client.post(f"/settings/locations/{place.pk}/", PLACE | {"name": "Quay"})

    with wall.as_business(alpha):
        place.refresh_from_db()
        assert list(queries.list_locations()) == []
    assert (place.name, place.is_active) == ("Quay", False)
    assert "Closed" in client.get("/settings/locations/").content.decode()


def test_destinations_are_added_moved_and_hidden(client_for: ClientFor, alpha: Business) -> None:
    client = client_for("mona")
    new = "/settings/destinations/new/"
    assert client.post(new, SITE).status_code == 302
    other = SITE | {"site": "facebook", "url": "https://f.example/r"}
    assert client.post(new, other).status_code == 302
    refused = client.post(new, SITE | {"url": "https://www.yelp.com/x"})
    assert refused.status_code == 422
    assert "Yelp forbids asking for reviews" in refused.content.decode()
    with wall.as_business(alpha):
        google, facebook = queries.list_destinations()
    assert (google.label, facebook.label) == ("Google", "Facebook")

    client.post(f"/settings/destinations/{facebook.pk}/move/", {"up": "1"})
    with wall.as_business(alpha):
        assert queries.list_destinations() == [facebook, google]

    client.post(f"/settings/destinations/{google.pk}/", {"label": "G", "url": SITE["url"]})
    with wall.as_business(alpha):
        assert queries.list_destinations() == [facebook]
    page = client.get("/settings/destinations/").content.decode()
    assert "Hidden" in page


@pytest.mark.parametrize("page", ["locations", "destinations"])
def test_lists_cost_the_same_for_one_and_for_three(
    client_for: ClientFor, alpha: Business, page: str
) -> None:
    client = client_for("mona")

    def add(number: int) -> None:
        with wall.as_business(alpha):
            place = make_location(name=f"Place {number}")
            services.create_destination(
                site="google",
                label="",
                url=f"https://g.example/{number}",
                location=place,
                actor=SYSTEM,
                now=NOW,
            )

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/settings/{page}/").status_code == 200
        return len(captured)

    add(1)
    one = cost()
    add(2)
    add(3)
    assert cost() == one


def test_team_is_listed(client_for: ClientFor) -> None:
    page = client_for("mona").get("/settings/team/").content.decode()

    assert "bob@alpha.example" in page
    assert "Analyst" in page
    assert "dora" not in page
