"""From a bad answer to an open case, and from a used offer to a closed one, without any hand."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.core import clock
from apps.core.facts import SYSTEM, Actor, customer_actor
from apps.failures.models import Failure
from apps.feedback.events import FeedbackReceived
from apps.feedback.models import Response
from apps.flows import services as flows
from apps.flows.handlers import leave_campaigns, open_case, put_in_inbox, record_failure
from apps.flows.routes import ROUTES
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.journal import services as journal
from apps.journal.models import Entry, Handling
from apps.offers import services as offers
from apps.recovery import queries, services
from apps.recovery.models import Case
from apps.reviews import services as reviews
from apps.reviews.models import Review
from tests.factories import make_customer, make_failure, make_review

pytestmark = pytest.mark.usefixtures("inside")


def answer(rating: int, text: str) -> Entry:
    """Let a customer answer."""
    now = clock.now()
    customer = make_customer(email=f"c{rating}@example.com", phone="")
    response = Response.objects.create(
        customer=customer,
        rating=rating,
        text=text,
        submitted_at=now,
        changed_at=now,
        created_at=now,
    )
    fact = FeedbackReceived(
        response_id=response.pk,
        request_id=None,
        customer_id=customer.pk,
        location_id=None,
        rating=rating,
    )
    return journal.record(fact, actor=customer_actor(customer.pk), now=now)


def drain() -> None:
    jobs.drain(lanes=[Lane.TRANSACTIONAL, Lane.INTERACTIVE, Lane.BULK])


def test_a_bad_answer_becomes_a_case() -> None:
    entry = answer(1, "The brake failed on the hill and I almost crashed. Very dangerous.")
    drain()
    review, failure, case = Review.objects.get(), Failure.objects.get(), Case.objects.get()
    assert (failure.review, case.failure, case.customer_id) == (review, failure, entry.customer_id)
    assert (failure.kind, failure.severity, case.stage, case.status) == (
        "safety",
        5,
        "collect",
        "open",
    )
    assert case.due_at == case.opened_at + timedelta(hours=1)
    assert len(queries.list_plan_items(case=case)) == 5
    assert Ticket.objects.filter(kind="recovery.due").count() == 1
    kinds = Entry.objects.order_by("id").values_list("kind", flat=True)
    assert [kind for kind in kinds if not kind.startswith("customer")] == [
        "feedback.received",
        "review.received",
        "failure.recorded",
        "case.opened",
    ]


def test_a_good_answer_that_turns_bad_becomes_a_case() -> None:
    entry = answer(5, "Lovely.")
    drain()
    assert entry.subject_id is not None
    for rating, text in ((4, "Lovely."), (1, "They broke my wheel.")):
        Response.objects.update(rating=rating, text=text)
        reviews.import_response(response_id=entry.subject_id, now=clock.now())
        drain()
    assert (Review.objects.count(), Failure.objects.count(), Case.objects.count()) == (1, 1, 1)
    assert Entry.objects.filter(kind="review.received").count() == 1


def test_what_the_staff_does_with_an_old_review_records_no_failure(alice: Actor) -> None:
    review = make_review(rating=1, text="They broke my wheel.")
    assert alice.id is not None
    reviews.assign_review(review=review, member_id=alice.id, actor=alice, now=clock.now())
    drain()
    assert Failure.objects.count() == 0


def test_a_good_answer_becomes_no_case() -> None:
    answer(5, "Lovely people, quick and fair.")
    drain()
    assert (Review.objects.count(), Failure.objects.count(), Case.objects.count()) == (1, 0, 0)


def test_the_same_entry_fanned_out_twice_makes_one_case() -> None:
    entry = answer(1, "They broke my wheel.")
    for _ in range(2):
        flows.fan_out(entry_id=entry.pk, now=clock.now())
    drain()
    for found in Entry.objects.filter(kind__in=["review.received", "failure.recorded"]):
        flows.fan_out(entry_id=found.pk, now=clock.now())
    drain()
    assert (Review.objects.count(), Failure.objects.count(), Case.objects.count()) == (1, 1, 1)
    assert Handling.objects.filter(handler="put_in_inbox").count() == 1


def test_a_handler_acts_on_an_entry_once() -> None:
    entry = answer(1, "They broke my wheel.")
    assert flows.handle_entry(entry_id=entry.pk, handler="put_in_inbox", now=clock.now())
    assert not flows.handle_entry(entry_id=entry.pk, handler="put_in_inbox", now=clock.now())
    assert not flows.handle_entry(entry_id=entry.pk, handler="gone_by_now", now=clock.now())
    assert Review.objects.count() == 1


def test_what_went_wrong_half_way_is_done_again_in_full() -> None:
    entry = answer(1, "They broke my wheel.")
    handler: dict[str, Any] = {"entry_id": entry.pk, "handler": "put_in_inbox", "now": clock.now()}
    point = transaction.savepoint()
    flows.handle_entry(**handler)
    transaction.savepoint_rollback(point)
    assert (Review.objects.count(), Handling.objects.count()) == (0, 0)
    assert flows.handle_entry(**handler)
    assert Review.objects.count() == 1


def test_a_used_offer_closes_a_case_that_is_done(bob: Actor) -> None:
    now = clock.now()
    failure = make_failure(customer=make_customer())
    case = services.open_case(failure_id=failure.pk, now=now)
    services.record_collect(case=case, what_happened="The cable.", actor=bob, now=now)
    services.record_apology(
        case=case, how="in_person", text="I am sorry, that was our mistake.", actor=bob, now=now
    )
    for item in queries.list_plan_items(case=case):
        services.finish_plan_item(case=case, item_id=item.pk, actor=bob, now=now)
    offer = offers.issue_offer(
        failure=failure, remedy="redo", title="Again, free", terms="Once.",
        value_minor=1000, days=30, actor=bob, now=now,
    )  # fmt: skip
    offers.redeem_offer(code=offers.code_of(offer), actor=bob, now=now)
    drain()
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("closed", "returned")


def test_an_offer_expires_by_its_ticket(bob: Actor) -> None:
    then = clock.now() - timedelta(days=2)
    offer = offers.issue_offer(
        failure=make_failure(), remedy="redo", title="Again", terms="Once.",
        value_minor=0, days=1, actor=bob, now=then,
    )  # fmt: skip
    drain()
    offer.refresh_from_db()
    assert offer.state == "expired"


def test_a_late_case_escalates_by_its_ticket(bob: Actor) -> None:
    then = clock.now() - timedelta(hours=5)
    case = services.open_case(failure_id=make_failure().pk, now=then, actor=SYSTEM)
    drain()
    case.refresh_from_db()
    assert case.stage == "escalate"


def test_handlers_are_short_and_routed() -> None:
    routed = {handler for handlers in ROUTES.values() for handler in handlers}
    assert {put_in_inbox, record_failure, open_case, leave_campaigns} <= routed
