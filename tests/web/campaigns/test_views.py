"""The campaign pages: building, checking, launching, following, stopping."""

import html
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from apps.campaigns import services
from apps.campaigns.models import Campaign, Request, Step
from apps.core.facts import Actor
from apps.customers.models import Customer
from apps.jobs.models import Ticket
from apps.messaging import services as messaging
from apps.messaging.models import Account, Message
from apps.tenants import wall
from apps.tenants.models import Business
from tests.conftest import ClientFor
from tests.factories import grant, make_customer, make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client_for: ClientFor, inside: Business) -> Any:
    """Return a maker of clients that leave the test inside the business after each answer."""

    def make(name: str | None = None, *, business: str = "alpha") -> Client:
        client = client_for(name, business=business)
        plain = client.request

        def request(**values: Any) -> Any:
            with wall.as_business(wall.current_business()):
                return plain(**values)

        client.request = request  # type: ignore[method-assign]
        return client

    return make


@pytest.fixture
def draft(mona: Actor) -> Campaign:
    """Return a draft with one person to ask."""
    now = timezone.now()
    customer = make_customer(now=now)
    grant(customer, "email", "sms", now=now)
    return services.create_campaign(name="After the visit", actor=mona, now=now)


def url(campaign: Campaign, rest: str = "") -> str:
    return f"/campaigns/{campaign.pk}/{rest}"


def posted(*steps: dict[str, str], do: str = "save") -> dict[str, str]:
    """Return the messages page's form as a browser sends it."""
    values = {"do": do}
    for number, step in enumerate(steps, start=1):
        row = {"channel": "sms", "delay_hours": "0", "subject": "", "text": "Hi {{ link }}"} | step
        values |= {f"step-{number}-{name}": value for name, value in row.items()}
    return values


def test_a_campaign_is_built_page_by_page(enter: Any, mona: Actor) -> None:
    client = enter("mona")
    make_customer(now=timezone.now())
    first = client.post("/campaigns/new/", {"name": " After  the visit "})
    campaign = Campaign.objects.get()
    assert (first.status_code, first.headers["Location"]) == (302, url(campaign, "audience/"))
    assert campaign.name == "After the visit"
    second = client.post(
        url(campaign, "audience/"), {"name": "May", "since": "2026-05-01", "ask_window_days": "90"}
    )
    assert second.headers["Location"] == url(campaign, "messages/")
    campaign.refresh_from_db()
    assert (campaign.name, campaign.audience, campaign.ask_window_days) == (
        "May", {"since": "2026-05-01"}, 90,
    )  # fmt: skip
    third = client.post(url(campaign, "messages/"), posted({"text": "How was it? {{ link }}"}))
    assert third.headers["Location"] == url(campaign, "check/")
    assert list(Step.objects.values_list("channel", "text")) == [("sms", "How was it? {{ link }}")]
    page = client.get(url(campaign, "check/"))
    assert page.status_code == 200
    assert "Nobody is left to ask" in page.text


def test_a_nameless_campaign_is_not_made(enter: Any) -> None:
    answer = enter("mona").post("/campaigns/new/", {"name": "  "})
    assert answer.status_code == 422
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize("key", ["rating", "min_rating", "case", "persona", "sentiment"])
def test_no_field_of_the_audience_knows_what_people_think(
    enter: Any, draft: Campaign, key: str
) -> None:
    client = enter("mona")
    values = {"name": "x", "ask_window_days": "180", key: "5"}
    answer = client.post(url(draft, "audience/"), values)
    assert answer.status_code == 422
    assert f"“{key}” cannot choose who is asked" in answer.text
    draft.refresh_from_db()
    assert (draft.name, draft.audience) == ("After the visit", {})
    live = client.get(url(draft, "audience/count/"), values)
    assert f"“{key}” cannot choose who is asked" in live.text


def test_the_live_count_follows_conditions_that_are_not_saved(enter: Any, draft: Campaign) -> None:
    client = enter("mona")
    Customer.objects.update(tags=["workshop"])
    make_customer(first_name="No consent", email="n@example.com", phone="")
    base = {"name": "x", "ask_window_days": "180"}
    assert "1 asked, 1 not" in client.get(url(draft, "audience/count/"), base).text
    narrowed = client.get(url(draft, "audience/count/"), {**base, "tags": "workshop"})
    assert "1 asked, 0 not" in narrowed.text
    draft.refresh_from_db()
    assert draft.audience == {}


def test_dates_the_wrong_way_round_are_told_at_the_field(enter: Any, draft: Campaign) -> None:
    values = {"name": "x", "ask_window_days": "180", "since": "2026-05-02", "until": "2026-05-01"}
    answer = enter("mona").post(url(draft, "audience/"), values)
    assert answer.status_code == 422
    assert "The last day lies before the first one." in answer.text
    assert 'value="2026-05-02"' in answer.text


@pytest.mark.parametrize("field", ["since", "until"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_off_the_calendar_are_told_at_the_field_and_not_kept(
    enter: Any, draft: Campaign, field: str, day: str
) -> None:
    values = {"name": "x", "ask_window_days": "180", field: day}
    client = enter("mona")
    answer = client.post(url(draft, "audience/"), values)
    assert answer.status_code == 422
    assert "Choose a day between 1900 and 2200." in answer.text
    assert f'value="{day}"' in answer.text
    assert "Mend what is marked" in client.get(url(draft, "audience/count/"), values).text
    draft.refresh_from_db()
    assert draft.audience == {}


def test_messages_are_added_and_removed_without_losing_a_word(enter: Any, draft: Campaign) -> None:
    client = enter("mona")
    added = client.post(url(draft, "messages/"), posted({"text": "Half a sent"}, do="add-email"))
    assert added.status_code == 200
    assert 'name="step-2-text"' in added.text
    assert "Half a sent" in added.text
    moved = client.post(
        url(draft, "messages/"), posted({"text": "One"}, {"text": "Two"}, do="up-2")
    )
    assert moved.text.index(">\nTwo</textarea>") < moved.text.index(">\nOne</textarea>")
    removed = client.post(
        url(draft, "messages/"), posted({"text": "One"}, {"text": "Two"}, do="remove-1")
    )
    assert "Two" in removed.text
    assert "step-2-text" not in removed.text
    assert Step.objects.count() == 2


def test_an_unknown_merge_field_is_told_at_its_field(enter: Any, draft: Campaign) -> None:
    answer = enter("mona").post(
        url(draft, "messages/"), posted({}, {"text": "Dear {{ firstname }}, {{ link }}"})
    )
    assert answer.status_code == 422
    assert "Did you mean “customer.first_name”?" in answer.text
    assert 'id="id_step-2-text_error"' in answer.text
    assert "Dear {{ firstname }}" in answer.text
    assert not Step.objects.filter(text__contains="firstname").exists()


def test_the_preview_shows_a_real_customer(enter: Any, draft: Campaign) -> None:
    values = posted({"text": "Hello {{ customer.first_name }} {{ link }}"})
    page = enter("mona").post(url(draft, "messages/preview/"), values)
    assert "Hello Nora " in page.text
    assert "Reply STOP to end" in page.text
    assert "Alpha Bikes" in page.text


def test_gating_words_block_the_launch(enter: Any, draft: Campaign, mona: Actor) -> None:
    words = "If you loved it, leave us 5 stars: {{ link }}"
    step = services.StepDraft(channel="sms", text=words)
    services.save_steps(campaign=draft, steps=[step], actor=mona, now=timezone.now())
    client = enter("mona")
    page = client.get(url(draft, "check/")).text
    assert "Something blocks" in page
    assert "<mark>" in page
    client.post(url(draft, "launch/"))
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_launch_happens_once_and_the_page_goes_live(enter: Any, draft: Campaign) -> None:
    client = enter("mona")
    assert "Launch to 1 person" in client.get(url(draft, "check/")).text
    for _ in range(2):
        answer = client.post(url(draft, "launch/"))
        assert answer.headers["Location"] == url(draft)
    assert Ticket.objects.filter(kind="campaigns.enrol").count() == 1
    page = client.get(url(draft)).text
    assert 'hx-trigger="every 2s"' in page
    assert "Shown with a made-up person." in page
    assert "{{" not in page
    services.enrol_chunk(campaign_id=draft.pk, now=timezone.now())
    assert "1 person asked" in client.get(url(draft, "live/")).text
    client.post(url(draft, "pause/"))
    paused = client.get(url(draft, "live/")).text
    assert "Paused" in paused
    assert "every 2s" not in paused
    client.post(url(draft, "resume/"))
    client.post(url(draft, "stop/"))
    draft.refresh_from_db()
    assert draft.status == "cancelled"
    assert Message.objects.get().state == "cancelled"


def test_the_page_says_why_messages_wait_and_until_when(enter: Any, draft: Campaign) -> None:
    client = enter("mona")
    client.post(url(draft, "launch/"))
    services.enrol_chunk(campaign_id=draft.pk, now=timezone.now())
    until = timezone.now() + timedelta(hours=9)
    zone = ZoneInfo(wall.current_business().time_zone)
    for why, words in (
        ("quiet", "outside the customer’s hours"),
        ("paused", "its campaign is paused"),
    ):
        Message.objects.update(deferred_until=until, deferred_why=why)
        page = html.unescape(client.get(url(draft)).text).replace("'", "’")
        moment = date_format(timezone.localtime(until, zone), "j M, H:i")
        assert f"1 message waits until {moment}: {words}." in page
    Message.objects.update(deferred_until=timezone.now() - timedelta(hours=1))
    assert "waits until" not in client.get(url(draft)).text


def test_a_test_goes_to_the_one_who_asks(enter: Any, draft: Campaign) -> None:
    client = enter("mona")
    client.post(url(draft, "test/"))
    assert set(Message.objects.values_list("address", flat=True)) == {"mona@alpha.example"}
    assert Request.objects.count() == 0


def test_a_draft_can_be_thrown_away_and_a_launched_one_not(enter: Any, draft: Campaign) -> None:
    client = enter("mona")
    client.post(url(draft, "launch/"))
    client.post(url(draft, "delete/"))
    assert Campaign.objects.count() == 1
    Campaign.objects.update(status="draft")
    client.post(url(draft, "delete/"))
    assert Campaign.objects.count() == 0


def test_an_agent_asks_one_customer_now(enter: Any, inside: Business) -> None:
    now = timezone.now()
    customer = make_customer(now=now)
    grant(customer, "sms", now=now)
    client = enter("bob")
    values = {"customer": str(customer.pk), "channel": "sms"}
    answer = client.post("/campaigns/ask/", values)
    assert answer.status_code == 302
    assert Message.objects.filter(subject_kind="request").count() == 1
    client.post("/campaigns/ask/", values)
    assert Message.objects.filter(subject_kind="request").count() == 1
    assert client.post("/campaigns/ask/", {"customer": "x"}).status_code == 302
    unknown = client.post("/campaigns/ask/", {**values, "customer": str(UUID(int=4))})
    assert unknown.status_code == 404


WRITES = ["launch/", "pause/", "resume/", "stop/"]


@pytest.mark.parametrize("name", ["bob", "ana"])
def test_only_managers_and_owners_change_a_campaign(enter: Any, draft: Campaign, name: str) -> None:
    client = enter(name)
    for rest in [*WRITES, "audience/", "messages/", "test/", "delete/", "messages/preview/"]:
        assert client.post(url(draft, rest)).status_code == 403
    assert client.post("/campaigns/new/", {"name": "Mine"}).status_code == 403
    draft.refresh_from_db()
    assert (draft.status, Campaign.objects.count(), Message.objects.count()) == ("draft", 1, 0)
    page = client.get(url(draft), follow=True)
    assert page.status_code == 200
    assert "A manager or owner launches it." in page.text


def test_an_analyst_sees_no_names(enter: Any, draft: Campaign) -> None:
    client = enter("ana")
    Customer.objects.update(first_name="Zebedee")
    assert "Zebedee" not in client.get(url(draft, "check/")).text
    assert client.get(url(draft, "left-out/asked/")).status_code == 403


def test_strangers_and_other_businesses_find_nothing(enter: Any, draft: Campaign) -> None:
    dora = enter("dora", business="beta")
    for rest in ["", "audience/", "check/", "live/", "left-out/asked/"]:
        assert dora.get(url(draft, rest)).status_code == 404
    assert dora.post(url(draft, "launch/")).status_code == 404
    assert enter().get(url(draft)).status_code == 302
    assert enter("charlie").get(url(draft)).status_code == 403
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_looking_changes_nothing(enter: Any, draft: Campaign) -> None:
    client = enter("mona")
    before = (Campaign.objects.values().get(), Message.objects.count(), Ticket.objects.count())
    for rest in ["", "audience/", "audience/count/", "messages/", "check/", "live/"]:
        client.get(url(draft, rest))
    assert client.get(url(draft, "launch/")).status_code == 405
    assert before == (
        Campaign.objects.values().get(), Message.objects.count(), Ticket.objects.count(),
    )  # fmt: skip


def test_hostile_names_are_inert(enter: Any, mona: Actor) -> None:
    campaign = services.create_campaign(
        name="<script>alert(1)</script>", actor=mona, now=timezone.now()
    )
    make_location(name="<img src=x onerror=alert(1)>")
    make_location(name="Two")
    client = enter("mona")
    for rest in ["", "audience/", "messages/", "check/"]:
        page = client.get(url(campaign, rest), follow=True).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_list_asks_as_often_for_three_as_for_one(enter: Any, mona: Actor) -> None:
    client = enter("mona")

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/campaigns/").status_code == 200
        return len(seen)

    services.create_campaign(name="One", actor=mona, now=timezone.now())
    once = count()
    for name in ("Two", "Three"):
        services.create_campaign(name=name, actor=mona, now=timezone.now())
    assert count() == once
    assert once <= 20


def test_enrolment_asks_as_often_for_three_as_for_one(draft: Campaign, mona: Actor) -> None:
    now = timezone.now()

    def count() -> int:
        campaign = services.create_campaign(name="x", actor=mona, now=now)
        services.launch_campaign(campaign=campaign, actor=mona, now=now)
        with CaptureQueriesContext(connection) as seen:
            services.enrol_chunk(campaign_id=campaign.pk, now=now)
        return len(seen)

    messaging.ensure_default_accounts(now=now)
    once = count()
    Request.objects.update(asked_at=None)
    for number in range(2):
        phone = f"+44770090100{number}"
        more = make_customer(email=f"m{number}@example.com", phone=phone, now=now)
        grant(more, "email", "sms", now=now)
    assert count() == once
    assert Message.objects.count() == 4


def test_the_sandbox_is_named_before_and_after_the_launch(
    enter: Any, draft: Campaign, settings: Any
) -> None:
    settings.LOCAL_MODE = True
    client = enter("mona")
    page = client.get(url(draft, "check/")).content.decode()
    assert "Sandbox: nothing leaves" in page
    assert "Launch to 1 person, in the sandbox" in page
    assert "Open the sandbox mailbox" in page
    client.post(url(draft, "launch/"))
    assert "Sandbox: nothing leaves" in client.get(url(draft)).content.decode()


def test_real_accounts_are_not_called_a_sandbox(enter: Any, draft: Campaign) -> None:
    now = timezone.now()
    Account.objects.all().delete()
    for channel, kind in (("email", "smtp"), ("sms", "twilio")):
        Account.objects.create(
            channel=channel, kind=kind, name=kind, sender="a@b.example", is_default=True,
            callback_key=kind, created_at=now,
        )  # fmt: skip
    page = enter("mona").get(url(draft, "check/")).content.decode()
    assert "Sandbox: nothing leaves" not in page
    assert "in the sandbox" not in page


def test_who_was_left_out_comes_with_the_live_part(enter: Any, draft: Campaign) -> None:
    make_customer(first_name="Emile", email="", phone="")
    client = enter("mona")
    assert "1 person is asked, 1 not" in client.get(url(draft, "check/")).content.decode()
    client.post(url(draft, "launch/"))
    assert "It is being counted" in client.get(url(draft, "live/")).content.decode()
    services.enrol_chunk(campaign_id=draft.pk, now=timezone.now())
    page = client.get(url(draft, "live/")).content.decode()
    assert "<dt>No address</dt><dd>1</dd>" in page
    assert "1 person asked" in page


def test_a_missing_postal_address_leads_to_its_field(enter: Any, draft: Campaign) -> None:
    page = enter("mona").get(url(draft, "check/")).content.decode()
    assert 'href="/settings/brand/#id_postal_address"' in page
    assert "Nothing blocks" not in page
    assert "things to look at" in page
