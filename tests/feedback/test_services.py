"""Answers, links used and wishes to talk, written down once each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.campaigns.models import Request
from apps.core.errors import AppError, NotFoundError
from apps.feedback import queries, services
from apps.feedback.models import ContactRequest, LinkUse, Response
from apps.journal.models import Entry
from apps.locations.models import Destination
from apps.tenants.models import Business
from tests.factories import NOW, make_customer, make_location

pytestmark = pytest.mark.django_db


def ask(**values: object) -> Request:
    customer = make_customer()
    return Request.objects.create(customer=customer, asked_at=NOW, created_at=NOW, **values)


def destination(label: str = "Google", **values: object) -> Destination:
    return Destination.objects.create(
        site="google", label=label, url=f"https://example.com/{label}", created_at=NOW, **values
    )


def facts(kind: str) -> int:
    return Entry.objects.filter(kind=kind).count()


def test_an_answer_is_kept_and_ends_the_campaign_for_this_person(inside: Business) -> None:
    request = ask()
    response = services.submit_rating(request=request, rating=2, text=" Slow. ", now=NOW)
    assert (response.rating, response.text) == (2, "Slow.")
    request.refresh_from_db()
    assert (request.state, request.left_reason) == ("left", "answered")
    entry = Entry.objects.get(kind="feedback.received")
    assert entry.data["rating"] == 2
    assert entry.actor_kind == "customer"


def test_a_second_answer_changes_the_first_and_the_same_again_does_nothing(
    inside: Business,
) -> None:
    request = ask()
    first = services.submit_rating(request=request, rating=5, text="", now=NOW)
    later = NOW + timedelta(hours=1)
    services.submit_rating(request=request, rating=5, text="", now=later)
    assert facts("feedback.received") == 1
    changed = services.submit_rating(request=request, rating=1, text="It broke.", now=later)
    assert changed.pk == first.pk
    assert (changed.submitted_at, changed.changed_at) == (NOW, later)
    assert (Response.objects.count(), facts("feedback.received")) == (1, 2)


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_has_one_to_five_stars(inside: Business, rating: int) -> None:
    with pytest.raises(AppError) as refused:
        services.submit_rating(request=ask(), rating=rating, text="", now=NOW)
    assert refused.value.field == "rating"
    assert Response.objects.count() == 0


def test_a_link_is_used_once_and_only_one_that_is_offered(inside: Business) -> None:
    here, there = make_location(name="Here"), make_location(name="There")
    request = ask(location=here)
    ours, elsewhere = destination("Ours"), destination("Elsewhere", location=there)
    hidden = destination("Hidden", is_active=False)
    for _ in range(2):
        found = services.use_link(request=request, destination_id=ours.pk, now=NOW)
        assert found.url == "https://example.com/Ours"
    for wrong in (elsewhere.pk, hidden.pk, UUID(int=1)):
        with pytest.raises(NotFoundError):
            services.use_link(request=request, destination_id=wrong, now=NOW)
    assert LinkUse.objects.count() == 1
    request.refresh_from_db()
    assert request.left_reason == "link_used"


def test_a_wish_pressed_twice_is_one_wish(inside: Business) -> None:
    request = ask()
    values: dict[str, Any] = {"how": "call", "address": "01225 123456", "text": "The brake."}
    for _ in range(2):
        services.ask_for_contact(request=request, now=NOW, **values)
    assert (ContactRequest.objects.count(), facts("contact.requested")) == (1, 1)
    services.ask_for_contact(request=request, now=NOW + timedelta(hours=1), **values)
    assert ContactRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("how", "address", "field"),
    [("fax", "1234567", "how"), ("call", "no", "address"), ("write", "x@", "address")],
)
def test_a_wish_that_cannot_be_answered_is_refused(
    inside: Business, how: str, address: str, field: str
) -> None:
    with pytest.raises(AppError) as refused:
        services.ask_for_contact(request=ask(), how=how, address=address, text="", now=NOW)
    assert refused.value.field == field
    assert ContactRequest.objects.count() == 0


def test_people_of_a_campaign_are_counted_once_each(inside: Business, mona: object) -> None:
    from apps.campaigns.models import Campaign  # noqa: PLC0415

    campaign = Campaign.objects.create(name="x", created_at=NOW, updated_at=NOW)
    request = ask(campaign=campaign)
    services.submit_rating(request=request, rating=4, text="", now=NOW)
    for label in ("One", "Two"):
        services.use_link(request=request, destination_id=destination(label).pk, now=NOW)
    assert queries.count_answers(campaign_id=campaign.pk) == queries.Answers(rated=1, went_on=1)
