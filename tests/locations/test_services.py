"""Places, brand and destinations through the public surface."""

from datetime import UTC, datetime

import pytest

from apps.core.errors import AppError
from apps.core.facts import SYSTEM, Actor
from apps.locations import queries, services
from apps.locations.models import Destination, Location
from apps.tenants.models import Business

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


def make_place(actor: Actor, name: str = "Mill Lane", zone: str = "Europe/London") -> Location:
    return services.create_location(name=name, country="gb", time_zone=zone, actor=actor, now=NOW)


def make_site(
    actor: Actor, url: str, site: str = "google", location: Location | None = None
) -> Destination:
    return services.create_destination(
        site=site, label="", url=url, location=location, actor=actor, now=NOW
    )


def test_get_brand_is_the_business_until_somebody_says(inside: Business, mona: Actor) -> None:
    assert queries.get_brand().name == "Alpha Bikes"
    assert queries.get_brand().pk is None

    services.update_brand(name="Alpha", colour="#AABBCC", actor=mona, now=NOW)
    services.update_brand(contact_name="Mona", actor=mona, now=NOW)

    brand = queries.get_brand()
    assert (brand.name, brand.colour, brand.contact_name) == ("Alpha", "#aabbcc", "Mona")


def test_update_brand_refuses_a_colour_that_is_none(mona: Actor) -> None:
    with pytest.raises(AppError) as caught:
        services.update_brand(colour="red;}", actor=mona, now=NOW)

    assert caught.value.field == "colour"
    assert queries.get_brand().pk is None


@pytest.mark.parametrize(
    ("name", "zone", "field"),
    [
        ("mill lane", "Europe/London", "name"),
        ("Quay", "Europe/Atlantis", "time_zone"),
        ("Quay", "../etc/passwd", "time_zone"),
        ("Quay", "", "time_zone"),
    ],
)
def test_create_location_refuses_at_the_field(
    mona: Actor, name: str, zone: str, field: str
) -> None:
    make_place(mona)

    with pytest.raises(AppError) as caught:
        make_place(mona, name, zone)

    assert caught.value.field == field
    assert Location.objects.count() == 1


def test_list_locations_leaves_out_what_is_closed(mona: Actor) -> None:
    mill, quay = make_place(mona), make_place(mona, "Quay Road")
    services.update_location(location=mill, is_active=False, actor=mona, now=NOW)

    assert list(queries.list_locations(actor=SYSTEM)) == [quay]
    assert list(queries.list_all_locations(actor=SYSTEM)) == [quay, mill]


@pytest.mark.parametrize(
    ("site", "url"),
    [
        ("yelp", "https://example.org/"),
        ("google", "https://www.yelp.com/biz/alpha"),
        ("other", "https://yelp.co.uk/x"),
        ("google", "http://g.example/x"),
        ("google", "javascript:alert(1)"),
        ("google", "https://"),
        ("myspace", "https://g.example/x"),
    ],
)
def test_create_destination_refuses(mona: Actor, site: str, url: str) -> None:
    with pytest.raises(AppError):
        make_site(mona, url, site)

    assert Destination.objects.count() == 0


def test_list_destinations_are_the_same_for_everybody_of_a_place(mona: Actor) -> None:
    mill, quay = make_place(mona), make_place(mona, "Quay Road")
    everywhere = make_site(mona, "https://trustpilot.example/a", "trustpilot")
    at_mill = make_site(mona, "https://g.example/mill", location=mill)
    make_site(mona, "https://g.example/quay", location=quay)
    hidden = make_site(mona, "https://f.example/", "facebook")
    services.delete_destination(destination=hidden, actor=mona, now=NOW)

    assert queries.list_destinations(mill.pk) == [everywhere, at_mill]
    assert queries.list_destinations() == [everywhere]
    services.move_destination(destination=at_mill, up=True, actor=mona, now=NOW)
    assert queries.list_destinations(mill.pk) == [at_mill, everywhere]
    services.move_destination(destination=at_mill, up=True, actor=mona, now=NOW)
    assert queries.list_destinations(mill.pk) == [at_mill, everywhere]
