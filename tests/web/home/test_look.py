"""Looking at one location: what lists show then, what they do not hide, and who may look where."""

from typing import Any

import pytest

from apps.core import clock
from apps.locations.models import Location
from apps.reviews.models import Review
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor


@pytest.fixture
def places(alpha: Business) -> dict[str, Location]:
    """Two locations with a review each, and a review that belongs to none."""
    with wall.as_business(alpha):
        made = {
            name: Location.objects.create(name=name, created_at=clock.now())
            for name in ("Harbour", "Market")
        }
        for number, name in enumerate(("Harbour", "Market", "Nowhere"), start=1):
            now = clock.now()
            Review.objects.create(
                source="google", remote_id=str(number), author_name=f"From {name}", text="Words",
                location=made.get(name), received_at=now, sort_at=now, created_at=now,
            )  # fmt: skip
    return made


def look(client: Any, place: Location | None, **values: str) -> Any:
    return client.post("/look/", {"location": place.pk if place else "", **values})


def names(client: Any) -> set[str]:
    page = client.get("/inbox/").content.decode()
    return {name for name in ("Harbour", "Market", "Nowhere") if f"From {name}" in page}


def test_lists_narrow_to_the_chosen_location_and_to_what_has_none(
    client_for: ClientFor, places: dict[str, Location]
) -> None:
    client = client_for("alice")
    answer = look(client, places["Market"], next="/inbox/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/")
    assert names(client) == {"Market", "Nowhere"}
    look(client, None)
    assert names(client) == {"Harbour", "Market", "Nowhere"}


def test_single_things_of_other_locations_still_open(
    client_for: ClientFor, places: dict[str, Location], alpha: Business
) -> None:
    client = client_for("alice")
    look(client, places["Market"])
    with wall.as_business(alpha):
        other = Review.objects.get(location=places["Harbour"]).pk
    assert client.get(f"/inbox/{other}/").status_code == 200


def test_choice_belongs_to_one_person(client_for: ClientFor, places: dict[str, Location]) -> None:
    look(client_for("alice"), places["Market"])
    assert names(client_for("mona")) == {"Harbour", "Market", "Nowhere"}


def test_location_that_is_closed_narrows_nothing_any_more(
    client_for: ClientFor, places: dict[str, Location], alpha: Business
) -> None:
    client = client_for("alice")
    look(client, places["Market"])
    with wall.as_business(alpha):
        Location.objects.filter(pk=places["Market"].pk).update(is_active=False)
    assert names(client) == {"Harbour", "Market", "Nowhere"}


@pytest.mark.parametrize("wanted", ["nonsense", "00000000-0000-7000-8000-000000000000", "\x01"])
def test_unknown_location_shows_all(
    client_for: ClientFor, places: dict[str, Location], wanted: str
) -> None:
    client = client_for("alice")
    look(client, places["Market"])
    assert client.post("/look/", {"location": wanted}).status_code == 302
    assert names(client) == {"Harbour", "Market", "Nowhere"}


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "inbox/", ""]
)
def test_way_back_stays_in_the_house(
    client_for: ClientFor, places: dict[str, Location], target: str
) -> None:
    assert look(client_for("alice"), None, next=target).headers["Location"] == "/"


def test_asking_for_it_changes_nothing(client_for: ClientFor, places: dict[str, Location]) -> None:
    client = client_for("alice")
    assert client.get("/look/", {"location": str(places["Market"].pk)}).status_code == 405
    assert names(client) == {"Harbour", "Market", "Nowhere"}


def test_head_of_each_page_names_the_chosen_location(
    client_for: ClientFor, places: dict[str, Location]
) -> None:
    client = client_for("alice")
    assert "<b>All locations</b>" in client.get("/").content.decode()
    look(client, places["Market"])
    assert "<b>Market</b>" in client.get("/").content.decode()
