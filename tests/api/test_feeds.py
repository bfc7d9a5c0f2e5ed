"""The journal as a feed, and the ledger of messages."""

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.facts import SYSTEM
from apps.customers import queries as customers
from apps.customers.events import CustomerErased
from apps.journal import services as journal
from apps.journal.models import Entry
from apps.messaging import services as messaging
from apps.messaging.models import Attempt, Message
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, make_key
from tests.api.test_door import problem
from tests.conftest import business_of
from tests.factories import NOW, make_customer

# The key that reads has left a fact of its own.
FEED = "/api/v1/events/?type=customer.created"
ERASED = "/api/v1/events/?type=customer.erased"


@pytest.fixture
def reader(committed: None) -> Caller:
    """Return a caller whose facts are committed: the feed shows no others."""
    return Caller(make_key(business_of("alpha"), "*"))


def read_on(reader: Caller, address: str, found: int) -> Any:
    """Return the page at an address once it has ``found`` rows.

    The feed waits for the oldest transaction of the whole cluster, other tests' included.
    """
    for _ in range(100):
        page = reader.client.get(address).json()
        if len(page["results"]) == found:
            break
        time.sleep(0.2)
    return page


def add(reader: Caller, *names: str) -> None:
    for name in names:
        assert reader.post("customers/", {"first_name": name}).status_code == 201


def test_the_feed_is_read_on_for_ever(reader: Caller) -> None:
    add(reader, "A", "B", "C")
    read_on(reader, FEED, 3)
    first = reader.client.get(f"{FEED}&limit=2").json()
    second = reader.client.get(first["next"]).json()
    nothing = reader.client.get(second["next"]).json()
    assert [len(page["results"]) for page in (first, second, nothing)] == [2, 1, 0]
    add(reader, "D")
    later = read_on(reader, nothing["next"], 1)
    pages = (first, second, nothing, later)
    assert [page["previous"] for page in pages] == [None] * 4
    ids = [event["id"] for page in pages for event in page["results"]]
    assert len(ids) == len(set(ids)) == 4


def test_an_event_holds_ids_and_no_names(reader: Caller) -> None:
    made = reader.post("customers/", {"first_name": "Nora"}).json()
    with wall.as_business(business_of("alpha")):
        entry = Entry.objects.get(kind="customer.created")
    assert read_on(reader, FEED, 1)["results"] == [
        {
            "id": str(entry.uuid),
            "type": "customer.created",
            "timestamp": made["created_at"],
            "actor_kind": "api_key",
            "actor_id": str(entry.actor_id),
            "data": {"customer_id": made["id"], "source": "api"},
        }
    ]


def test_the_feed_is_narrowed_by_type(reader: Caller) -> None:
    add(reader, "A")
    page = read_on(reader, FEED, 1)
    assert [event["type"] for event in page["results"]] == ["customer.created"]
    assert reader.get("events/", type="customer.erased").json()["results"] == []


def test_the_feed_stops_before_what_is_not_committed(reader: Caller) -> None:
    with wall.as_business(business_of("alpha")), transaction.atomic():
        journal.record(CustomerErased(customer_id=UUID(int=7)), actor=SYSTEM, now=NOW)
        assert reader.client.get(ERASED).json()["results"] == []
    assert len(read_on(reader, ERASED, 1)["results"]) == 1


def test_the_feed_takes_no_step_back(caller: Caller) -> None:
    backwards = "WyJwIiwiMSIsIiJd"  # ["p","1",""]
    assert problem(caller.get("events/", cursor=backwards))[::2] == (400, ["cursor"])


def queue(number: int) -> Message:
    customer = make_customer(email=f"n{number}@example.com", phone="")
    return messaging.queue_message(
        dedupe_key=f"test:{number}",
        channel="email",
        purpose="service",
        subject_kind="customer",
        subject_id=customer.pk,
        customer=customer,
        contact=customers.list_contacts([customer.pk])[customer.pk][0],
        subject="Your bicycle",
        text="It is ready.",
        link_purpose="r",
        link_id=UUID(int=9),
        actor=SYSTEM,
        now=NOW + timedelta(minutes=number),
    )


def test_a_message_is_shown_with_masked_links(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        message = queue(1)
        Attempt.objects.create(message=message, number=1, lease_owner="w:1", started_at=NOW)
    listed = caller.get("messages/").json()["results"]
    assert listed == [
        {
            "id": str(message.pk),
            "channel": "email",
            "purpose": "service",
            "state": "queued",
            "reason": "",
            "customer_id": str(message.customer_id),
            "address": "n1@example.com",
            "subject": "Your bicycle",
            "text": message.text,
            "deferred_until": None,
            "deferred_why": "",
            "provider_ref": "",
            "queued_at": "2026-05-13T09:01:00Z",
            "sent_at": None,
            "settled_at": None,
        }
    ]
    assert "⟦link⟧" in message.text
    attempt = {
        "number": 1,
        "started_at": "2026-05-13T09:00:00Z",
        "ended_at": None,
        "outcome": "",
        "code": "",
    }
    one = caller.get(f"messages/{message.pk}/").json()
    queued = {"type": "message.queued", "timestamp": "2026-05-13T09:01:00Z", "reason": ""}
    more = {"provider": "sandbox", "attempts": [attempt], "html": "", "history": [queued]}
    assert one == listed[0] | more


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "queued"}, 1),
        ({"state": "sent"}, 0),
        ({"channel": "sms"}, 0),
        ({"customer_id": str(UUID(int=7))}, 0),
    ],
)
def test_the_ledger_is_narrowed(
    caller: Caller, alpha: Business, query: dict[str, Any], found: int
) -> None:
    with wall.as_business(alpha):
        queue(1)
    assert len(caller.get("messages/", **query).json()["results"]) == found


def test_the_ledger_costs_the_same_for_one_and_three(caller: Caller, alpha: Business) -> None:
    caller.get("messages/")
    costs = []
    for number in range(3):
        with wall.as_business(alpha):
            queue(number)
        with CaptureQueriesContext(connection) as queries:
            assert len(caller.get("messages/").json()["results"]) == number + 1
        costs.append(len(queries))
    assert costs[0] == costs[2]
