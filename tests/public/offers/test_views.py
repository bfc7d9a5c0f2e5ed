"""The customer's page of an offer."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings

from apps.core import clock, tokens
from apps.core.facts import Actor
from apps.locations.models import Destination
from apps.offers import services
from apps.offers.models import Offer
from apps.recovery import services as recovery
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import make_customer, make_failure, make_location


@pytest.fixture
def offer(bob: Actor) -> Offer:
    return services.issue_offer(
        failure=make_failure(customer=make_customer()),
        remedy="redo",
        title="Brake care, free",
        terms="Once, at Mill Lane.",
        value_minor=46_00,
        days=30,
        actor=bob,
        now=clock.now(),
    )


def address(offer: Offer, business: Business) -> str:
    return f"/o/{tokens.sign(business.uuid, 'o', offer.pk)}/"


def count_rows() -> dict[str, int]:
    return {
        model.__name__ + model._meta.app_label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_config.name in settings.TENANT_APPS
    }


def test_the_page_shows_the_code_and_changes_nothing(
    offer: Offer, alpha: Business, client_for: ClientFor
) -> None:
    Destination.objects.create(
        site="google", label="Google", url="https://g.example/review", created_at=clock.now()
    )
    before, row = count_rows(), Offer.objects.values().get()
    for _ in range(2):
        answer = client_for().get(address(offer, alpha))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert (count_rows(), Offer.objects.values().get()) == (before, row)
    code = services.code_of(offer)
    assert f"{code[:5]}-{code[5:]}" in page
    assert "Once, at Mill Lane." in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.cookies == {}
    assert client_for().post(address(offer, alpha)).status_code == 405


def test_an_offer_leads_to_no_review(offer: Offer, alpha: Business, client_for: ClientFor) -> None:
    Destination.objects.create(
        site="google", label="Google", url="https://g.example/review", created_at=clock.now()
    )
    page = client_for().get(address(offer, alpha)).content.decode().lower()
    for word in ("g.example", "google", "review", "/r/", "star"):
        assert word not in page.split("<main")[1]
    assert "/r/" not in page


def test_an_offer_leads_to_a_person(offer: Offer, alpha: Business, client_for: ClientFor) -> None:
    client, at = client_for(), address(offer, alpha)
    assert 'id="person"' not in client.get(at).content.decode()
    case = recovery.open_case(failure_id=offer.failure_id, now=clock.now())
    write = f"/c/{tokens.sign(alpha.uuid, 'c', case.pk)}/write/"
    assert f'href="{write}"' in client.get(at).content.decode()
    assert f'href="{write}"' not in client.get(write).content.decode()


def test_each_state_has_kind_words(
    offer: Offer, alpha: Business, bob: Actor, client_for: ClientFor
) -> None:
    client, at, code = client_for(), address(offer, alpha), services.code_of(offer)
    now = clock.now()
    Offer.objects.update(expires_at=now - timedelta(seconds=1))
    page = client.get(at).content.decode()
    assert "This offer has run out" in page
    assert "please talk to us" in page
    Offer.objects.update(expires_at=now + timedelta(days=1))
    services.redeem_offer(code=code, location=make_location(), actor=bob, now=now)
    page = client.get(at).content.decode()
    assert "You have used this" in page
    assert "Mill Lane" in page
    assert code[:5] not in page
    Offer.objects.update(state="revoked")
    assert "This offer is no longer valid" in client.get(at).content.decode()
    Offer.objects.update(state="waiting_approval")
    assert client.get(at).status_code == 404


def test_links_that_lead_nowhere_say_so(
    offer: Offer, alpha: Business, beta: Business, client_for: ClientFor
) -> None:
    wrong = [
        "/o/x/", address(offer, beta), f"/o/{tokens.sign(alpha.uuid, 'c', offer.pk)}/",
        f"/o/{tokens.sign(alpha.uuid, 'o', alpha.uuid)}/",
    ]  # fmt: skip
    client = client_for()
    assert {client.get(at).status_code for at in wrong} == {404}
    assert client_for(business="beta").get(address(offer, alpha)).status_code == 404
