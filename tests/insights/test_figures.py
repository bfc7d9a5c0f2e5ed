"""The four figures: exact values, their n and interval, and silence where n is too small."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.campaigns.models import Request
from apps.consent.models import Suppression
from apps.core.facts import SYSTEM
from apps.customers.models import Customer
from apps.failures.models import Failure
from apps.feedback.models import Response
from apps.insights import queries
from apps.insights.queries import Figure
from apps.messaging.models import Account, Message
from apps.recovery.models import Case
from apps.reviews.models import Review
from apps.tenants.models import Business

NOW = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def figure(key: str) -> Figure:
    return next(
        found for found in queries.get_today_figures(actor=SYSTEM, now=NOW) if found.key == key
    )


def review(number: int, **values: Any) -> Review:
    given = {
        "source": "own",
        "remote_id": str(number),
        "rating": 5,
        "rating_max": 5,
        "received_at": NOW - DAY,
        "sort_at": NOW - DAY,
        "created_at": NOW - DAY,
        **values,
    }
    return Review.objects.create(**{"written_at": given["sort_at"], **given})


def customer() -> Customer:
    return Customer.objects.create(created_at=NOW, updated_at=NOW)


def test_rating_is_the_mean_of_thirty_days_with_its_interval(inside: Business) -> None:
    for number, stars in enumerate((5, 5, 4, 3, 5)):
        review(number, rating=stars)
    review(10, rating=1, sort_at=NOW - 31 * DAY)
    review(11, rating=9, rating_max=10)
    review(12, rating=None, rating_max=None)
    review(13, rating=1, written_at=None)
    found = figure("rating")
    assert (found.n, found.value, found.before) == (5, 4.4, None)
    assert found.low == pytest.approx(3.2894, abs=1e-4)
    assert found.high == 5.0


def test_too_few_ratings_say_nothing(inside: Business) -> None:
    for number in range(4):
        review(number)
    found = figure("rating")
    assert (found.n, found.value, found.low, found.needed) == (4, None, None, 5)


def test_change_compares_with_the_month_before(inside: Business) -> None:
    for number in range(5):
        review(number, rating=5)
        review(100 + number, rating=4, sort_at=NOW - 40 * DAY)
    assert figure("rating").change == 1.0


def test_share_of_the_asked_who_wrote(inside: Business) -> None:
    for number in range(10):
        request = Request.objects.create(
            customer=customer(), asked_at=NOW - 3 * DAY, created_at=NOW - 3 * DAY
        )
        if number < 2:
            Response.objects.create(
                request=request, rating=4, submitted_at=NOW, changed_at=NOW, created_at=NOW
            )
    Request.objects.create(customer=customer(), asked_at=None, created_at=NOW)
    found = figure("wrote")
    assert (found.n, found.value) == (10, 20.0)
    assert found.low == pytest.approx(5.6682, abs=1e-4)
    assert found.high == pytest.approx(50.9838, abs=1e-4)


def test_replies_in_time_leave_out_those_whose_clock_still_runs(inside: Business) -> None:
    for number in range(4):
        review(number, due_at=NOW - timedelta(hours=2), replied_at=NOW - timedelta(hours=3))
    review(5, due_at=NOW - timedelta(hours=2))
    review(6, due_at=NOW + timedelta(hours=2))
    found = figure("in_time")
    assert (found.n, found.value) == (5, 80.0)


def test_came_back_counts_closed_and_old_cases(inside: Business) -> None:
    for number in range(5):
        failure = Failure.objects.create(
            kind="wait", title="x", severity=3, severity_evidence="stated",
            updated_at=NOW, created_at=NOW,
        )  # fmt: skip
        Case.objects.create(
            number=number, failure=failure, customer=customer(), title="x", severity=3,
            status="closed", opened_at=NOW - 10 * DAY, stage_at=NOW - 10 * DAY, created_at=NOW,
            returned_at=NOW if number < 3 else None,
        )  # fmt: skip
    found = figure("came_back")
    assert (found.n, found.value) == (5, 60.0)


def test_a_rating_resolved_in_time_without_a_word_asked_for_no_reply(inside: Business) -> None:
    for number in range(5):
        review(number, due_at=NOW - timedelta(hours=2), replied_at=NOW - timedelta(hours=3))
    review(6, due_at=NOW - timedelta(hours=2), resolved_at=NOW - timedelta(hours=4))
    found = figure("in_time")
    assert (found.n, found.value) == (5, 100.0)


def test_a_message_after_an_opt_out_would_be_counted(inside: Business) -> None:
    account = Account.objects.create(
        kind="sandbox", channel="email", name="x", sender="a@example.com", created_at=NOW
    )
    for number, hours in enumerate((5, 1)):
        Message.objects.create(
            dedupe_key=str(number), channel="email", purpose="review_request",
            subject_kind="x", subject_id=account.pk, address="b@example.com", address_hash="h",
            account=account, state="sent", queued_at=NOW, created_at=NOW,
            sent_at=NOW - timedelta(hours=hours),
        )  # fmt: skip
    assert queries.count_after_opt_out(actor=SYSTEM, now=NOW) == 0
    Suppression.objects.create(
        address_hash="h", channel="email", reason="opt_out", created_at=NOW - timedelta(hours=3)
    )
    assert queries.count_after_opt_out(actor=SYSTEM, now=NOW) == 1
