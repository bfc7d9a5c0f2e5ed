"""The sample data goes, all of it and nothing else, and stays away until somebody asks for it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from apps.consent import services as consent
from apps.consent.models import Event, Standing, Suppression
from apps.core import clock
from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.customers.models import ContactPoint, Customer
from apps.demo import queries
from apps.demo.services import ask_for_removal, is_seeded, removal, seed_demo
from apps.demo.services.founding import find_businesses
from apps.jobs import services as jobs
from apps.jobs.choices import Lane, TicketState
from apps.jobs.models import Ticket
from apps.journal.models import Entry
from apps.locations.models import Location
from apps.recovery import services as recovery
from apps.recovery.models import Case
from apps.reviews.models import Review
from apps.staff import queries as staff
from apps.staff.models import Member, SampleRemoval
from apps.tenants import wall
from apps.tenants.models import Business
from apps.tenants.postgres import base as postgres
from tests import environment
from tests.conftest import business_of, log_in, person
from tests.factories import grant, make_customer, make_location, make_review
from tests.isolation.canaries import tenant_models

# What the business keeps of its own: people, settings, and the row that says what was done.
KEPT = {
    "staff.Member", "staff.ApiKey", "staff.SampleRemoval", "locations.Brand", "consent.Policy",
    "messaging.Account",
}  # fmt: skip
NAME = "Alpha Bikes"


def reread(business: Business) -> Business:
    with wall.as_platform():
        found: Business = Business.objects.get(pk=business.pk)
    return found


@pytest.fixture
def alpha(committed: None) -> Iterator[Business]:
    """Give Alpha a small sample, for real, and enter it."""
    found = business_of("alpha")
    with wall.as_business(found):
        before = removal.take_marks()
        home, other = make_location(name="Home"), make_location(name="Other")
        nora = make_customer(location=home)
        grant(nora, "email", now=clock.now())
        make_customer(first_name="Max", email="max@example.com", phone="", location=other)
        make_review(customer=nora, location=home)
        after = removal.take_marks()
    removal.note_sample(business=found, before=before, after=after)
    with wall.as_business(reread(found)):
        yield reread(found)


def actor_with(role: str) -> Actor:
    row = Member.objects.filter(role=role).order_by("name").first()
    assert row is not None
    actor = staff.find_actor(member_id=row.pk)
    assert actor is not None
    return actor


def ask(business: Business, role: str = "owner", name: str = NAME) -> None:
    ask_for_removal(business=business, typed_name=name, actor=actor_with(role), now=clock.now())


def finish() -> None:
    jobs.drain(lanes=[Lane.OWNER])


def count_rows() -> dict[str, int]:
    rows = {model._meta.label: model._default_manager.count() for model in tenant_models()}
    return {label: count for label, count in rows.items() if count}


def test_the_whole_year_of_the_demo_goes(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        seed_demo(now=clock.now())
        demo = find_businesses()["demo"]
        with wall.as_business(demo):
            people = Member.objects.count()
            ask(demo, name=demo.name)
            finish()
            left = {label: n for label, n in count_rows().items() if label not in KEPT}
            kinds = list(Entry.objects.values_list("kind", flat=True))
            assert Member.objects.count() == people
        # It does not come back by itself.
        told = is_seeded()
        wall.leave()
        connections.close_all()
    environment.copy_database(os.environ["TEST_DATABASE"])
    postgres._marks.clear()
    assert left == {"journal.Entry": 1}
    assert kinds == ["business.sample_removed"]
    assert told


def test_what_is_their_own_stays(alpha: Business) -> None:
    own = make_customer(first_name="Own", email="own@example.com", phone="")
    made = make_review(customer=own, remote_id="own")
    ask(alpha)
    finish()
    assert Customer.objects.get() == own
    assert Review.objects.get() == made
    assert ContactPoint.objects.get().address == "own@example.com"
    assert not Location.objects.exists()
    assert not Standing.objects.exists()
    assert [entry.kind for entry in Entry.objects.all()] == ["business.sample_removed"]
    assert not queries.read_sample(business=reread(alpha)).is_there


def test_twice_is_harmless(alpha: Business) -> None:
    ask(alpha)
    finish()
    gone = reread(alpha)
    with pytest.raises(ConflictError):
        ask(gone)
    assert not removal.remove_some(now=clock.now())
    assert SampleRemoval.objects.count() == 1


def test_what_hangs_on_a_sample_goes_with_it_and_used_locations_stay(alpha: Business) -> None:
    home, other = Location.objects.order_by("name")
    own = make_customer(first_name="Own", email="own@example.com", phone="", location=home)
    recovery.open_case_by_hand(
        kind="broken", title="Ours", severity=2, quote="", location=other,
        customer=Customer.objects.get(first_name="Nora"), actor=SYSTEM, now=clock.now(),
    )  # fmt: skip
    ask(alpha)
    finish()
    assert not Case.objects.exists()
    assert Location.objects.get() == home
    own.refresh_from_db()
    assert own.location_id == home.pk


def test_a_member_s_location_stays(alpha: Business) -> None:
    home = Location.objects.get(name="Home")
    Member.objects.filter(role="agent").update(location_ids=[home.pk])
    ask(alpha)
    finish()
    assert Location.objects.get() == home


def test_it_goes_in_turns_and_says_how_far_it_is(
    alpha: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "CHUNK", 1)
    ask(alpha)
    assert removal.remove_some(now=clock.now(), budget_s=0)
    found = queries.read_sample(business=alpha)
    assert (found.is_leaving, found.removed, found.total) == (True, 1, 3)
    with pytest.raises(ConflictError):
        ask(alpha)
    finish()
    row = SampleRemoval.objects.get()
    assert row.finished_at is not None
    assert row.removed == row.total == 5


@pytest.mark.parametrize("role", ["manager", "agent", "analyst"])
def test_only_owners_remove_it(alpha: Business, role: str) -> None:
    before = count_rows()
    with pytest.raises(ForbiddenError):
        ask(alpha, role)
    assert count_rows() == before


def test_the_name_has_to_be_typed(alpha: Business) -> None:
    before = count_rows()
    with pytest.raises(AppError) as refusal:
        ask(alpha, name="alpha bike")
    assert refusal.value.field == "typed_name"
    assert count_rows() == before


def test_the_name_may_be_typed_in_small_letters(alpha: Business) -> None:
    ask(alpha, name=" alpha  BIKES ")
    assert queries.read_sample(business=alpha).is_leaving


def test_a_business_without_a_sample_has_none_to_remove(committed: None) -> None:
    beta = business_of("beta")
    with wall.as_business(beta), pytest.raises(ConflictError):
        ask(beta, name=beta.name)


def test_the_pages_lead_through_it(alpha: Business) -> None:
    client = Client(HTTP_HOST="alpha.localhost")
    log_in(client, person("alice"), alpha.pk)
    url = "/settings/business/"
    assert "Remove the sample data …" in client.get(url).content.decode()
    assert "This cannot be undone." in client.get(f"{url}sample/remove/").content.decode()
    wrong = client.post(f"{url}sample/remove/", {"typed_name": "x"})
    assert wrong.status_code == 422
    name = {"typed_name": NAME}
    begun = client.post(f"{url}sample/remove/", name, follow=True).content.decode()
    assert "The sample data is on its way out." in begun
    assert 'hx-trigger="every 2s"' in client.get(f"{url}sample/").content.decode()
    again = client.post(f"{url}sample/remove/", name, follow=True).content.decode()
    assert "The sample data is being removed already." in again
    finish()
    part = client.get(f"{url}sample/").content.decode()
    assert "It was removed on" in part
    assert "every 2s" not in part


def test_a_no_said_since_outlives_the_sample(alpha: Business) -> None:
    nora = Customer.objects.get(first_name="Nora")
    points = {point.channel: point for point in ContactPoint.objects.filter(customer=nora)}
    mail, phone = points["email"].address_hash, points["sms"].address_hash
    now = clock.now()
    consent.withdraw(address_hash=mail, channel="email", source="link", actor=SYSTEM, now=now)
    consent.suppress(address_hash=phone, channel="sms", reason="bounced", source="x", now=now)
    ask(alpha)
    finish()
    assert not Customer.objects.exists()
    kept = Suppression.objects.values_list("address_hash", "channel", "reason")
    assert set(kept) == {(mail, "email", "opted_out"), (phone, "sms", "bounced")}
    assert not Standing.objects.filter(is_granted=True).exists()
    assert {row.address_hash for row in Standing.objects.all()} == {mail}
    assert {row.action for row in Event.objects.all()} == {"withdrawn"}


def test_a_removal_that_came_to_a_halt_is_begun_again(alpha: Business) -> None:
    ask(alpha)
    Ticket.objects.filter(kind=removal.JOB).update(state=TicketState.PARKED, tries=8)
    client = Client(HTTP_HOST="alpha.localhost")
    log_in(client, person("alice"), alpha.pk)
    page = client.get("/settings/business/").content.decode()
    assert "The removal came to a halt." in page
    assert "Go on removing …" in page
    finish()
    begun = client.post(
        "/settings/business/sample/remove/", {"typed_name": NAME}, follow=True
    ).content.decode()
    assert "The sample data is on its way out." in begun
    with wall.as_business(reread(alpha)):
        assert Customer.objects.exists()
        with pytest.raises(ConflictError):
            ask(alpha)
        finish()
        assert not Customer.objects.exists()
        assert not queries.read_sample(business=reread(alpha)).is_there
        assert SampleRemoval.objects.count() == 1
        assert not Ticket.objects.filter(kind=removal.JOB).exists()
