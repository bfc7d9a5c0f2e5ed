"""One message to one customer through the API."""

from typing import Any
from uuid import UUID

import pytest
import time_machine

from apps.consent import services as consent
from apps.core.facts import SYSTEM
from apps.customers.models import ContactPoint
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.messaging.models import Message
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller
from tests.api.test_door import problem
from tests.factories import NOW, make_customer

NOBODY = str(UUID(int=7))


@pytest.fixture
def nora(alpha: Business) -> str:
    """Return a customer with a mail address alone."""
    with wall.as_business(alpha):
        return str(make_customer(phone="").pk)


def body_for(nora: str, **change: Any) -> dict[str, Any]:
    return {
        "customer_id": nora,
        "channel": "email",
        "subject": "Your bicycle",
        "text": "Hello {{ customer.first_name }}, it is ready.",
        **change,
    }


def deliver() -> None:
    with time_machine.travel(NOW, tick=False):
        jobs.drain(lanes=list(Lane))


def test_a_message_goes_out_and_tells_its_history(caller: Caller, nora: str) -> None:
    made = caller.post("messages/", body_for(nora))
    queued = made.json()
    assert (made.status_code, queued["state"], queued["purpose"]) == (201, "queued", "service")
    assert made["Location"].endswith(f"/api/v1/messages/{queued['id']}/")
    deliver()
    sent = caller.get(f"messages/{queued['id']}/").json()
    assert (sent["state"], sent["provider"]) == ("sent", "sandbox")
    assert sent["text"].startswith("Hello Nora, it is ready.")
    assert [one["type"] for one in sent["history"]] == [
        "message.queued", "message.sent",
    ]  # fmt: skip
    assert [one["outcome"] for one in sent["attempts"]] == ["accepted"]
    assert sent["provider_ref"]


def test_sent_again_under_one_key_it_is_one_message(
    caller: Caller, nora: str, alpha: Business
) -> None:
    key = {"headers": {"Idempotency-Key": "m-1"}}
    first = caller.send("POST", "messages/", body_for(nora), **key)
    again = caller.send("POST", "messages/", body_for(nora), **key)
    assert first.content == again.content
    with wall.as_business(alpha):
        assert Message.objects.count() == 1


def test_who_wants_no_more_gets_no_more(caller: Caller, nora: str, alpha: Business) -> None:
    with wall.as_business(alpha):
        point = ContactPoint.objects.get()
        consent.withdraw(
            address_hash=point.address_hash, channel="email", source="x", actor=SYSTEM, now=NOW
        )
    made = caller.post("messages/", body_for(nora)).json()
    deliver()
    kept = caller.get(f"messages/{made['id']}/").json()
    assert (kept["state"], kept["reason"], kept["attempts"]) == ("suppressed", "suppressed", [])
    assert kept["history"][-1] == {
        "type": "message.suppressed", "timestamp": "2026-05-13T09:00:00Z", "reason": "suppressed",
    }  # fmt: skip


def test_a_message_can_wait_and_expire(caller: Caller, nora: str) -> None:
    later = caller.post("messages/", body_for(nora, not_before="2199-01-01T00:00:00Z")).json()
    assert (later["deferred_until"], later["deferred_why"]) == ("2199-01-01T00:00:00Z", "scheduled")
    over = caller.post("messages/", body_for(nora, expires_at="2026-05-12T00:00:00Z")).json()
    deliver()
    assert caller.get(f"messages/{later['id']}/").json()["state"] == "queued"
    assert caller.get(f"messages/{over['id']}/").json()["state"] == "expired"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"customer_id": NOBODY}, "unknown_customer", "customer_id"),
        ({"customer_external_id": "K-1"}, "customer_missing", "customer_id"),
        ({"channel": "sms"}, "no_address", "channel"),
        ({"subject": ""}, "no_subject", "subject"),
        ({"text": "{{ customer.secret }}"}, "unknown_field", "text"),
        ({"text": "{% include x %}"}, "unknown_tag", "text"),
        ({"purpose": "marketing"}, "invalid", "purpose"),
        ({"purpose": "review_request"}, "invalid", "purpose"),
        ({"purpose": "winback_offer"}, "invalid", "purpose"),
        ({"address": "eve@example.com"}, "invalid", "address"),
    ],
)
def test_a_wrong_message_is_refused(
    caller: Caller, nora: str, alpha: Business, change: dict[str, Any], code: str, field: str
) -> None:
    status, found, fields = problem(caller.post("messages/", body_for(nora, **change)))
    assert (status, fields) == (422, [field])
    assert found == code
    with wall.as_business(alpha):
        assert Message.objects.count() == 0
