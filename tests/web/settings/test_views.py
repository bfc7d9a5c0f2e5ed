"""The settings pages: who may see and change what."""

from datetime import UTC, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.consent import queries as consent
from apps.consent.models import Policy
from apps.core.facts import SYSTEM
from apps.locations import queries, services
from apps.locations.models import Brand, Destination, Location
from apps.staff.models import ApiKey
from apps.staff.services import SCOPES, create_api_key
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
        assert list(queries.list_locations(actor=SYSTEM)) == []
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


HOURS = {
    "opens": "08:30",
    "closes": "19:00",
    "sunday_opens": "10:00",
    "sunday_closes": "10:00",
    "cap_messages": "2",
    "cap_days": "14",
}
KEY = {"name": "Till", "scopes": ["customers:read", "redemptions:write"], "days": "30"}


@pytest.mark.parametrize(
    ("name", "hours", "changed", "keys"),
    [
        ("alice", 200, 302, 200),
        ("mona", 200, 302, 200),
        ("bob", 200, 403, 403),
        ("ana", 200, 403, 403),
        ("charlie", 403, 403, 403),
    ],
)
def test_hours_and_keys_open_by_role(
    client_for: ClientFor, alpha: Business, name: str, hours: int, changed: int, keys: int
) -> None:
    client = client_for(name)
    assert client.get("/settings/hours/").status_code == hours
    assert client.post("/settings/hours/", HOURS).status_code == changed
    for page in ("keys/", "keys/new/"):
        assert client.get(f"/settings/{page}").status_code == keys
    with wall.as_business(alpha):
        assert Policy.objects.count() == (changed == 302)


def test_hours_are_kept(client_for: ClientFor, alpha: Business) -> None:
    client = client_for("mona")
    assert 'value="09:00"' in client.get("/settings/hours/").content.decode()

    assert client.post("/settings/hours/", HOURS).headers["Location"] == "/settings/hours/"

    with wall.as_business(alpha):
        policy = consent.get_policy()
    assert (policy.opens, policy.closes) == (time(8, 30), time(19))
    assert (policy.sunday_opens, policy.sunday_closes) == (time(10), time(10))
    assert (policy.cap_messages, policy.cap_days) == (2, 14)
    assert 'value="08:30"' in client.get("/settings/hours/").content.decode()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"opens": ""}, "opens", "This field is required."),
        ({"opens": "25:00"}, "opens", "Write a time of day, such as 09:00."),
        ({"closes": "07:00"}, "closes", "The hours must end after they begin."),
        ({"sunday_closes": "09:00"}, "sunday_closes", "The hours must end after they begin."),
        ({"opens": "05:00", "closes": "07:00"}, "closes", "These hours leave no time"),
        ({"closes": "23:00"}, "closes", "Nothing leaves after 21:00"),
        ({"opens": "06:00"}, "opens", "Nothing leaves before 8:00"),
        ({"sunday_closes": "22:00"}, "sunday_closes", "Nothing leaves after 21:00"),
        ({"cap_messages": "0"}, "cap_messages", "greater than or equal to 1"),
        ({"cap_messages": "999999999999"}, "cap_messages", "less than or equal to 50"),
        ({"cap_days": "many"}, "cap_days", "Write a whole number."),
    ],
)
def test_hours_refuse_at_the_field(
    client_for: ClientFor, alpha: Business, values: dict[str, str], field: str, words: str
) -> None:
    answer = client_for("mona").post("/settings/hours/", HOURS | values)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page.partition(f'id="id_{field}_error"')[2][:400]
    assert 'value="14"' in page or field == "cap_days"
    with wall.as_business(alpha):
        assert Policy.objects.count() == 0


def test_a_key_shows_its_secret_once_and_is_revoked(client_for: ClientFor, alpha: Business) -> None:
    client = client_for("mona")
    assert "No key yet" in client.get("/settings/keys/").content.decode()

    made = client.post("/settings/keys/new/", KEY)

    with wall.as_business(alpha):
        key = ApiKey.objects.get()
    secret = next(word for word in made.content.decode().split(">") if word.startswith("cx_live_"))
    secret = secret.partition("<")[0]
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    assert secret.startswith(key.prefix)
    assert key.scopes == KEY["scopes"]
    assert key.expires_at is not None
    listed = client.get("/settings/keys/").content.decode()
    assert key.prefix in listed
    assert "See customers, Use offer codes at the till" in listed
    assert secret not in listed
    calling = {"Authorization": f"Bearer {secret}"}
    assert client_for().get("/api/v1/customers/", headers=calling).status_code == 200

    assert client.post(f"/settings/keys/{key.pk}/revoke/").headers["Location"] == "/settings/keys/"

    assert client_for().get("/api/v1/customers/", headers=calling).status_code == 401
    assert "Revoked" in client.get("/settings/keys/").content.decode()
    again = client.post(f"/settings/keys/{key.pk}/revoke/", follow=True)
    assert "Till had been revoked before." in again.content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": ""}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["*"]}, "scopes"),
     ({"days": "7"}, "days")],
)  # fmt: skip
def test_a_key_is_refused_at_the_field(
    client_for: ClientFor, alpha: Business, values: dict[str, object], field: str
) -> None:
    answer = client_for("mona").post("/settings/keys/new/", KEY | values)

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    with wall.as_business(alpha):
        assert ApiKey.objects.count() == 0


TILL = [
    "customers:read", "customers:write", "transactions:read", "transactions:write",
    "locations:read", "offers:read", "redemptions:write",
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "scopes"),
    [
        ({"preset": "till", "scopes": []}, TILL),
        ({"preset": "till", "scopes": ["kpis:read", "offers:read"]}, [*TILL, "kpis:read"]),
        ({"preset": "all", "scopes": []}, list(SCOPES)),
        ({"preset": "", "scopes": ["kpis:read"]}, ["kpis:read"]),
    ],
)
def test_a_key_is_made_as_for_a_usual_system(
    client_for: ClientFor, alpha: Business, values: dict[str, object], scopes: list[str]
) -> None:
    client = client_for("mona")
    assert (
        "Read the codes of offers · offers:code"
        in client.get("/settings/keys/new/").content.decode()
    )
    assert client.post("/settings/keys/new/", KEY | values).status_code == 200
    with wall.as_business(alpha):
        assert ApiKey.objects.get().scopes == scopes


def test_keys_are_not_for_everybody(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        create_api_key(name="Till", scopes=["customers:read"], now=NOW)
        key = ApiKey.objects.get()

    assert client_for("bob").post("/settings/keys/new/", KEY).status_code == 403
    assert client_for("bob").post(f"/settings/keys/{key.pk}/revoke/").status_code == 403
    dora = client_for("dora", business="beta")
    assert dora.post(f"/settings/keys/{key.pk}/revoke/").status_code == 404

    with wall.as_business(alpha):
        assert ApiKey.objects.get().revoked_at is None


def test_keys_cost_the_same_for_one_and_three(client_for: ClientFor, alpha: Business) -> None:
    client = client_for("mona")
    counts = []
    for wanted in (1, 3):
        with wall.as_business(alpha):
            while ApiKey.objects.count() < wanted:
                create_api_key(name="Till", scopes=["customers:read"], now=NOW)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/settings/keys/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_index_leads_to_what_each_may_open(client_for: ClientFor) -> None:
    owners = client_for("alice").get("/settings/").content.decode()
    agents = client_for("bob").get("/settings/").content.decode()
    for page in ("/settings/hours/", "/messages/", "/messages/accounts/"):
        assert f'href="{page}"' in owners
        assert f'href="{page}"' in agents
    for page in ("/settings/keys/", "/templates/", "/settings/team/"):
        assert f'href="{page}"' in owners
        assert f'href="{page}"' not in agents
