"""The rating pages: the same for everybody, nothing gated, nothing changed by looking."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps as registry
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.campaigns.models import Request
from apps.core import tokens
from apps.customers.models import ContactPoint, Customer, Transaction
from apps.feedback.models import ContactRequest, LinkUse, Response
from apps.locations.models import Brand, Destination
from apps.tenants import wall
from apps.tenants.models import Business
from tests.factories import make_customer, make_location

pytestmark = pytest.mark.django_db


class Visitor(Client):
    """A browser that has never been here; after each answer the test is inside again."""

    def request(self, **values: Any) -> Any:
        with wall.as_business(wall.current_business()):
            return super().request(**values)


@pytest.fixture
def visitor(inside: Business) -> Client:
    """Return a stranger's browser, held to forgery checks as in production."""
    return Visitor(enforce_csrf_checks=True, HTTP_HOST="alpha.localhost")


@pytest.fixture
def asked(inside: Business) -> Request:
    """Return a request with a place, a visit and three public sites."""
    now = timezone.now()
    place = make_location()
    for position, name in enumerate(["Google", "Trustpilot", "Facebook"]):
        Destination.objects.create(
            site=name.lower(),
            label=name,
            url=f"https://{name.lower()}.example/write",
            position=position,
            created_at=now,
        )
    Brand.objects.create(
        name="Alpha Bikes", contact_name="Ruth Daly", contact_phone="+441225123456"
    )
    customer = make_customer(location=place, now=now)
    visit = Transaction.objects.create(
        customer=customer, kind="service", external_id="1", happened_at=now, created_at=now,
        description="Gear tune-up",
    )  # fmt: skip
    return Request.objects.create(
        customer=customer, location=place, transaction=visit, asked_at=now, created_at=now
    )


def path(asked: Request, rest: str = "") -> str:
    token = tokens.sign(wall.current_business().uuid, "r", asked.pk)
    return f"/r/{token}/{rest}"


def block(html: str) -> str:
    """Return the part of a page that leads to the public sites."""
    found = re.search(r'<section class="stack" id="elsewhere".*?</section>', html, re.DOTALL)
    assert found is not None
    return found.group()


def rows() -> dict[str, int]:
    """Return how many rows each table of the business holds."""
    return {
        model._meta.label: model._default_manager.count()
        for model in registry.get_models()
        if model._meta.app_config.name in settings.TENANT_APPS
    }


def test_the_page_asks_by_name_and_offers_a_person(visitor: Client, asked: Request) -> None:
    html = visitor.get(path(asked)).text
    assert "Hello Nora, how did your gear tune-up go?" in html
    assert [n for n in range(1, 6) if f'id="rating-{n}"' in html] == [1, 2, 3, 4, 5]
    assert 'href="tel:+441225123456"' in html
    assert 'href="sms:+441225123456"' in html
    assert f'href="{path(asked, "write/")}"' in html
    assert "Something to put right?" in html
    assert "<script" not in html
    assert "Set-Cookie" not in visitor.get(path(asked)).headers


def test_everybody_gets_the_same_links_whatever_they_answer(
    visitor: Client, asked: Request
) -> None:
    seen = {block(visitor.get(path(asked)).text)}
    for rating in range(1, 6):
        answer = visitor.post(path(asked), {"rating": rating, "text": "words"})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{path(asked)}?done=1")
        page = visitor.get(answer.headers["Location"]).text
        seen |= {block(page), block(visitor.get(path(asked)).text)}
    assert len(seen) == 1
    labels = re.findall(r"<span>(\w+)</span>", seen.pop())
    assert labels == ["Google", "Trustpilot", "Facebook"]


def test_the_person_is_below_the_links_for_every_rating(visitor: Client, asked: Request) -> None:
    for rating in range(1, 6):
        visitor.post(path(asked), {"rating": rating})
        html = visitor.get(f"{path(asked)}?done=1").text
        assert html.index('id="elsewhere"') < html.index('id="person"')


@pytest.mark.parametrize("rest", ["", "?done=1", "?rating=1", "write/", "write/?done=1"])
def test_looking_changes_nothing_but_a_hit(visitor: Client, asked: Request, rest: str) -> None:
    before = rows()
    assert visitor.get(path(asked, rest)).status_code == 200
    after = rows()
    hits = after.pop("messaging.Hit") - before.pop("messaging.Hit")
    assert after == before
    assert hits == (0 if rest.startswith("write") else 1)


def test_a_star_in_a_mail_only_fills_in_the_form(visitor: Client, asked: Request) -> None:
    html = visitor.get(path(asked, "?rating=4")).text
    assert re.search(r'id="rating-4" value="4" checked', html)
    assert Response.objects.count() == 0


def test_an_answer_twice_is_one_answer_that_says_it_is_changed(
    visitor: Client, asked: Request
) -> None:
    visitor.post(path(asked), {"rating": "5", "text": "Fine"})
    assert "your answer is in" in visitor.get(path(asked, "?done=1")).text
    visitor.post(path(asked), {"rating": "2", "text": "It came loose"})
    page = visitor.get(path(asked, "?done=1")).text
    assert "your answer is changed" in page
    assert "It came loose" in page
    response = Response.objects.get()
    assert (response.rating, response.text) == (2, "It came loose")


def test_words_without_stars_are_kept_and_the_fault_is_told(
    visitor: Client, asked: Request
) -> None:
    answer = visitor.post(path(asked), {"text": "My <b>words</b>"})
    assert answer.status_code == 422
    assert "My &lt;b&gt;words&lt;/b&gt;" in answer.text
    assert "Choose one to five stars first." in answer.text
    assert 'id="rating-1" value="1" autofocus>' in answer.text
    assert Response.objects.count() == 0


@pytest.mark.parametrize("rating", ["0", "6", "five", "1e9", "٣"])
def test_a_made_up_rating_is_refused(visitor: Client, asked: Request, rating: str) -> None:
    assert visitor.post(path(asked), {"rating": rating}).status_code == 422
    assert Response.objects.count() == 0


def test_a_link_leads_to_the_stored_address_and_nowhere_else(
    visitor: Client, asked: Request
) -> None:
    google = Destination.objects.get(site="google")
    answer = visitor.post(path(asked, f"go/{google.pk}/?url=https://evil.example"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://google.example/write")
    assert LinkUse.objects.count() == 1
    assert visitor.get(path(asked, f"go/{google.pk}/")).status_code == 405
    assert visitor.post(path(asked, f"go/{UUID(int=3)}/")).status_code == 404
    assert LinkUse.objects.count() == 1


def test_browsers_may_follow_the_form_to_the_site(visitor: Client, asked: Request) -> None:
    policy = visitor.get(path(asked)).headers["Content-Security-Policy"]
    form_action = next(p for p in policy.split("; ") if p.startswith("form-action"))
    assert form_action == "form-action 'self' https:"


def test_a_wish_to_talk_comes_in(visitor: Client, asked: Request) -> None:
    values = {"how": "call", "address": "01225 999888", "text": "Please ring"}
    answer = visitor.post(path(asked, "write/"), values)
    assert (answer.status_code, answer.headers["Location"]) == (303, path(asked, "write/?done=1"))
    wish = ContactRequest.objects.get()
    assert (wish.how, wish.address, wish.customer_id) == ("call", "01225 999888", asked.customer_id)
    wrong = visitor.post(path(asked, "write/"), {**values, "how": "write"})
    assert wrong.status_code == 422
    assert "Please ring" in wrong.text
    assert ContactRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("how", "address"),
    [("write", "nora@example.com"), ("text", "+447700900123"), ("call", "+447700900123")],
)
def test_a_wish_without_an_address_takes_the_one_we_know(
    visitor: Client, asked: Request, how: str, address: str
) -> None:
    answer = visitor.post(path(asked, "write/"), {"how": how, "text": "Please"})
    assert answer.status_code == 303
    assert ContactRequest.objects.get().address == address


def test_a_wish_needs_an_address_where_we_know_none(visitor: Client, asked: Request) -> None:
    ContactPoint.objects.all().delete()
    answer = visitor.post(path(asked, "write/"), {"how": "write", "text": "Please"})
    assert answer.status_code == 422
    assert "Give the email address that we should write to." in answer.text
    assert ContactRequest.objects.count() == 0


def test_the_page_for_writing_does_not_lead_to_itself(visitor: Client, asked: Request) -> None:
    Brand.objects.update(contact_email="ruth@alpha.example")
    for rest, leads in (("", True), ("write/", False)):
        page = visitor.get(path(asked, rest)).text
        card = page.split('id="person"')[1]
        assert ("write/" in card) is leads
        assert "mailto:" not in card
        assert "tel:+441225123456" in card
    Brand.objects.update(contact_phone="")
    assert 'id="person"' not in visitor.get(path(asked, "write/")).text


def gone_tokens(asked: Request, beta: Business) -> dict[str, str]:
    own = wall.current_business().uuid
    return {
        "nonsense": "x" * 43,
        "short": "abc",
        "other purpose": tokens.sign(own, "u", asked.pk),
        "other business": tokens.sign(beta.uuid, "r", asked.pk),
        "unknown": tokens.sign(own, "r", UUID(int=9)),
    }


def test_a_dead_link_says_so_kindly(
    visitor: Client, asked: Request, inside: Business, beta: Business
) -> None:
    before = rows()
    for token in gone_tokens(asked, beta).values():
        for address in (f"/r/{token}/", f"/r/{token}/write/"):
            for answer in (visitor.get(address), visitor.post(address, {"rating": "5"})):
                assert answer.status_code == 404
                assert "This link does not work any more" in answer.text
    assert rows() == before


def test_links_of_the_erased_and_the_very_old_are_dead(visitor: Client, asked: Request) -> None:
    Request.objects.update(created_at=timezone.now() - timedelta(days=401))
    assert visitor.get(path(asked)).status_code == 404
    Request.objects.update(created_at=timezone.now() - timedelta(days=399))
    assert visitor.get(path(asked)).status_code == 200
    Customer.objects.update(erased_at=timezone.now())
    assert visitor.get(path(asked)).status_code == 404
    assert visitor.post(path(asked), {"rating": "5"}).status_code == 404


def test_the_page_is_small(visitor: Client, asked: Request) -> None:
    size = len(visitor.get(path(asked)).content)
    sheets: list[Any] = ["css/base.css", "css/public.css", "img/icons.svg"]
    size += sum((settings.BASE_DIR / "static" / sheet).stat().st_size for sheet in sheets)
    assert size < 75_000  # what goes over the wire is compressed to a third of it
