"""Many at the same moment: one case a failure, numbers without holes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections

from apps.recovery import services
from apps.recovery.models import Case, PlanItem
from apps.tenants import wall
from apps.tenants.models import Business
from tests.factories import NOW, make_failure

THREADS = 20


@pytest.mark.usefixtures("committed")
def test_twenty_openings_of_five_failures_make_five_cases() -> None:
    business = Business.objects.get(slug="alpha")
    with wall.as_business(business):
        failures: list[UUID] = [make_failure().pk for _ in range(5)]
    barrier = Barrier(THREADS)

    def open_one(number: int) -> None:
        try:
            with wall.as_business(business):
                barrier.wait()
                services.open_case(failure_id=failures[number % 5], now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(open_one, range(THREADS)))
    with wall.as_business(business):
        numbers = sorted(Case.objects.values_list("number", flat=True))
        assert numbers == [1001, 1002, 1003, 1004, 1005]
        assert PlanItem.objects.count() == 15
