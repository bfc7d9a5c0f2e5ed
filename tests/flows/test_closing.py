"""Closing a business: at once, by an owner alone, and back within its time."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Invitation, PlatformMail, Session
from apps.campaigns import services as campaigns
from apps.campaigns.choices import CampaignStatus
from apps.campaigns.models import Campaign
from apps.core import clock
from apps.core.facts import SYSTEM
from apps.flows.services import closing
from apps.journal.models import Entry
from apps.messaging import services as messaging
from apps.messaging.choices import MessageState
from apps.messaging.models import Message
from apps.staff import services as staff
from apps.tenants import wall
from apps.tenants.choices import BusinessStatus
from apps.tenants.models import Business
from tests.conftest import ClientFor, person
from tests.factories import make_customer

URL = "/settings/business/close/"
PASSWORD = "seven-lanterns-42"


def close(client: Client, **values: str) -> Any:
    return client.post(URL, {"typed_name": "Alpha Bikes", "password": PASSWORD, **values})


def know_password(name: str) -> None:
    with wall.as_platform():
        user = person(name)
        user.set_password(PASSWORD)
        user.save()


@pytest.fixture
def owner(client_for: ClientFor) -> Client:
    """Return the owner's client; their password is known."""
    know_password("alice")
    return client_for("alice")


def state(business: Business) -> str:
    with wall.as_platform():
        return str(Business.objects.get(pk=business.pk).status)


def test_the_page_says_what_happens_and_until_when(owner: Client) -> None:
    page = owner.get(URL).content.decode()
    assert "All data is kept for 30 days" in page
    assert "Type “Alpha Bikes” to confirm." in page


def test_closed_at_once_for_everybody(
    owner: Client, client_for: ClientFor, alpha: Business
) -> None:
    bob = client_for("bob")
    done = close(owner)
    assert done.status_code == 200
    assert "Alpha Bikes is closed" in done.content.decode()
    assert state(alpha) == BusinessStatus.CLOSED
    for client, path in ((bob, "/"), (owner, "/customers/"), (client_for(), "/r/x/")):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Alpha Bikes has closed" in answer.content.decode()
    with wall.as_platform():
        assert not Session.objects.filter(business=alpha).exists()
    sheet = client_for().get("/brand.css")
    assert (sheet.status_code, sheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_a_closed_business_answers_other_systems_with_a_problem(
    owner: Client, alpha: Business
) -> None:
    with wall.as_business(alpha):
        secret = staff.create_api_key(name="till", scopes=["*"], now=clock.now())
    close(owner)
    client = Client(HTTP_HOST="alpha.localhost")
    answer = client.get("/api/v1/customers/", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "business_closed"


def test_nothing_that_waits_leaves_any_more(owner: Client, alpha: Business) -> None:
    now = clock.now()
    with wall.as_business(alpha):
        customer = make_customer()
        messaging.queue_staff_message(
            to="bob@alpha.example", subject="Hello", text="Hello", dedupe_key="x",
            subject_kind="test", subject_id=customer.pk, actor=SYSTEM, now=now,
        )  # fmt: skip
        campaign = campaigns.create_campaign(name="May", actor=SYSTEM, now=now)
        Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.RUNNING)
    close(owner)
    with wall.as_business(alpha):
        message = Message.objects.get()
        assert (message.state, message.reason) == (MessageState.CANCELLED, "business_closed")
        assert Campaign.objects.get().status == CampaignStatus.PAUSED


def test_what_was_queued_beside_the_closing_does_not_leave_later(
    owner: Client, alpha: Business
) -> None:
    close(owner)
    now = clock.now()
    with wall.as_business(alpha):
        messaging.queue_staff_message(
            to="bob@alpha.example", subject="Hello", text="Hello", dedupe_key="x",
            subject_kind="test", subject_id=make_customer().pk, actor=SYSTEM, now=now,
        )  # fmt: skip
        campaign = campaigns.create_campaign(name="May", actor=SYSTEM, now=now)
        Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.RUNNING)
    closing.reopen_business(slug="alpha", user=person("alice"), now=clock.now())
    assert state(alpha) == BusinessStatus.ACTIVE
    with wall.as_business(alpha):
        message = Message.objects.get()
        assert (message.state, message.reason) == (MessageState.CANCELLED, "business_closed")
        assert Campaign.objects.get().status == CampaignStatus.PAUSED


def test_open_invitations_end(owner: Client, alpha: Business) -> None:
    owner.post("/settings/team/invite/", {"email": "new@alpha.example", "role": "agent"})
    close(owner)
    with wall.as_platform():
        assert Invitation.objects.get().revoked_at is not None


def test_the_name_is_read_as_it_is_meant(owner: Client, alpha: Business) -> None:
    page = owner.get(URL).content.decode()
    assert "The button opens as soon as the name is typed above." in page
    assert close(owner, typed_name="alpha  bikes").status_code == 200
    assert state(alpha) == BusinessStatus.CLOSED


def test_every_owner_is_told_by_mail(owner: Client, alpha: Business) -> None:
    close(owner)
    with wall.as_platform():
        mails = list(PlatformMail.objects.filter(subject="Alpha Bikes is closed"))
    assert [mail.to for mail in mails] == ["alice@alpha.example"]
    assert "http://localhost" in mails[0].text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"typed_name": "alpha"}, "Type the name as it stands: Alpha Bikes"),
        ({"password": "wrong"}, "This is not your password."),
        ({"typed_name": ""}, "This field is required."),
    ],
)
def test_refused_at_the_field_and_nothing_done(
    owner: Client, alpha: Business, values: dict[str, str], words: str
) -> None:
    refused = close(owner, **values)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert state(alpha) == BusinessStatus.ACTIVE
    with wall.as_business(alpha):
        assert not Entry.objects.filter(kind="business.closed").exists()


@pytest.mark.parametrize("name", ["mona", "bob", "ana"])
def test_others_than_owners_cannot(client_for: ClientFor, alpha: Business, name: str) -> None:
    know_password(name)
    assert close(client_for(name)).status_code == 403
    assert state(alpha) == BusinessStatus.ACTIVE


def test_it_is_written_down_who_did_it(owner: Client, alpha: Business) -> None:
    close(owner)
    with wall.as_business(alpha):
        entry = Entry.objects.get(kind="business.closed")
    assert (entry.actor_kind, entry.actor_id) == ("staff", person("alice").pk)


def test_a_business_closes_itself_alone(owner: Client, beta: Business) -> None:
    close(owner)
    assert state(beta) == BusinessStatus.ACTIVE


def test_customers_can_still_opt_out(owner: Client, client_for: ClientFor) -> None:
    close(owner)
    assert client_for().get("/u/none/").status_code == 404


def at_home(client_for: ClientFor, name: str) -> Client:
    return client_for(name, business="")


def test_an_owner_opens_it_again(owner: Client, client_for: ClientFor, alpha: Business) -> None:
    close(owner)
    alice = at_home(client_for, "alice")
    page = alice.get("/").content.decode()
    assert "Alpha Bikes is closed" in page
    assert "Open it again" in page
    assert "You do not belong to a business yet." not in page
    again = alice.post("/reopen/alpha/", follow=True)
    assert "Alpha Bikes is open again" in again.content.decode()
    assert state(alpha) == BusinessStatus.ACTIVE
    assert client_for("alice").get("/").status_code == 200
    with wall.as_business(alpha):
        entry = Entry.objects.get(kind="business.reopened")
    assert entry.actor_id == person("alice").pk


def test_others_see_it_closed_and_cannot_open_it(
    owner: Client, client_for: ClientFor, alpha: Business
) -> None:
    close(owner)
    mona = at_home(client_for, "mona")
    page = mona.get("/").content.decode()
    assert "An owner can open it again until then." in page
    assert "Open it again" not in page
    refused = mona.post("/reopen/alpha/", follow=True)
    assert "Only an owner can open the business again." in refused.content.decode()
    assert state(alpha) == BusinessStatus.CLOSED


def test_a_stranger_finds_nothing_to_open(
    owner: Client, client_for: ClientFor, alpha: Business
) -> None:
    close(owner)
    assert at_home(client_for, "dora").post("/reopen/alpha/").status_code == 404
    assert client_for(business="").post("/reopen/alpha/").status_code == 302
    assert state(alpha) == BusinessStatus.CLOSED


def test_its_time_over_it_stays_closed(
    owner: Client, client_for: ClientFor, alpha: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(owner)
    later = clock.now() + timedelta(days=31)
    alice = at_home(client_for, "alice")
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Open it again" not in alice.get("/").content.decode()
    refused = alice.post("/reopen/alpha/", follow=True)
    assert "This business cannot be opened again." in refused.content.decode()
    assert state(alpha) == BusinessStatus.CLOSED


def test_wrong_passwords_are_counted(owner: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"close_business": "2/300s/user"}
    for _ in range(2):
        assert "This is not your password." in close(owner, password="x").content.decode()
    assert "That was too often." in close(owner).content.decode()
