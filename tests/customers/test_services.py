"""People and their addresses through the public surface."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.consent import queries as consent
from apps.core.crypto import keyed_hash
from apps.core.errors import AppError, NotFoundError
from apps.core.facts import SYSTEM, Actor, Fact
from apps.customers import queries, services
from apps.customers.models import ContactPoint, Customer, Transaction
from apps.customers.queries.timeline import LABELS
from apps.journal.models import Entry
from apps.tenants.models import Business
from tests.factories import make_location

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


def make(actor: Actor, **values: object) -> Customer:
    defaults: dict[str, object] = {
        "first_name": "Nora",
        "last_name": "Keane",
        "email": "Nora@Example.COM",
        "phone": "07400 123456",
    }
    return services.create_customer(**defaults | values, actor=actor, now=NOW)  # type: ignore[arg-type]


def test_create_customer_stores_addresses_in_their_one_form(inside: Business, mona: Actor) -> None:
    customer = make(mona, tags=["vip", " vip ", ""], external_id="C-7")

    mail, phone = queries.list_contacts([customer.pk])[customer.pk]
    assert (mail.channel, mail.address) == ("email", "nora@example.com")
    assert mail.address_hash == keyed_hash(inside.uuid, "nora@example.com")
    assert (phone.channel, phone.address) == ("sms", "+447400123456")
    assert (phone.region, phone.zones[-1]) == ("GB", "Europe/London")
    assert customer.tags == ["vip"]
    assert [row.value for row in queries.list_external_ids(customer.pk)] == ["C-7"]
    fact = Entry.objects.get(kind="customer.created")
    assert (fact.customer_id, fact.actor_id, fact.data["source"]) == (
        customer.pk,
        mona.id,
        "staff",
    )


def test_a_name_stands_on_one_line(mona: Actor) -> None:
    customer = make(mona, first_name=" Nora\r\nBcc: x@example.com", last_name="de\t la  Cruz\n")
    assert customer.first_name == "Nora Bcc: x@example.com"
    assert customer.last_name == "de la Cruz"
    services.update_customer(
        customer=customer,
        first_name="No\nra",
        last_name="Cruz",
        language="",
        location=None,
        tags=[],
        actor=mona,
        now=NOW,
    )
    customer.refresh_from_db()
    assert customer.first_name == "No ra"


def test_create_customer_landline_is_marked(mona: Actor) -> None:
    customer = make(mona, email="", phone="020 7946 0018")

    assert queries.list_contacts([customer.pk])[customer.pk][0].status == "landline"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nora at example"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"first_name": "", "last_name": " ", "email": "", "phone": ""}, "first_name"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tags"),
        ({"tags": ["x" * 51]}, "tags"),
    ],
)
def test_create_customer_refuses_at_the_field(
    mona: Actor, values: dict[str, object], field: str
) -> None:
    with pytest.raises(AppError) as caught:
        make(mona, **values)

    assert caught.value.field == field
    assert Customer.objects.count() == 0
    assert Entry.objects.count() == 0


def test_create_customer_names_whose_address_it_is(mona: Actor) -> None:
    make(mona)

    with pytest.raises(AppError, match=r"nora@example.com belongs to .*Nora Keane") as caught:
        make(mona, first_name="Peter", phone="")

    assert (caught.value.code, caught.value.field) == ("address_taken", "email")
    assert Customer.objects.count() == 1


def test_create_customer_records_agreement(inside: Business, mona: Actor) -> None:
    agreement = services.Agreement(
        basis="express", purposes=["review_request"], source="Booking form", wording="Yes, text me"
    )
    customer = make(mona, agreement=agreement)

    hashes = [contact.address_hash for contact in ContactPoint.objects.filter(customer=customer)]
    standings = consent.list_standings(hashes)
    assert {(row.channel, row.purpose, row.basis) for row in standings} == {
        ("email", "review_request", "express"),
        ("sms", "review_request", "express"),
    }


def test_update_customer_without_change_leaves_no_trace(mona: Actor) -> None:
    customer = make(mona)
    later = NOW + timedelta(days=1)
    same: dict[str, object] = {
        "first_name": "Nora",
        "last_name": "Keane",
        "language": "",
        "location": None,
        "tags": [],
    }

    assert not services.update_customer(customer=customer, **same, actor=mona, now=later)  # type: ignore[arg-type]
    changed = same | {"last_name": "Byrne"}
    assert services.update_customer(customer=customer, **changed, actor=mona, now=later)  # type: ignore[arg-type]

    customer.refresh_from_db()
    assert (customer.name, customer.updated_at) == ("Nora Byrne", later)
    assert Entry.objects.filter(kind="customer.updated").count() == 1


def test_add_contact_again_changes_nothing(mona: Actor) -> None:
    customer = make(mona)
    for _time in range(2):
        services.add_contact(
            customer=customer, channel="email", address="NORA@work.example.org", actor=mona, now=NOW
        )

    assert [c.address for c in queries.list_contacts([customer.pk])[customer.pk]] == [
        "nora@example.com",
        "nora@work.example.org",
        "+447400123456",
    ]
    assert Entry.objects.filter(kind="customer.updated").count() == 1


def test_record_transaction_twice_keeps_the_first(mona: Actor) -> None:
    customer = make(mona)
    for days in (0, 3):
        services.record_transaction(
            customer=customer,
            external_id="order-1",
            kind="order",
            happened_at=NOW + timedelta(days=days),
            amount_minor=12_50,
            actor=mona,
            now=NOW,
        )

    row = Transaction.objects.get()
    assert (row.happened_at, row.amount_minor, row.currency) == (NOW, 12_50, "GBP")
    assert Entry.objects.filter(kind="transaction.completed").count() == 1
    customer.refresh_from_db()
    assert customer.last_transaction_at == NOW


def test_record_transaction_of_somebody_else_is_refused(mona: Actor) -> None:
    first, second = make(mona), make(mona, email="a@example.com", phone="")
    values = {"external_id": "o", "kind": "order", "happened_at": NOW, "actor": mona, "now": NOW}
    services.record_transaction(customer=first, **values)  # type: ignore[arg-type]

    with pytest.raises(AppError, match="another customer"):
        services.record_transaction(customer=second, **values)  # type: ignore[arg-type]

    assert Transaction.objects.get().customer == first


def test_get_customer_erased_is_gone(mona: Actor) -> None:
    customer = make(mona)
    Customer.objects.filter(pk=customer.pk).update(erased_at=NOW)

    with pytest.raises(NotFoundError):
        queries.get_customer(actor=SYSTEM, customer_id=customer.pk)


@pytest.mark.parametrize(
    "text",
    [
        "nora", "KEA", "nora kea", "keane nora", "nora@ex", "07400 123", "+44 7400", "0044740",
        "4474001", "c-7", "",
    ],
)  # fmt: skip
def test_search_customers_finds_by_beginning(mona: Actor, text: str) -> None:
    nora = make(mona, external_id="C-7")
    make(mona, first_name="Peter", last_name="Ash", email="p@example.com", phone="")

    found = list(queries.search_customers(text, actor=SYSTEM))

    assert nora in found
    assert len(found) == (2 if not text else 1)


@pytest.mark.parametrize("text", ["ora", "nora ash", "%", "_", "\\", "nora\x00x", "zz"])
def test_search_customers_finds_nothing_else(mona: Actor, text: str) -> None:
    make(mona)

    assert list(queries.search_customers(text, actor=SYSTEM)) == []


def test_timeline_tells_what_happened_newest_first(mona: Actor) -> None:
    customer = make(mona)
    services.record_transaction(
        customer=customer,
        external_id="o-1",
        kind="service",
        happened_at=NOW - timedelta(days=2),
        amount_minor=128_00,
        currency="GBP",
        description="Full service",
        actor=mona,
        now=NOW,
    )

    items = queries.list_timeline(actor=SYSTEM, customer_id=customer.pk)
    assert [(item.text, item.note) for item in items] == [
        ("Was added to your customers", "Mona"),
        ("Full service, £128", ""),
    ]
    visits = queries.list_timeline(actor=SYSTEM, customer_id=customer.pk, group="visits")
    assert [item.text for item in visits] == ["Full service, £128"]


def test_every_fact_about_a_person_has_words() -> None:
    def kinds(base: type[Fact]) -> set[str]:
        found = {
            one.kind
            for one in base.__subclasses__()
            if hasattr(one, "kind") and "customer_id" in one.__dataclass_fields__
        }
        return found.union(*(kinds(one) for one in base.__subclasses__()))

    assert kinds(Fact) - {"transaction.completed"} - set(LABELS) == set()


def test_a_customer_number_belongs_to_one_person(mona: Actor) -> None:
    make(mona, external_id="C-7")
    with pytest.raises(AppError, match="belongs to another customer") as caught:
        make(mona, email="other@example.com", phone="", external_id="C-7")
    assert caught.value.field == "external_id"
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"), [({"kind": "theft"}, "unknown_kind"), ({"external_id": " "}, "no_id")]
)
def test_record_transaction_refuses(mona: Actor, change: dict[str, str], code: str) -> None:
    customer = make(mona)
    values: dict[str, Any] = {"kind": "order", "external_id": "O-1", **change}
    with pytest.raises(AppError) as caught:
        services.record_transaction(
            customer=customer, happened_at=NOW, actor=mona, now=NOW, **values
        )
    assert caught.value.code == code
    assert Transaction.objects.count() == 0


def test_an_amount_without_a_currency_is_in_that_of_the_business(mona: Actor) -> None:
    services.record_transaction(
        customer=make(mona), kind="order", external_id="O-1", happened_at=NOW,
        amount_minor=5_00, actor=mona, now=NOW,
    )  # fmt: skip
    visit = Transaction.objects.get()
    assert (visit.amount_minor, visit.currency) == (5_00, "GBP")


def test_taken_address_names_nobody_of_a_location_out_of_sight(
    inside: Business, mona: Actor
) -> None:
    here, there = make_location(name="Here"), make_location(name="There")
    make(mona, location=there)
    limited = replace(mona, location_ids=frozenset({here.pk}))

    with pytest.raises(AppError, match="a customer of another location") as caught:
        make(limited, first_name="Peter", phone="", location=here)

    assert "Nora" not in caught.value.message
    assert caught.value.data == {}
    assert Customer.objects.count() == 1
