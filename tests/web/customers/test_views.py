"""The pages about customers: who may see them, what they show, what they refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.consent.models import Event, Standing
from apps.core.facts import SYSTEM
from apps.customers import queries, services
from apps.customers.models import ContactPoint, Customer, ImportRun
from apps.journal.models import Entry
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import grant, make_customer, make_location, make_review

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
FORM = {
    "first_name": "Nora",
    "last_name": "Keane",
    "email": "nora@example.com",
    "phone": "07400 123456",
    "region": "GB",
    "language": "en",
    "location": "",
    "tags": "vip, workshop",
    "external_id": "C-7",
}


@pytest.fixture
def nora(alpha: Business) -> Customer:
    with wall.as_business(alpha):
        return make_customer()


def addresses(customer: Customer) -> list[tuple[str, str]]:
    """Return every page about a customer, and how it is called."""
    contact = ContactPoint.objects.filter(customer=customer).first()
    assert contact is not None
    base = f"/customers/{customer.pk}/"
    return [
        ("get", base),
        ("get", f"{base}edit/"),
        ("post", f"{base}edit/"),
        ("post", f"{base}contacts/"),
        ("post", f"{base}contacts/{contact.pk}/remove/"),
    ]


@pytest.mark.parametrize(
    ("name", "seen", "changed"),
    [("alice", 200, 200), ("mona", 200, 200), ("bob", 200, 403), ("ana", 403, 403)],
)
def test_pages_open_by_role(
    client_for: ClientFor, nora: Customer, name: str, seen: int, changed: int
) -> None:
    client = client_for(name)
    assert client.get("/customers/").status_code == seen
    assert client.get(f"/customers/{nora.pk}/").status_code == seen
    assert client.get("/customers/new/").status_code == changed
    assert client.get(f"/customers/{nora.pk}/edit/").status_code == changed
    assert client.get("/customers/import/").status_code == changed


@pytest.mark.parametrize("name", ["bob", "ana"])
def test_writes_are_denied_and_change_nothing(
    client_for: ClientFor, nora: Customer, alpha: Business, name: str
) -> None:
    client = client_for(name)
    with wall.as_business(alpha):
        pages = addresses(nora)
    answers = [client.post("/customers/new/", FORM)]
    answers += [client.post(url, FORM) for method, url in pages if method == "post"]

    assert {answer.status_code for answer in answers} == {403}
    with wall.as_business(alpha):
        assert Customer.objects.count() == 1
        assert ContactPoint.objects.count() == 2
        assert Entry.objects.count() == 0


def test_signed_out_goes_to_the_log_in(client_for: ClientFor, nora: Customer) -> None:
    answer = client_for().get(f"/customers/{nora.pk}/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/?next=")


def test_stranger_is_refused(client_for: ClientFor, nora: Customer) -> None:
    assert client_for("charlie").get("/customers/").status_code == 403


def test_other_business_finds_nothing(
    client_for: ClientFor, nora: Customer, alpha: Business
) -> None:
    client = client_for("dora", business="beta")
    with wall.as_business(alpha):
        pages = addresses(nora)

    for method, url in pages:
        assert getattr(client, method)(url, FORM).status_code == 404
    assert "Keane" not in client.get("/customers/").content.decode()
    with wall.as_business(alpha):
        assert ContactPoint.objects.count() == 2


def test_empty_list_teaches(client_for: ClientFor) -> None:
    page = client_for("mona").get("/customers/").content.decode()

    assert "Nobody here yet" in page
    assert 'href="/customers/import/"' in page


def test_list_searches_and_filters(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        place = make_location(name="Mill Lane")
        nora = make_customer(location=place)
        Customer.objects.filter(pk=nora.pk).update(tags=["vip"])
        make_customer(first_name="Peter", last_name="Ash", email="p@example.com", phone="")
    client = client_for("bob")

    def found(query: str) -> list[bool]:
        page = client.get(f"/customers/{query}").content.decode()
        return ["Nora Keane" in page, "Peter Ash" in page]

    assert found("") == [True, True]
    assert found("?q=kea") == [True, False]
    assert found("?q=p@exa") == [False, True]
    assert found("?tag=vip") == [True, False]
    assert found(f"?at={place.pk}") == [True, False]
    assert found("?at=nonsense") == [True, True]
    assert found("?q=zzz") == [False, False]
    assert "Nobody found" in client.get("/customers/?q=zzz").content.decode()
    assert client.get("/customers/?cursor=nonsense").status_code == 404


def test_list_pages_by_key(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        Customer.objects.bulk_create(
            Customer(first_name=f"P{n:03d}", created_at=NOW + timedelta(minutes=n), updated_at=NOW)
            for n in range(60)
        )
    client = client_for("bob")
    first = client.get("/customers/")
    following = client.get(f"/customers/?cursor={first.context['page'].next_cursor}")

    assert first.context["rows"][0][0].first_name == "P059"
    assert [person.first_name for person, _contacts in following.context["rows"]] == [
        f"P{n:03d}" for n in range(9, -1, -1)
    ]


@pytest.mark.parametrize("page", ["list", "customer", "imports"])
def test_pages_cost_the_same_for_one_and_for_three(
    client_for: ClientFor, alpha: Business, page: str
) -> None:
    client = client_for("mona")

    def add(number: int) -> Customer:
        with wall.as_business(alpha):
            person = make_customer(email=f"p{number}@example.com", phone=f"+4474000000{number:02d}")
            ImportRun.objects.create(file_name=f"f{number}.csv", path="x/y", created_at=NOW)
            for kind in ("order", "visit"):
                services.record_transaction(
                    customer=first or person,
                    external_id=f"{kind}{number}",
                    kind=kind,
                    happened_at=NOW,
                    actor=SYSTEM,
                    now=NOW,
                )
            return person

    def cost() -> int:
        urls = {
            "list": "/customers/",
            "customer": f"/customers/{first.pk}/",
            "imports": "/customers/import/",
        }
        with CaptureQueriesContext(connection) as captured:
            assert client.get(urls[page]).status_code == 200
        return len(captured)

    first: Any = None
    first = add(1)
    one = cost()
    add(2)
    add(3)
    assert cost() == one


def test_create_adds_a_customer_with_agreement(client_for: ClientFor, alpha: Business) -> None:
    agreed = {
        "consent_basis": "express",
        "consent_purposes": ["review_request"],
        "consent_wording": "Yes, you may text me",
        "consent_source": "Counter",
    }
    answer = client_for("mona").post("/customers/new/", FORM | agreed)

    with wall.as_business(alpha):
        nora = Customer.objects.get()
        assert answer.headers["Location"] == f"/customers/{nora.pk}/"
        assert (nora.name, nora.tags, nora.language) == ("Nora Keane", ["vip", "workshop"], "en")
        assert Event.objects.filter(wording="Yes, you may text me").count() == 2
        assert Entry.objects.get(kind="customer.created").actor_kind == "staff"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"email": "nora(at)example.com"}, "has no @"),
        ({"phone": "123"}, "too few digits"),
        ({"first_name": "", "last_name": "", "email": "", "phone": ""}, "at least a name"),
        ({"first_name": "x" * 151}, "at most 150"),
        ({"consent_basis": "express"}, "Choose at least one thing"),
        (
            {"consent_basis": "express", "consent_purposes": ["recovery"]},
            "Write down the words they said yes to",
        ),
        ({"consent_basis": "guess"}, "Select a valid choice"),
        ({"region": "XX"}, "Select a valid choice"),
        ({"first_name": "a\x00b"}, "Null characters"),
    ],
)
def test_create_refuses_at_the_field_and_keeps_what_was_typed(
    client_for: ClientFor, alpha: Business, values: dict[str, str], words: str
) -> None:
    answer = client_for("mona").post("/customers/new/", FORM | values)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="C-7"' in page
    with wall.as_business(alpha):
        assert Customer.objects.count() == 0


def test_create_names_whose_address_it_is(client_for: ClientFor, nora: Customer) -> None:
    answer = client_for("mona").post("/customers/new/", FORM | {"first_name": "Peter"})

    assert answer.status_code == 422
    assert "nora@example.com belongs to another customer: Nora Keane." in answer.content.decode()


def test_edit_keeps_changes(client_for: ClientFor, nora: Customer, alpha: Business) -> None:
    answer = client_for("mona").post(f"/customers/{nora.pk}/edit/", FORM | {"last_name": "Byrne"})

    assert answer.headers["Location"] == f"/customers/{nora.pk}/"
    with wall.as_business(alpha):
        nora.refresh_from_db()
    assert nora.name == "Nora Byrne"


def test_contacts_are_added_and_removed(
    client_for: ClientFor, nora: Customer, alpha: Business
) -> None:
    client = client_for("mona")
    url = f"/customers/{nora.pk}/contacts/"

    assert (
        client.post(url, {"channel": "email", "address": "n@work.example.org"}).status_code == 302
    )
    assert client.post(url, {"channel": "email", "address": "nonsense"}).status_code == 422
    with wall.as_business(alpha):
        contacts = queries.list_contacts([nora.pk])[nora.pk]
    assert len(contacts) == 3
    assert client.post(f"{url}{contacts[0].pk}/remove/").status_code == 302
    assert client.post(f"{url}{contacts[0].pk}/remove/").status_code == 404
    assert client.post(f"{url}{uuid4()}/remove/").status_code == 404
    with wall.as_business(alpha):
        assert len(queries.list_contacts([nora.pk])[nora.pk]) == 2


def test_customer_page_tells_everything_and_escapes_it(
    client_for: ClientFor, alpha: Business
) -> None:
    with wall.as_business(alpha):
        nora = make_customer(first_name="<script>alert(1)</script>")
        Customer.objects.filter(pk=nora.pk).update(tags=['"><img src=x>'])
        services.record_transaction(
            customer=nora,
            external_id="o-1",
            kind="service",
            happened_at=NOW,
            amount_minor=128_00,
            currency="GBP",
            description="<b>Full service</b>",
            actor=SYSTEM,
            now=NOW,
        )
        contact = ContactPoint.objects.get(channel="sms")
        Standing.objects.create(
            address_hash=contact.address_hash, channel="sms", purpose="review_request",
            is_granted=True, basis="express", source="Booking form", since=NOW,
        )  # fmt: skip
    page = client_for("bob").get(f"/customers/{nora.pk}/").content.decode()

    assert "<script>alert" not in page
    assert "<img src" not in page
    assert "&lt;b&gt;Full service&lt;/b&gt;, £128" in page
    assert "Asking for a review by text message: yes (said yes, Booking form, 13 May 2026)." in page


def test_customer_page_filters_by_kind(client_for: ClientFor, nora: Customer) -> None:
    client = client_for("bob")

    page = client.get(f"/customers/{nora.pk}/?kind=cases").content.decode()
    assert "Nothing of this kind yet." in page
    assert client.get(f"/customers/{nora.pk}/?kind=nonsense").status_code == 200


def test_customer_erased_is_gone(client_for: ClientFor, nora: Customer, alpha: Business) -> None:
    with wall.as_business(alpha):
        Customer.objects.filter(pk=nora.pk).update(erased_at=NOW)

    assert client_for("alice").get(f"/customers/{nora.pk}/").status_code == 404


def test_customer_page_shows_reviews_and_cases(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        nora = make_customer()
        review = make_review(customer=nora, text="The brake went.", remote_id="r-9")
        make_review(text="Somebody else.", remote_id="r-10")
    page = client_for("bob").get(f"/customers/{nora.pk}/").content.decode()

    assert f'<a href="/inbox/{review.pk}/">The brake went.</a>' in page
    assert "Somebody else." not in page


def test_asking_is_offered_only_where_it_is_allowed(
    client_for: ClientFor, nora: Customer, alpha: Business
) -> None:
    client, url = client_for("bob"), f"/customers/{nora.pk}/"
    page = client.get(url).content.decode()
    assert "This person has not agreed to be asked this way." in page
    assert 'action="/campaigns/ask/"' not in page
    assert '<button type="button" disabled' in page

    with wall.as_business(alpha):
        grant(nora, "email", now=timezone.now())
    page = client.get(url).content.decode()
    assert 'action="/campaigns/ask/"' in page
    assert f'<input type="hidden" name="customer" value="{nora.pk}">' in page
    assert '<input type="hidden" name="channel" value="email">' in page

    client.post("/campaigns/ask/", {"customer": str(nora.pk), "channel": "email"})
    page = client.get(url).content.decode()
    assert "This person has been asked within the last six months." in page
    assert 'action="/campaigns/ask/"' not in page


def test_nobody_is_asked_without_an_address(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        customer = make_customer(email="", phone="")

    page = client_for("bob").get(f"/customers/{customer.pk}/").content.decode()

    assert "No address or number is known." in page
    assert 'action="/campaigns/ask/"' not in page
