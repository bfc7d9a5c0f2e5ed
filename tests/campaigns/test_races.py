"""Many hands at once: one launch, one request a person, one answer, one link use."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from apps.campaigns import services
from apps.campaigns.models import Campaign, Request
from apps.core.errors import AppError
from apps.feedback import services as feedback
from apps.feedback.models import Response
from apps.jobs.models import Ticket
from apps.journal.models import Entry
from apps.messaging.models import Message
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import actor_of
from tests.factories import NOW, grant, make_customer

HANDS = 20


def all_at_once(business: Business, work: Callable[[int], Any], hands: int = HANDS) -> list[Any]:
    """Let many threads do ``work`` at the same moment; returns results and refusals."""
    gate = threading.Barrier(hands)
    results: list[Any] = [None] * hands

    def run(number: int) -> None:
        try:
            with wall.as_business(business):
                gate.wait(timeout=30)
                results[number] = work(number)
        except AppError as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def alpha_for_real(committed: None) -> Business:
    """Return Alpha, whose rows are really committed in this test."""
    with wall.as_platform():
        business: Business = Business.objects.get(slug="alpha")
    return business


def test_twenty_launches_make_one_set(alpha_for_real: Business) -> None:
    with wall.as_business(alpha_for_real):
        mona = actor_of("mona")
        for number in range(30):
            customer = make_customer(email=f"p{number}@example.com", phone="")
            grant(customer, "email")
        campaign = services.create_campaign(name="Once", actor=mona, now=NOW)
    results = all_at_once(
        alpha_for_real,
        lambda _n: services.launch_campaign(campaign=campaign, actor=mona, now=NOW).status,
    )
    assert results == ["running"] * HANDS
    with wall.as_business(alpha_for_real):
        assert Ticket.objects.filter(kind="campaigns.enrol").count() == 1
        assert Entry.objects.filter(kind="campaign.launched").count() == 1
    all_at_once(
        alpha_for_real,
        lambda _n: services_in_transaction(campaign),
    )
    with wall.as_business(alpha_for_real):
        assert Request.objects.count() == 30
        assert Message.objects.count() == 30
        assert Campaign.objects.get().enrolled_count == 30


def services_in_transaction(campaign: Campaign) -> int:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        return services.enrol_chunk(campaign_id=campaign.pk, now=NOW)


def test_two_campaigns_never_ask_the_same_person(alpha_for_real: Business) -> None:
    with wall.as_business(alpha_for_real):
        mona = actor_of("mona")
        for number in range(40):
            customer = make_customer(email=f"p{number}@example.com", phone="")
            grant(customer, "email")
        campaigns = [
            services.create_campaign(name=f"No. {number}", actor=mona, now=NOW)
            for number in range(8)
        ]
        for campaign in campaigns:
            services.launch_campaign(campaign=campaign, actor=mona, now=NOW)
    all_at_once(alpha_for_real, lambda n: services_in_transaction(campaigns[n]), hands=8)
    with wall.as_business(alpha_for_real):
        assert Request.objects.count() == 40
        assert Request.objects.values("customer").distinct().count() == 40
        done = Campaign.objects.values_list("enrolled_count", "left_out")
        assert sum(count for count, _ in done) == 40
        assert sum(left.get("asked", 0) for _, left in done) == 7 * 40


def test_twenty_presses_ask_one_customer_once(alpha_for_real: Business) -> None:
    with wall.as_business(alpha_for_real):
        bob = actor_of("bob")
        customer = make_customer()
        grant(customer, "sms")
    results = all_at_once(
        alpha_for_real,
        lambda _n: services.request_review(customer=customer, channel="sms", actor=bob, now=NOW),
    )
    codes = [result.code for result in results if isinstance(result, AppError)]
    assert codes == ["asked"] * (HANDS - 1)
    with wall.as_business(alpha_for_real):
        assert (Request.objects.count(), Message.objects.count()) == (1, 1)


def test_twenty_answers_at_once_are_one_answer(alpha_for_real: Business) -> None:
    with wall.as_business(alpha_for_real):
        request = Request.objects.create(customer=make_customer(), asked_at=NOW, created_at=NOW)
    all_at_once(
        alpha_for_real,
        lambda _n: feedback.submit_rating(request=request, rating=2, text="Late", now=NOW),
    )
    with wall.as_business(alpha_for_real):
        assert Response.objects.count() == 1
        assert Entry.objects.filter(kind="feedback.received").count() == 1
