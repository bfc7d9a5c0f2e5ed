"""Fills queues with the rig's tickets, in a process of its own in the product's environment."""

import argparse
import os
import time
from typing import Any

import django

from tests.chaos import effects

CHUNK = 5000
LANES = (0, 1, 2)


def found(slugs: list[str]) -> list[Any]:
    """Make businesses with a table for the effects."""
    from django.db import connections  # noqa: PLC0415 - after django.setup
    from psycopg import sql  # noqa: PLC0415

    from apps.core import clock  # noqa: PLC0415
    from apps.tenants import services as tenants  # noqa: PLC0415

    made = []
    for slug in slugs:
        business = tenants.create_business(slug=slug, name=slug, now=clock.now())
        with connections["owner"].cursor() as cursor:
            place = sql.Identifier(business.schema_name)
            cursor.execute(sql.SQL(effects.CREATE).format(schema=place))
        made.append(business)
    return made


def fill(businesses: list[Any], *, count: int, lanes: tuple[int, ...], pause_ms: int) -> int:
    """Queue so many tickets for each business, each asked for twice by its dedupe key."""
    for business in businesses:
        for first in range(0, count, CHUNK):
            words = [effects.make_word() for _ in range(min(CHUNK, count - first))]
            for number, lane in enumerate(lanes):
                mine = words[number :: len(lanes)]
                # While the first is open, the second is not made; no worker runs yet.
                _queue(business, mine, lane=lane, pause_ms=pause_ms, times=2)
    return count * len(businesses)


def _queue(business: Any, words: list[str], *, lane: int, pause_ms: int, times: int = 1) -> None:
    from django.db import transaction  # noqa: PLC0415 - after django.setup

    from apps.core import clock  # noqa: PLC0415
    from apps.jobs import services as jobs  # noqa: PLC0415
    from apps.jobs.choices import Lane  # noqa: PLC0415
    from apps.tenants import wall  # noqa: PLC0415

    now = clock.now()
    keys = [(effects.make_key(word, pause_ms=pause_ms), now) for word in words]
    with wall.as_business(business):
        for _turn in range(times):
            with transaction.atomic():
                jobs.enqueue_many(
                    effects.KIND, keys=keys, now=now, lane=Lane(lane), dedupe_keys=words
                )


def sample(
    slugs: list[str], *, count: int, every_s: float, lanes: tuple[int, ...], pause_ms: int
) -> int:
    """Queue single tickets, one small business after the other; a word tells lane and moment."""
    from apps.tenants import queries as tenants  # noqa: PLC0415 - after django.setup

    businesses = [tenants.find_business(slug=slug) for slug in slugs]
    for number in range(count):
        lane = lanes[number % len(lanes)]
        word = f"{lane} {time.time():.6f}"
        _queue(businesses[number % len(businesses)], [word], lane=lane, pause_ms=pause_ms)
        time.sleep(every_s)
    return count


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verb", choices=("fill", "sample"))
    parser.add_argument("slugs", nargs="+")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--lane", type=int, action="append")
    parser.add_argument("--pause-ms", type=int, default=0)
    parser.add_argument("--every", type=float, default=0.3)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    django.setup()
    lanes = tuple(given.lane or LANES)
    if given.verb == "fill":
        made = found(given.slugs)
        queued = fill(made, count=given.count, lanes=lanes, pause_ms=given.pause_ms)
    else:
        queued = sample(
            given.slugs,
            count=given.count,
            every_s=given.every,
            lanes=lanes,
            pause_ms=given.pause_ms,
        )
    print(f"queued {queued}")


if __name__ == "__main__":
    main()
