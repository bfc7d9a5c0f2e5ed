"""What is left to set up: on the home page of those who can do it, until all is done."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.choices import Role
from apps.campaigns.choices import CampaignStatus
from apps.campaigns.models import Campaign
from apps.consent.models import Policy
from apps.core import clock
from apps.core.facts import SYSTEM
from apps.insights import queries
from apps.locations.models import Brand, Destination
from apps.messaging.models import Account
from apps.staff import services as staff
from apps.staff.models import Checklist, Member
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor, actor_of, person
from tests.factories import NOW, make_customer, make_location

TITLE = "Set up your business"


def page(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode()


def set_up_all() -> None:
    """Do every step that a new business of four people has left."""
    make_location()
    Destination.objects.create(site="google", label="G", url="https://g.example", created_at=NOW)
    Account.objects.create(
        kind="smtp", channel="email", name="M", sender="a@b.example", is_default=True,
        created_at=NOW,
    )  # fmt: skip
    Policy.objects.create()
    Brand.objects.update_or_create(defaults={"name": "A", "postal_address": "1 Mill Lane, Bath"})
    make_customer()
    Campaign.objects.create(
        name="May", status=CampaignStatus.RUNNING, launched_at=NOW, created_at=NOW, updated_at=NOW
    )


@pytest.mark.parametrize("name", ["alice", "mona"])
def test_owners_and_managers_see_what_is_left(
    client_for: ClientFor, alpha: Business, name: str
) -> None:
    shown = page(client_for(name))
    assert TITLE in shown
    assert "1 of 8 done" in shown
    assert 'href="/settings/locations/new/"' in shown


@pytest.mark.parametrize("name", ["bob", "ana"])
def test_others_do_not(client_for: ClientFor, alpha: Business, name: str) -> None:
    assert TITLE not in page(client_for(name))


def test_a_member_with_some_locations_does_not(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        here = make_location()
        staff.limit_member(
            member_id=person("mona").pk, location_ids=[here.pk], actor=SYSTEM, now=NOW
        )
    assert TITLE not in page(client_for("mona"))


def test_each_fact_ticks_its_step(alpha: Business) -> None:
    with wall.as_business(alpha):
        actor = actor_of("alice")
        assert [key for key, done in queries.read_setup(actor=actor).done.items() if done] == [
            "team"
        ]
        set_up_all()
        Account.objects.update(kind="sandbox")
        assert [key for key, done in queries.read_setup(actor=actor).done.items() if not done] == [
            "sender"
        ]


def test_it_goes_when_all_is_done(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        set_up_all()
    assert TITLE not in page(client_for("alice"))


def test_one_person_alone_is_asked_to_invite(alpha: Business) -> None:
    with wall.as_business(alpha):
        Member.objects.exclude(role=Role.OWNER).update(is_active=False)
        assert queries.read_setup(actor=actor_of("alice")).done["team"] is False


def test_put_away_for_everybody_and_brought_back(client_for: ClientFor, alpha: Business) -> None:
    alice, mona = client_for("alice"), client_for("mona")
    away = alice.post("/setup/put-away/", follow=True).content.decode()
    assert "The list is put away." in away
    assert TITLE not in away
    assert TITLE not in page(mona)
    mona.post("/setup/put-away/")
    with wall.as_business(alpha):
        assert Checklist.objects.get().put_away_by_id == person("alice").pk
    assert TITLE in alice.post("/setup/bring-back/", follow=True).content.decode()


@pytest.mark.parametrize("path", ["/setup/put-away/", "/setup/bring-back/"])
def test_an_agent_puts_nothing_away(client_for: ClientFor, alpha: Business, path: str) -> None:
    assert client_for("bob").post(path).status_code == 403
    with wall.as_business(alpha):
        assert not Checklist.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["/customers/", "/campaigns/", "/offers/", "/recovery/", "/messages/", "/inbox/",
     "/settings/locations/", "/settings/destinations/"],
)  # fmt: skip
def test_empty_pages_lead_to_what_is_left(
    client_for: ClientFor, alpha: Business, path: str
) -> None:
    words = "What is left to set up"
    assert words in page(client_for("alice"), path)
    with wall.as_business(alpha):
        staff.put_checklist_away(actor=actor_of("alice"), now=clock.now())
    assert words not in page(client_for("alice"), path)


def test_the_list_costs_one_query(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha), CaptureQueriesContext(connection) as asked:
        queries.read_setup(actor=actor_of("alice"))
    assert len([one for one in asked if "staff_checklist" in one["sql"]]) == 1
