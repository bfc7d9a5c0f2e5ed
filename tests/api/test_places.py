"""Locations, the team and the figures through the API."""

from typing import Any
from uuid import UUID

import pytest

from apps.locations.models import Location
from apps.staff.models import Member
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller
from tests.api.test_door import problem
from tests.conftest import person

NOBODY = str(UUID(int=7))
MILL_LANE = {"name": "Mill Lane", "country": "gb", "time_zone": "Europe/London"}


def test_a_location_is_added_and_changed_in_part(caller: Caller) -> None:
    made = caller.post(
        "locations/", {**MILL_LANE, "phone": "+441225496000", "email": "a@b.example"}
    )
    body = made.json()
    assert (made.status_code, body["country"], body["is_active"]) == (201, "GB", True)
    at = f"locations/{body['id']}/"
    assert caller.get(at).json() == body
    tag = {"headers": {"If-Match": made["ETag"]}}
    closed = caller.send("PATCH", at, {"is_active": False, "city": "Bath"}, **tag).json()
    assert closed == {**body, "is_active": False, "city": "Bath"}
    assert problem(caller.send("PATCH", at, {"city": "Wells"}, **tag))[:2] == (412, "changed")
    assert caller.patch(at, {}).json() == closed
    assert caller.get("locations/", is_active="false").json()["results"] == [closed]
    assert caller.get("locations/", is_active="true").json()["results"] == []


def test_a_location_can_begin_closed(caller: Caller) -> None:
    made = caller.post("locations/", {**MILL_LANE, "is_active": False})
    assert (made.status_code, made.json()["is_active"]) == (201, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Wells"}, "name"),
        ({"country": "Britain"}, "country"),
        ({"country": 44}, "country"),
        ({"time_zone": "Europe/Bath"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"phone": "01225 496000"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"is_active": 1}, "is_active"),
    ],
)
def test_a_wrong_location_is_refused(
    caller: Caller, alpha: Business, change: dict[str, Any], field: str
) -> None:
    caller.post("locations/", {**MILL_LANE, "name": "Wells"})
    at = f"locations/{caller.post('locations/', MILL_LANE).json()['id']}/"
    before = caller.get(at).content
    other = {**MILL_LANE, "name": "Bath"}
    assert problem(caller.post("locations/", {**other, **change}))[::2] == (422, [field])
    assert problem(caller.patch(at, change))[::2] == (422, [field])
    assert caller.get(at).content == before
    with wall.as_business(alpha):
        assert Location.objects.count() == 2


def test_the_team_is_read(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        Member.objects.filter(name="Ana").update(is_active=False)
    team = caller.get("staff/").json()["results"]
    assert {one["name"]: one["role"] for one in team} == {
        "Alice": "owner", "Mona": "manager", "Bob": "agent", "Ana": "analyst",
    }  # fmt: skip
    (ana,) = caller.get("staff/", is_active="false").json()["results"]
    assert ana["name"] == "Ana"
    (mona,) = caller.get("staff/", role="manager").json()["results"]
    assert mona == caller.get(f"staff/{person('mona').pk}/").json()
    assert problem(caller.get(f"staff/{NOBODY}/"))[0] == 404


def test_figures_say_what_they_rest_on(caller: Caller) -> None:
    figures = caller.get("kpis/").json()["results"]
    assert [(one["key"], one["unit"], one["n"], one["value"]) for one in figures] == [
        ("rating", "stars", 0, None),
        ("wrote", "percent", 0, None),
        ("in_time", "percent", 0, None),
        ("came_back", "percent", 0, None),
    ]
    assert {one["evidence"] for one in figures} == {"measured"}
