"""What a business says of itself, and who may change it."""

import pytest

from apps.core import clock
from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.customers import services as customers
from apps.flows import services
from apps.journal.models import Entry
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import make_customer

URL = "/settings/business/"
DETAILS = {
    "name": " Alpha Cycles ",
    "country": "NZ",
    "currency": "NZD",
    "time_zone": "Pacific/Auckland",
}
BEFORE = ("Alpha Bikes", "GB", "GBP", "Europe/London")


def read(business: Business) -> tuple[str, str, str, str]:
    with wall.as_platform():
        found = Business.objects.get(pk=business.pk)
    return found.name, found.country, found.currency, found.time_zone


def pay(business: Business) -> None:
    with wall.as_business(business):
        customers.record_transaction(
            customer=make_customer(), external_id="T-1", kind="order", happened_at=clock.now(),
            amount_minor=4800, currency="GBP", actor=SYSTEM, now=clock.now(),
        )  # fmt: skip


@pytest.mark.parametrize("name", ["alice", "mona"])
def test_details_are_kept(
    client_for: ClientFor, alpha: Business, beta: Business, name: str
) -> None:
    others = read(beta)
    client = client_for(name)
    page = client.post(URL, DETAILS, follow=True).content.decode()
    assert "The changes are kept." in page
    assert 'value="Alpha Cycles"' in page
    assert read(alpha) == ("Alpha Cycles", "NZ", "NZD", "Pacific/Auckland")
    assert read(beta) == others
    with wall.as_business(alpha):
        assert Entry.objects.filter(kind="business.changed").count() == 1


@pytest.mark.parametrize("name", ["bob", "ana"])
def test_others_cannot(client_for: ClientFor, alpha: Business, name: str) -> None:
    assert client_for(name).post(URL, DETAILS).status_code == 403
    assert read(alpha) == BEFORE


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "x" * 121), ("country", "XX"), ("currency", "ABC"),
     ("time_zone", "Mars/Base")],
)  # fmt: skip
def test_details_are_refused_at_the_field(
    client_for: ClientFor, alpha: Business, field: str, value: str
) -> None:
    answer = client_for("alice").post(URL, DETAILS | {field: value})
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert read(alpha) == BEFORE


def test_the_currency_stays_once_there_is_money(client_for: ClientFor, alpha: Business) -> None:
    pay(alpha)
    client = client_for("alice")
    assert "Stays as it is: there are amounts in it already." in client.get(URL).content.decode()
    assert client.post(URL, DETAILS).status_code == 302
    assert read(alpha) == ("Alpha Cycles", "NZ", "GBP", "Pacific/Auckland")
    with wall.as_business(alpha), pytest.raises(AppError) as refusal:
        services.change_business(
            business=alpha, name="X", country="NZ", currency="NZD", time_zone="Europe/Rome",
            actor=SYSTEM, now=clock.now(),
        )  # fmt: skip
    assert (refusal.value.code, refusal.value.field) == ("currency_fixed", "currency")
    assert read(alpha) == ("Alpha Cycles", "NZ", "GBP", "Pacific/Auckland")
