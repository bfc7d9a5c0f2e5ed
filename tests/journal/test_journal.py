"""Facts: written with what they tell, read in order, never changed."""

from uuid import uuid4

from apps.core import clock
from apps.core.facts import SYSTEM, Actor
from apps.customers.events import CustomerCreated, TransactionCompleted
from apps.imports.events import ImportFinished
from apps.journal import queries
from apps.journal import services as journal
from apps.journal.models import Entry
from apps.tenants import wall
from apps.tenants.models import Business


def test_fact_is_written_with_actor_subject_and_customer(inside: Business) -> None:
    now, customer, member, place = clock.now(), uuid4(), uuid4(), uuid4()
    fact = TransactionCompleted(transaction_id=uuid4(), customer_id=customer, location_id=place)
    journal.record(fact, actor=Actor(kind="staff", id=member, name="Bob"), now=now)
    entry = Entry.objects.get()
    assert entry.kind == "transaction.completed"
    assert (entry.subject_kind, entry.subject_id) == ("transaction", fact.transaction_id)
    assert (entry.customer_id, entry.location_id) == (customer, place)
    assert (entry.actor_kind, entry.actor_id, entry.at) == ("staff", member, now)
    assert entry.data["customer_id"] == str(customer)
    assert "Bob" not in str(entry.data)


def test_facts_of_a_customer_come_newest_first(inside: Business) -> None:
    customer = uuid4()
    for source in ("first", "second"):
        fact = CustomerCreated(customer_id=customer, source=source)
        journal.record(fact, actor=SYSTEM, now=clock.now())
    journal.record(
        CustomerCreated(customer_id=uuid4(), source="other"), actor=SYSTEM, now=clock.now()
    )
    entries = queries.list_customer_entries(customer_ids=[customer])
    assert [entry.data["source"] for entry in entries] == ["second", "first"]


def test_a_transaction_still_open_is_not_in_the_feed(inside: Business) -> None:
    fact = ImportFinished(import_id=uuid4(), new=1, updated=0, rejected=0)
    journal.record(fact, actor=SYSTEM, now=clock.now())
    assert Entry.objects.count() == 1
    assert list(queries.list_entries()) == []


def test_a_handler_is_noted_once(inside: Business) -> None:
    fact = CustomerCreated(customer_id=uuid4(), source="x")
    entry = journal.record(fact, actor=SYSTEM, now=clock.now())
    notes = [
        journal.record_handling(entry_id=entry.pk, handler="act", now=clock.now()) for _ in range(2)
    ]
    assert notes == [True, False]


def test_facts_stay_in_their_business(alpha: Business, beta: Business) -> None:
    with wall.as_business(alpha):
        journal.record(
            CustomerCreated(customer_id=uuid4(), source="x"), actor=SYSTEM, now=clock.now()
        )
    with wall.as_business(beta):
        assert Entry.objects.count() == 0
