"""Made-up rows in any number, the same ones for the same seed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.consent.models import Standing
from apps.core import clock
from apps.core.errors import AppError
from apps.customers.models import ContactPoint, Customer, Transaction
from apps.demo.services import Size, seed_scale
from apps.reviews.models import Review
from apps.tenants import wall
from apps.tenants.models import Business


def test_the_command_makes_as_many_as_it_is_told(alpha: Business) -> None:
    out = StringIO()
    numbers = ["--customers", "30", "--reviews", "25", "--transactions", "70"]
    call_command("seed_scale", "alpha", *numbers, stdout=out)
    with wall.as_business(alpha):
        assert Customer.objects.count() == 30
        assert ContactPoint.objects.count() == Standing.objects.count() == 54
        assert Review.objects.count() == 25
        assert Transaction.objects.count() == 70
        assert not Customer.objects.filter(last_transaction_at=None).exists()
    assert "30 of 30 customers" in out.getvalue()


def sow(seed: int) -> list[str]:
    seed_scale(
        size=Size(customers=5, reviews=5, transactions=0, seed=seed),
        now=clock.now(),
        say=lambda _words: None,
    )
    rows = ContactPoint.objects.filter(customer__attributes__seed=seed)
    return [row.address for row in rows.order_by("address")]


def test_the_same_seed_gives_the_same_rows_once(inside: Business) -> None:
    first = sow(1)
    with pytest.raises(AppError, match="Seed 1 has been sown here"):
        sow(1)
    assert len(sow(2)) == len(first) == 10
    Customer.objects.all().delete()
    Standing.objects.all().delete()
    Review.objects.all().delete()
    assert sow(1) == first


def test_impossible_numbers_are_refused_and_change_nothing(inside: Business) -> None:
    for size in (
        Size(customers=0, reviews=0, transactions=1),
        Size(customers=-1, reviews=0, transactions=0),
    ):
        with pytest.raises(AppError):
            seed_scale(size=size, now=clock.now(), say=print)
    assert Customer.objects.count() == Review.objects.count() == 0


def test_an_unknown_business_is_told_in_one_line(db: None) -> None:
    with pytest.raises(CommandError, match="There is no business “nobody”"):
        call_command("seed_scale", "nobody", "--customers", "1")
