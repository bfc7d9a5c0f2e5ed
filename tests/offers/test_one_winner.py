"""Of many at the same moment one wins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from apps.core.facts import SYSTEM
from apps.journal.models import Entry
from apps.offers import errors, services
from apps.offers.models import Offer, Redemption
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import actor_of
from tests.factories import NOW, make_failure

THREADS = 20


@pytest.mark.usefixtures("committed")
def test_of_twenty_tills_one_redeems_the_code() -> None:
    business = Business.objects.get(slug="alpha")
    with wall.as_business(business):
        offer = services.issue_offer(
            failure=make_failure(),
            remedy="redo",
            title="Again, free",
            terms="Once.",
            value_minor=1000,
            days=30,
            actor=actor_of("bob"),
            now=NOW,
        )
        code = services.code_of(offer)
    barrier = Barrier(THREADS)

    def redeem(_number: int) -> str:
        try:
            with wall.as_business(business):
                barrier.wait()
                services.redeem_offer(code=code, actor=SYSTEM, now=NOW)
        except errors.OfferUsed:
            return "used"
        finally:
            connections.close_all()
        return "won"

    with ThreadPoolExecutor(THREADS) as pool:
        results = sorted(pool.map(redeem, range(THREADS)))
    assert results == ["used"] * (THREADS - 1) + ["won"]
    with wall.as_business(business):
        assert (Offer.objects.get().state, Redemption.objects.count()) == ("redeemed", 1)
        assert Entry.objects.filter(kind="offer.redeemed").count() == 1
