"""A crawl over every address of the resolver: nothing of another business, ever.

Later pages enter by existing. The slice here is small; ``make chaos`` runs it at full size.
"""

import os
from itertools import cycle, islice
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from apps.core import clock, tokens
from apps.staff import services as staff
from apps.tenants import wall
from apps.tenants.models import Business
from tests.architecture.test_doors import SAMPLES, walk
from tests.conftest import ClientFor
from tests.isolation.canaries import key_of, seed, tenant_models

ALPHA, BETA = "alphacanary7", "betacanary7"
PURPOSES = ("r", "s", "c", "o", "p", "u", "l")
REQUESTS = int(os.environ.get("CRAWL_REQUESTS", "2000"))


@pytest.fixture
def keys(alpha: Business, beta: Business) -> dict[str, Any]:
    """Seed both businesses with a row of everything; return Beta's keys and links."""
    with wall.as_business(alpha):
        seed(ALPHA)
    with wall.as_business(beta):
        made = seed(BETA)
    ids = [str(key) for key in made.values() if key_of(key)]
    links = [tokens.sign(beta.uuid, purpose, UUID(one)) for purpose in PURPOSES for one in ids]
    return {"ids": ids, "links": links, "numbers": ["1", "2"]}


DIGEST = "SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"


def snapshot() -> dict[str, Any]:
    """Return a digest of each table of the entered business."""
    digests = {}
    with connection.cursor() as cursor:
        for model in tenant_models():
            table = model._meta.db_table
            cursor.execute(DIGEST.format(table=table))
            digests[table] = cursor.fetchone()
    return digests


def routes() -> list[str]:
    """Return the addresses of the resolver with their sample values still in them."""
    found = {address for address, _ in walk(get_resolver("cxsaas.urls").url_patterns)}
    return sorted(a for a in found if not a.startswith(("/account/", "/static/", "/styleguide")))


def attempts(keys: dict[str, Any], count: int) -> list[tuple[str, str, str]]:
    """Return (method, address, the same address with a made-up value) pairs, spread evenly."""
    every = routes()
    plain = [("get", address, "") for address in every]
    open_ended = [a for a in every if any(sample in a for sample in SAMPLES.values())]
    ids, links = cycle(keys["ids"]), cycle([*keys["links"], *keys["ids"]])
    probes: list[tuple[str, str, str]] = []
    for address in islice(cycle(open_ended), count):
        one = next(ids)
        filled = address.replace(SAMPLES["uuid"], one).replace(SAMPLES["str"], next(links))
        other = address.replace(SAMPLES["uuid"], str(uuid4())).replace(SAMPLES["str"], "none")
        method = "post" if len(probes) % 3 == 0 else "get"
        probes.append((method, filled.replace("/7/", "/1/"), other))
    return plain + probes[: max(0, count - len(plain))]


def crawl(client: Client, keys: dict[str, Any], count: int, **extra: Any) -> list[str]:
    """Return what leaked or broke."""
    wrong = []
    for method, address, other in attempts(keys, count):
        response = getattr(client, method)(address, **extra)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if BETA.encode() in body or BETA in str(response.headers):
            wrong.append(f"leak: {method} {address}")
        if response.status_code >= 500:
            wrong.append(f"{response.status_code}: {method} {address}")
        shown = other and method == "get" and response.status_code == 200
        if shown and client.get(other, **extra).status_code != 200:
            wrong.append(f"hint: {method} {address}")
    return wrong


def test_an_owner_reaches_nothing_of_another_business(
    client_for: ClientFor, keys: dict[str, Any], beta: Business
) -> None:
    with wall.as_business(beta):
        before = snapshot()
    client = client_for("alice")
    client.raise_request_exception = False
    assert crawl(client, keys, REQUESTS) == []
    with wall.as_business(beta):
        assert snapshot() == before


def test_a_key_reaches_nothing_of_another_business(
    client_for: ClientFor, keys: dict[str, Any], alpha: Business, beta: Business
) -> None:
    with wall.as_business(alpha):
        secret = staff.create_api_key(name="crawl", scopes=["*"], now=clock.now())
    with wall.as_business(beta):
        before = snapshot()
    client = Client(HTTP_HOST="alpha.localhost", raise_request_exception=False)
    headers = {"authorization": f"Bearer {secret}"}
    assert crawl(client, keys, REQUESTS // 4, headers=headers) == []
    with wall.as_business(beta):
        assert snapshot() == before


def test_without_any_filter_there_is_still_nothing(keys: dict[str, Any], alpha: Business) -> None:
    """The strongest bug there can be: every row of every model, with no condition at all."""
    with wall.as_business(alpha):
        texts = "".join(
            str(list(model._default_manager.values_list())) for model in tenant_models()
        )
    assert ALPHA in texts
    assert BETA not in texts


def test_the_canaries_stand_in_every_table(keys: dict[str, Any], beta: Business) -> None:
    with wall.as_business(beta):
        empty = [m.__name__ for m in tenant_models() if not m._default_manager.exists()]
    assert empty == []
