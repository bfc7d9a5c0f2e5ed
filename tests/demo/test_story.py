"""The demo tells what it says it tells."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.models import User
from apps.campaigns.choices import CampaignStatus
from apps.campaigns.models import Campaign, Request, Step
from apps.campaigns.queries import list_steps, preview_audience
from apps.core import clock
from apps.core.facts import SYSTEM
from apps.demo.services import is_seeded, seed_demo
from apps.demo.services.founding import BUSINESSES, find_businesses
from apps.demo.story import people
from apps.insights.queries import get_today_figures
from apps.jobs.models import Ticket
from apps.locations.models import Destination
from apps.messaging import queries as messaging
from apps.messaging.choices import MessageState
from apps.messaging.models import Message
from apps.offers.choices import OfferState
from apps.offers.models import Offer
from apps.recovery.choices import CaseStatus, Outcome, PromiseState
from apps.recovery.models import Case, Promise
from apps.reviews.models import Review
from apps.staff.models import Member
from apps.tenants import wall
from apps.tenants.models import Business
from apps.text.checks import check_text
from tests import environment
from tests.conftest import log_in
from tests.isolation.canaries import tenant_models

# Other doors, and pages that are not for people.
OTHERS = (
    "api/",
    "callbacks/",
    "account/",
    "styleguide/",
    "static/",
    "healthz",
    "readyz",
    "metrics",
)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Business]]:
    """Seed the demo once for this file, for real; a fresh copy of the database is made after it."""
    with django_db_blocker.unblock():
        seed_demo(now=clock.now())
        yield find_businesses()
        wall.leave()
        connections.close_all()
    environment.copy_database(os.environ["TEST_DATABASE"])


@pytest.fixture
def bakery(demo: dict[str, Business]) -> Iterator[Business]:
    """Enter the bakery."""
    with wall.as_business(demo["demo"]):
        yield demo["demo"]


def count_rows() -> dict[str, int]:
    """Count the rows of each table of the entered business."""
    return {model._meta.label: model._default_manager.count() for model in tenant_models()}


def test_seeding_again_changes_nothing(demo: dict[str, Business]) -> None:
    def count_all() -> dict[str, dict[str, int]]:
        counts = {}
        for slug, business in demo.items():
            with wall.as_business(business):
                counts[slug] = count_rows()
        return counts

    before = count_all()
    assert is_seeded()
    seed_demo(now=clock.now())
    assert count_all() == before
    assert set(before) == set(BUSINESSES)
    assert before["demo"]["customers.Customer"] == 160
    assert before["rival"]["customers.Customer"] == 18


def test_all_figures_say_something(bakery: Business) -> None:
    figures = get_today_figures(actor=SYSTEM, now=clock.now())
    assert [figure.key for figure in figures if figure.value is None] == []
    assert len(figures) == 4


def test_a_case_stands_in_each_stage_and_others_are_over(bakery: Business) -> None:
    running = Case.objects.exclude(status=CaseStatus.CLOSED)
    assert sorted(running.values_list("stage", flat=True)) == [
        "apologise", "collect", "escalate", "respond", "respond",
    ]  # fmt: skip
    assert not running.filter(due_at__lte=clock.now()).exists()
    assert running.filter(severity=5).count() == 1
    assert Case.objects.filter(outcome=Outcome.RETURNED, returned_at__isnull=False).exists()


def test_a_promise_is_due_today_and_others_were_kept(bakery: Business) -> None:
    due = Promise.objects.get(state=PromiseState.OPEN)
    assert 0 < (due.due_at - clock.now()).total_seconds() < 24 * 3600
    assert Promise.objects.filter(state=PromiseState.KEPT).count() == 4


def test_an_offer_waits_for_approval_and_others_were_used(bakery: Business) -> None:
    waiting = Offer.objects.get(state=OfferState.WAITING_APPROVAL)
    assert waiting.issued_by_id == Member.objects.get(role="agent").pk
    assert (waiting.value_minor, waiting.limit_minor) == (8500, 5000)
    assert Offer.objects.filter(state=OfferState.REDEEMED).count() == 4


def test_one_campaign_is_over_and_one_is_a_draft(bakery: Business) -> None:
    assert sorted(Campaign.objects.values_list("status", flat=True)) == [
        CampaignStatus.DRAFT,
        CampaignStatus.FINISHED,
    ]
    asked = Request.objects.filter(campaign__status=CampaignStatus.FINISHED)
    assert not asked.filter(state="active").exists()
    draft = Campaign.objects.get(status=CampaignStatus.DRAFT)
    audience = preview_audience(
        campaign=draft, steps=list_steps(campaign_id=draft.pk), now=clock.now()
    )
    assert (audience.eligible, audience.left_out["asked"]) > (10, 5)
    delivery = messaging.list_sandbox("sms", actor=SYSTEM)[0]
    assert "http://demo.localhost" in delivery.text


def test_nothing_is_left_to_do_but_what_is_due_later(bakery: Business) -> None:
    assert not Message.objects.filter(state=MessageState.QUEUED).exists()
    with wall.as_dispatcher():
        assert Ticket.objects.filter(not_before__lte=clock.now()).count() == 0
        assert Ticket.objects.count() < 30


def test_reviews_wait_and_some_have_been_answered(bakery: Business) -> None:
    assert Review.objects.count() == 57
    assert Review.objects.filter(replied_at__isnull=False).count() > 35
    waiting = Review.objects.filter(status__in=["new", "open"])
    assert waiting.count() > 5
    assert not waiting.filter(due_at__lte=clock.now()).exists()
    assert set(Review.objects.values_list("source", flat=True)) == {
        "own", "google", "trustpilot", "facebook",
    }  # fmt: skip
    assert not Destination.objects.filter(site="yelp").exists()


def test_requests_ask_everybody_openly(demo: dict[str, Business]) -> None:
    found = []
    for business in demo.values():
        with wall.as_business(business):
            for step in Step.objects.all():
                found += check_text("request", f"{step.subject}\n{step.text}")
    assert found == []


def test_no_two_people_share_a_name_or_a_number() -> None:
    from random import Random  # noqa: PLC0415

    everybody = people.make_people(named=people.NAMED, count=160, random=Random(7))
    assert len({person.email for person in everybody}) == 160
    assert {person.region for person in everybody} == {"GB", "DE", "IE", "PL"}


def pages(patterns: list[Any], prefix: str = "/") -> Iterator[str]:
    """Yield the address of each page that needs no number."""
    for entry in patterns:
        route = str(entry.pattern)
        if "<" in route or route.startswith(OTHERS) or route.startswith("^"):
            continue
        if isinstance(entry, URLResolver):
            yield from pages(entry.url_patterns, prefix + route)
        elif isinstance(entry, URLPattern):
            yield prefix + route


def test_every_page_opens_for_the_owner(demo: dict[str, Business]) -> None:
    client = Client(HTTP_HOST="demo.localhost")
    with wall.as_platform():
        owner = User.objects.get(email="owner@demo.example")
    log_in(client, owner, demo["demo"].pk)
    addresses = list(pages(get_resolver("cxsaas.urls").url_patterns))
    answers = {address: client.get(address).status_code for address in addresses}
    # 405: an address that only takes what is sent to it.
    assert {a: status for a, status in answers.items() if status not in {200, 405}} == {}
    assert answers["/"] == 200
    assert len([status for status in answers.values() if status == 200]) > 10
