"""Campaigns and members who see some locations only: nobody asks people they may not see."""

from datetime import UTC, datetime

import pytest

from apps.campaigns import queries, services
from apps.campaigns.choices import CampaignStatus
from apps.campaigns.models import Campaign
from apps.core.errors import AppError, ForbiddenError, NotFoundError
from apps.core.facts import Actor
from apps.locations.models import Location
from apps.staff import services as staff
from tests.conftest import actor_of, person
from tests.factories import grant, make_customer, make_location

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def here(alice: Actor, mona: Actor) -> Location:
    """Make two locations; the manager sees this one only."""
    make_location(name="There")
    place = make_location(name="Here")
    staff.limit_member(member_id=person("mona").pk, location_ids=[place.pk], actor=alice, now=NOW)
    return place


@pytest.fixture
def there(here: Location) -> Location:
    return Location.objects.get(name="There")


def make(actor: Actor, **audience: object) -> Campaign:
    made = services.create_campaign(name="May", actor=actor, now=NOW)
    if audience:
        made = services.update_campaign(campaign=made, audience=audience, actor=actor, now=NOW)
    return made


def test_a_limited_manager_asks_own_places_from_the_start(here: Location) -> None:
    made = make(actor_of("mona"))
    assert made.audience == {"locations": [str(here.pk)]}
    cleared = services.update_campaign(
        campaign=made, audience={"locations": []}, actor=actor_of("mona"), now=NOW
    )
    assert cleared.audience == {"locations": [str(here.pk)]}


def test_another_location_cannot_be_chosen(here: Location, there: Location) -> None:
    made = make(actor_of("mona"))
    with pytest.raises(AppError) as refusal:
        services.update_campaign(
            campaign=made, audience={"locations": [there.pk]}, actor=actor_of("mona"), now=NOW
        )
    assert (refusal.value.code, refusal.value.field) == ("audience_locations", "locations")
    assert Campaign.objects.get().audience == {"locations": [str(here.pk)]}


def test_seen_are_campaigns_of_own_places_and_of_all(
    alice: Actor, here: Location, there: Location
) -> None:
    everywhere, both, own = (
        make(alice),
        make(alice, locations=[here.pk, there.pk]),
        make(alice, locations=[here.pk]),
    )
    other = make(alice, locations=[there.pk])
    assert set(queries.list_campaigns(actor=actor_of("mona"))) == {everywhere, both, own}
    with pytest.raises(NotFoundError):
        queries.get_campaign(actor=actor_of("mona"), campaign_id=other.pk)


@pytest.mark.parametrize("act", ["launch_campaign", "pause_campaign", "cancel_campaign"])
def test_a_campaign_that_reaches_further_is_not_touched(
    alice: Actor, here: Location, act: str
) -> None:
    wide = make(alice)
    with pytest.raises(ForbiddenError):
        getattr(services, act)(campaign=wide, actor=actor_of("mona"), now=NOW)
    with pytest.raises(ForbiddenError):
        services.delete_campaign(campaign=wide, actor=actor_of("mona"))
    assert Campaign.objects.get().status == CampaignStatus.DRAFT


def test_people_of_other_places_are_counted_but_not_shown(
    alice: Actor, here: Location, there: Location
) -> None:
    for number, place in enumerate((here, there)):
        one = make_customer(
            first_name=place.name, location=place, email=f"{number}@example.com", phone=""
        )
        grant(one, "email", now=NOW)
    wide = make(alice)
    steps = queries.list_steps(campaign_id=wide.pk)
    shown = queries.sample_people(
        actor=actor_of("mona"), campaign=wide, steps=steps, now=NOW, seed="x"
    )
    assert [person.customer.first_name for person in shown] == ["Here"]
    assert queries.preview_audience(campaign=wide, steps=steps, now=NOW).eligible == 2


def test_tags_of_other_places_are_not_offered(here: Location, there: Location) -> None:
    for place, tag in ((here, "own"), (there, "other")):
        one = make_customer(location=place, email=f"{tag}@example.com", phone="")
        one.tags = [tag]
        one.save()
    assert queries.list_tags(actor=actor_of("mona")) == ["own"]
