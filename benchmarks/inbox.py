"""``inbox``: first page, a filtered page and a search, against their bare SQL; and the growth."""

import os
from collections.abc import Callable
from typing import Any

from benchmarks.business import browser, expect, found
from benchmarks.result import Result, alternate

SIZES = (1_000, 10_000)
FULL_SIZES = (10_000, 1_000_000)
ROUNDS = 11
PAGES: dict[str, dict[str, Any]] = {
    "first page": {},
    "filtered page": {"view": "everything", "rating": 1},
    "search": {"view": "everything", "search": "bread"},
}


def inbox() -> list[Result]:
    """Fill one business up to each size in turn and open the pages there."""
    business = found()
    client = browser(signed_in=True)
    sizes = FULL_SIZES if os.environ.get("BENCH_FULL") else SIZES
    results: list[Result] = []
    before: dict[str, float] = {}
    held = 0
    for seed, size in enumerate(sizes, start=1):
        _sow(business, size - held, seed)
        held = size
        for name, looked_for in PAGES.items():
            ours_s, bare_s = alternate(
                [_page(client, looked_for), _bare(business, looked_for)], rounds=ROUNDS
            )
            grown = (
                f"; {ours_s / before[name]:.2f} times that of {sizes[0]:,}"
                if before.get(name)
                else ""
            )
            before.setdefault(name, ours_s)
            results.append(
                Result(
                    bench="inbox",
                    n=size,
                    value=round(ours_s * 1000, 2),
                    unit="ms",
                    ratio=round(ours_s / bare_s, 2),
                    against="the bare SQL of the list on its own",
                    note=f"{name}; SQL {bare_s * 1000:.2f} ms{grown}; in process, whole middleware",
                )
            )
    return results


def _sow(business: Any, reviews: int, seed: int) -> None:
    from django.db import connections  # noqa: PLC0415 - after django.setup

    from apps.core import clock  # noqa: PLC0415
    from apps.demo import services as demo  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    size = demo.Size(customers=reviews // 10, reviews=reviews, transactions=0, seed=seed)
    with wall.as_business(business):
        demo.seed_scale(size=size, now=clock.now(), say=lambda _line: None)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'ANALYZE "{business.schema_name}".reviews_review')


def _page(client: Any, looked_for: dict[str, Any]) -> Callable[[], None]:
    query = {**looked_for}
    if "search" in query:
        query["q"] = query["search"]
    return lambda: expect(client.get("/inbox/", query), 200)


def _bare(business: Any, looked_for: dict[str, Any]) -> Callable[[], None]:
    from django.db import connection  # noqa: PLC0415 - after django.setup

    from apps.core import clock  # noqa: PLC0415
    from apps.core.facts import SYSTEM  # noqa: PLC0415
    from apps.reviews import queries  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    filters = queries.InboxFilters(**looked_for)
    with wall.as_business(business):
        rows = queries.list_inbox(actor=SYSTEM, filters=filters, now=clock.now())
        statement, values = rows.order_by("-sort_at", "-pk")[:51].query.sql_with_params()

    def read() -> None:
        with wall.as_business(business), connection.cursor() as cursor:
            cursor.execute(statement, values)
            if not cursor.fetchall():
                raise RuntimeError(f"Nothing is found by {looked_for}: this would measure nothing.")

    return read
