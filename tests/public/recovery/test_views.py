"""The customer's page of a case."""

import pytest
from django.apps import apps
from django.conf import settings

from apps.core import clock, tokens
from apps.core.facts import Actor
from apps.customers.models import Customer
from apps.journal.models import Entry
from apps.locations.models import Destination
from apps.recovery import services
from apps.recovery.models import Case, CaseNote, PlanItem
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import make_customer, make_failure


@pytest.fixture
def case(inside: Business) -> Case:
    failure = make_failure(customer=make_customer())
    return services.open_case(failure_id=failure.pk, now=clock.now())


def address(case: Case, business: Business) -> str:
    return f"/c/{tokens.sign(business.uuid, 'c', case.pk)}/"


def count_rows() -> dict[str, int]:
    return {
        model.__name__ + model._meta.app_label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.app_config.name in settings.TENANT_APPS
    }


def close(case: Case, actor: Actor) -> None:
    services.close_case(case=case, outcome="settled", note="Done.", actor=actor, now=clock.now())


def test_the_page_tells_how_it_stands_and_changes_nothing(
    case: Case, alpha: Business, bob: Actor, client_for: ClientFor
) -> None:
    now = clock.now()
    services.make_promise(
        case=case, text="We ring you", due_at=now.replace(year=now.year + 1), actor=bob, now=now
    )
    services.add_note(case=case, text="INTERNAL", actor=bob, now=now)
    Destination.objects.create(
        site="google", label="Google", url="https://g.example/review", created_at=now
    )
    before, row = count_rows(), Case.objects.values().get()
    client = client_for()
    for _ in range(2):
        answer = client.get(address(case, alpha))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert (count_rows(), Case.objects.values().get()) == (before, row)
    assert "We are putting this right" in page
    assert "We ring you" in page
    assert "Talk to" in page
    for hidden in ("INTERNAL", "g.example", "Check it yourself", "Rear brake", "set-cookie"):
        assert hidden not in page
    assert answer.cookies == {}


def test_a_customer_is_asked_only_when_we_asked(
    case: Case, alpha: Business, bob: Actor, client_for: ClientFor
) -> None:
    client, at = client_for(), address(case, alpha)
    assert 'name="answer"' not in client.get(at).content.decode()
    services.ask_customer(case=case, how="phone", actor=bob, now=clock.now())
    assert 'name="answer"' in client.get(at).content.decode()
    answer = client.post(f"{at}answer/", {"answer": "good", "text": "All fine"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{at}?done=answer")
    assert "We are glad" in client.get(f"{at}?done=answer").content.decode()
    assert 'name="answer"' not in client.get(at).content.decode()
    case.refresh_from_db()
    assert (case.answer, case.status, CaseNote.objects.get().text) == ("good", "open", "All fine")


def test_a_closed_case_is_opened_again_by_its_customer(
    case: Case, alpha: Business, alice: Actor, client_for: ClientFor
) -> None:
    close(case, alice)
    client, at = client_for(), address(case, alpha)
    assert "This is put right, as far as we know" in client.get(at).content.decode()
    client.post(f"{at}answer/", {"answer": "not_good", "text": "It squeaks"})
    case.refresh_from_db()
    assert (case.status, case.answer) == ("open", "not_good")
    reopened = Entry.objects.get(kind="case.reopened")
    assert (reopened.actor_kind, reopened.actor_id) == ("customer", case.customer_id)


def test_an_answer_that_is_none_is_refused_kindly(
    case: Case, alpha: Business, alice: Actor, client_for: ClientFor
) -> None:
    close(case, alice)
    client, at = client_for(), address(case, alpha)
    answer = client.post(f"{at}answer/", {"text": "Only words"})
    assert answer.status_code == 422
    assert "Choose one of the two answers." in answer.content.decode()
    assert "Only words" in answer.content.decode()
    case.refresh_from_db()
    assert case.status == "closed"


def test_a_person_is_one_form_away(case: Case, alpha: Business, client_for: ClientFor) -> None:
    client, at = client_for(), address(case, alpha)
    assert f"{at}write/" in client.get(at).content.decode()
    assert client.get(f"{at}write/").status_code == 200
    values = {"how": "phone", "address": "07700 900123", "text": "Please ring after six"}
    answer = client.post(f"{at}write/", values)
    assert answer.headers["Location"] == f"{at}?done=write"
    step = PlanItem.objects.get(text__startswith="Get in touch")
    assert "07700 900123" in step.text
    assert CaseNote.objects.get().is_from_customer
    assert client.post(f"{at}write/", {"how": "owl"}).status_code == 422


def test_links_that_lead_nowhere_say_so(
    case: Case, alpha: Business, beta: Business, client_for: ClientFor
) -> None:
    other = address(case, beta)
    wrong = [
        "/c/x/", other, f"/c/{tokens.sign(alpha.uuid, 'o', case.pk)}/",
        f"/c/{tokens.sign(alpha.uuid, 'c', alpha.uuid)}/",
    ]  # fmt: skip
    client = client_for()
    assert {client.get(at).status_code for at in wrong} == {404}
    assert client_for(business="beta").get(other).status_code == 404
    assert client.post(f"{other}answer/", {"answer": "good"}).status_code == 404


def test_an_erased_customer_has_no_page(case: Case, alpha: Business, client_for: ClientFor) -> None:
    Customer.objects.update(erased_at=clock.now())
    assert client_for().get(address(case, alpha)).status_code == 404
