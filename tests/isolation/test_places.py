"""A member who is limited to some locations reaches nothing of the others, on any page.

Every staff address of the resolver is asked; later pages enter by existing.
"""

from collections.abc import Iterator
from itertools import chain, product, zip_longest
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from apps.campaigns.models import Campaign
from apps.core.facts import SYSTEM
from apps.customers.models import Customer
from apps.locations.models import Location
from apps.messaging.models import Message
from apps.staff import services as staff
from apps.tenants import wall
from apps.tenants.models import Business
from tests.architecture.test_doors import SAMPLES, staff_pages
from tests.conftest import ClientFor, person
from tests.factories import NOW, make_location
from tests.isolation.canaries import key_of, seed
from tests.isolation.test_crawl import snapshot

HIDDEN, COMMON = "hiddencanary7", "commonword"
# What belongs to the business as a whole, and so is shown at every location.
WHOLE = {
    "locations.Brand", "staff.Member", "staff.InvitedScope", "staff.ApiKey",
    "staff.IdempotencyRecord", "consent.Policy", "messaging.Account", "messaging.Template",
    "messaging.Gate", "messaging.ProviderEvent", "replies.ResponseTemplate",
    "customers.ImportRun", "customers.ImportKey", "customers.ImportReject",
    "reviews.ImportRun", "reviews.ImportReject",
}  # fmt: skip

# Which keys the addresses below a first word carry; below a word not named here, all of them.
NOUNS = {
    "customers": ["customers.Customer", "customers.ContactPoint"],
    "inbox": ["reviews.Review", "reviews.Note", "replies.Reply", "messaging.Message"],
    "campaigns": ["campaigns.Campaign"],
    "recovery": ["recovery.Case", "recovery.PlanItem", "recovery.Promise", "reviews.Review"],
    "offers": ["offers.Offer", "failures.Failure", "recovery.Case"],
    "messages": ["messaging.Message"],
    "sandbox": ["messaging.SandboxDelivery"],
    "settings": ["locations.Location", "locations.Destination"],
}
Keys = dict[str, str]


def mark_of(model: type[models.Model]) -> str:
    """Return the word that rows of a model carry."""
    return COMMON if model._meta.label in WHOLE else HIDDEN


@pytest.fixture
def hidden(alpha: Business) -> Keys:
    """Seed a location with a row of everything; the manager and the agent see another one."""
    with wall.as_business(alpha):
        here = make_location(name="Here")
        made = seed(HIDDEN, others=mark_of)
        there = made[Location]
        Campaign.objects.update(audience={"locations": [str(there)]}, name=HIDDEN)
        Message.objects.update(location_id=there)
        Customer.objects.update(erased_at=None)
        for name in ("mona", "bob"):
            staff.limit_member(
                member_id=person(name).pk, location_ids=[here.pk], actor=SYSTEM, now=NOW
            )
    placed = {model: key for model, key in made.items() if mark_of(model) == HIDDEN}
    return {model._meta.label: str(key) for model, key in placed.items() if key_of(key)}


def pages(hidden: Keys) -> Iterator[tuple[str, str]]:
    """Yield (address, the same address with made-up keys) of every staff page and hidden key."""
    for address, _permission in staff_pages():
        labels = NOUNS.get(address.split("/")[1], list(hidden))
        pieces = address.split(SAMPLES["uuid"])
        other = address.replace(SAMPLES["uuid"], str(uuid4()))
        for keys in product([hidden[label] for label in labels], repeat=len(pieces) - 1):
            yield "".join(chain(*zip_longest(pieces, keys, fillvalue=""))), other


def ask(client: Client, method: str, address: str) -> tuple[int, bytes]:
    response: Any = getattr(client, method)(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body


@pytest.mark.parametrize("name", ["mona", "bob"])
def test_no_page_shows_or_hints_at_another_location(
    client_for: ClientFor, hidden: Keys, name: str
) -> None:
    client = client_for(name)
    client.raise_request_exception = False
    wrong, strange = [], {}
    for address, other in pages(hidden):
        status, body = ask(client, "get", address)
        if HIDDEN.encode() in body:
            wrong.append(f"leak: {address}")
        if other not in strange:
            strange[other] = ask(client, "get", other)[0]
        if status != strange[other] or status >= 500:
            wrong.append(f"hint: {address} {status}, not {strange[other]}")
    assert wrong == []


def test_no_post_changes_anything_of_another_location(
    client_for: ClientFor, hidden: Keys, alpha: Business
) -> None:
    client = client_for("mona")
    client.raise_request_exception = False
    placed = {
        model._meta.db_table
        for model in apps.get_models()
        if mark_of(model) == HIDDEN and model._meta.label != "journal.Entry"
    }
    with wall.as_business(alpha):
        before = {table: row for table, row in snapshot().items() if table in placed}
    taken = []
    for address, _other in pages(hidden):
        status, body = ask(client, "post", address)
        if HIDDEN.encode() in body or status >= 500:
            taken.append(f"{status} {address}")
    assert taken == []
    with wall.as_business(alpha):
        after = {table: row for table, row in snapshot().items() if table in placed}
    assert after == before


@pytest.mark.parametrize("query", ["?q=hidden", "?view=everything", "?tag=hiddencanary7", "?to=x"])
def test_no_list_finds_another_location_by_asking(
    client_for: ClientFor, hidden: Keys, query: str
) -> None:
    client = client_for("mona")
    found = []
    for address, _permission in staff_pages():
        if SAMPLES["uuid"] in address:
            continue
        _status, body = ask(client, "get", address + query)
        # A search field keeps what was typed; the canary's rows carry the whole word.
        shown = body.replace(query.partition("=")[2].encode(), b"")
        if HIDDEN.encode() in shown:
            found.append(address + query)
    assert found == []


def test_the_canaries_are_seen_by_who_sees_all(client_for: ClientFor, hidden: Keys) -> None:
    """Without this the crawl above could pass by finding nothing."""
    client, mark = client_for("alice"), HIDDEN.encode()
    lists = ("/customers/", "/inbox/", "/recovery/", "/offers/", "/campaigns/", "/messages/")
    assert [one for one in lists if mark not in ask(client, "get", one)[1]] == []
    own = [f"/customers/{hidden['customers.Customer']}/", f"/inbox/{hidden['reviews.Review']}/"]
    assert [one for one in own if mark not in ask(client, "get", one)[1]] == []
