"""Sending in sets: what may leave leaves once, what may not is told why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.consent import services as consent
from apps.core import clock
from apps.core.facts import SYSTEM
from apps.customers.models import ContactPoint
from apps.jobs import services as jobs
from apps.jobs.choices import Lane, TicketState
from apps.jobs.models import Ticket
from apps.journal.models import Entry
from apps.messaging import queries
from apps.messaging import services as messaging
from apps.messaging.models import Attempt, Gate, Message, SandboxDelivery
from apps.tenants.models import Business
from tests.messaging.conftest import make_contact, queue

LANES = [Lane.TRANSACTIONAL, Lane.INTERACTIVE, Lane.BULK]


def drain() -> None:
    """Do the work that is due by the test's clock."""
    jobs.drain(lanes=LANES, now=clock.now(), budget_s=5)


def state_of(message: Message) -> tuple[str, str]:
    """Return state and reason as they stand."""
    message.refresh_from_db()
    return message.state, message.reason


def test_a_message_leaves_once_and_leaves_no_ticket(inside: Business, noon: datetime) -> None:
    message = queue(make_contact("nora@example.com"))
    drain()
    drain()
    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("sent", noon)
    assert message.provider_ref == f"sandbox-{message.pk}"
    assert not Ticket.objects.exists()
    assert Attempt.objects.values_list("number", "outcome").get() == (1, "accepted")
    assert SandboxDelivery.objects.count() == 1
    kinds = list(Entry.objects.filter(subject_id=message.pk).values_list("kind", flat=True))
    assert kinds == ["message.queued", "message.sent"]


def test_the_mailbox_shows_signed_links_but_stores_masks(inside: Business, noon: datetime) -> None:
    message = queue(make_contact("nora@example.com"))
    drain()
    kept = SandboxDelivery.objects.get()
    shown = queries.list_sandbox("email", actor=SYSTEM)[0]
    links = queries.message_links(message.pk, link_purpose="r", link_id=message.link_id)
    assert "http" not in kept.text
    assert "/r/" not in kept.html
    assert links["⟦link⟧"] in shown.text
    assert dict(shown.headers) == {
        "List-Unsubscribe": f"<{links['⟦unsubscribe⟧']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_a_service_message_has_no_unsubscribe_header(inside: Business, noon: datetime) -> None:
    queue(make_contact("nora@example.com"), purpose="service")
    drain()
    assert SandboxDelivery.objects.get().headers == []


def erase(contact: ContactPoint) -> None:
    contact.customer.erased_at = contact.created_at
    contact.customer.save()


def opt_out(contact: ContactPoint) -> None:
    consent.withdraw(
        address_hash=contact.address_hash,
        channel=contact.channel,
        source="test",
        actor=SYSTEM,
        now=contact.created_at,
    )


def bounce(contact: ContactPoint) -> None:
    ContactPoint.objects.update(status="bounced")


def close_gate(contact: ContactPoint) -> None:
    Gate.objects.update_or_create(
        key="campaign:1", defaults={"state": "closed", "changed_at": contact.created_at}
    )


@pytest.mark.parametrize(
    ("change", "fields", "end"),
    [
        (erase, {}, ("suppressed", "erased")),
        (opt_out, {}, ("suppressed", "suppressed")),
        (bounce, {}, ("suppressed", "bounced")),
        (ContactPoint.delete, {}, ("suppressed", "erased")),
        (None, {"purpose": "winback_offer"}, ("suppressed", "no_consent")),
        (None, {"expires_in": timedelta(0)}, ("expired", "expired")),
        (None, {"expires_in": timedelta(seconds=1)}, ("sent", "")),
        (None, {"purpose": "recovery"}, ("sent", "")),
    ],
)
def test_the_gate_decides_at_the_last_moment(
    inside: Business,
    noon: datetime,
    change: Callable[[ContactPoint], object] | None,
    fields: dict[str, Any],
    end: tuple[str, str],
) -> None:
    contact = make_contact("nora@example.com")
    if "expires_in" in fields:
        fields = {"expires_at": noon + fields["expires_in"]}
    message = queue(contact, **fields)
    if change is not None:
        change(contact)
    drain()
    assert state_of(message) == end
    assert SandboxDelivery.objects.count() == (end[0] == "sent")
    assert not Ticket.objects.exists()


def test_quiet_hours_defer_and_the_message_leaves_in_the_morning(
    inside: Business, time_machine: Any
) -> None:
    night = datetime.fromisoformat("2026-05-13T22:30:00+00:00")
    morning = datetime.fromisoformat("2026-05-14T08:00:00+00:00")
    time_machine.move_to(night, tick=False)
    message = queue(make_contact("+447700900123", channel="sms"), subject="")
    drain()
    message.refresh_from_db()
    assert (message.state, message.deferred_why) == ("queued", "quiet")
    assert message.deferred_until == morning
    assert Ticket.objects.values_list("not_before", "state").get() == (
        morning,
        TicketState.WAITING,
    )
    time_machine.move_to(morning, tick=False)
    drain()
    assert state_of(message) == ("sent", "")
    assert Message.objects.filter(deferred_until=None, deferred_why="").count() == 1


def test_the_cap_holds_the_fourth_message_even_within_one_set(
    inside: Business, noon: datetime
) -> None:
    contact = make_contact("nora@example.com")
    rows = [queue(contact, dedupe_key=f"n{n}") for n in range(4)]
    drain()
    assert sorted(state_of(row)[0] for row in rows) == ["queued", "sent", "sent", "sent"]
    kept = next(row for row in rows if row.state == "queued")
    assert (kept.deferred_why, kept.deferred_until) == ("capped", noon + timedelta(days=7))


def test_a_paused_gate_holds_and_an_open_one_lets_go(inside: Business, noon: datetime) -> None:
    message = queue(make_contact("nora@example.com"), gate="campaign:1")
    other = queue(make_contact("bo@example.com"), gate="campaign:2")
    messaging.set_gate(key="campaign:1", state="paused", now=noon)
    drain()
    assert state_of(message) == ("queued", "")
    assert message.deferred_why == "paused"
    assert state_of(other) == ("sent", "")
    messaging.set_gate(key="campaign:1", state="open", now=noon)
    drain()
    assert state_of(message) == ("sent", "")


def test_a_closed_gate_cancels_what_waits(inside: Business, noon: datetime) -> None:
    message = queue(make_contact("nora@example.com"), gate="campaign:1")
    messaging.set_gate(key="campaign:1", state="closed", now=noon)
    assert state_of(message) == ("cancelled", "closed")
    assert not Ticket.objects.exists()
    later = queue(make_contact("bo@example.com"), gate="campaign:1")
    drain()
    assert state_of(later) == ("cancelled", "closed")
    assert queries.count_states("campaign:1") == {"cancelled": 2}


def test_mail_to_staff_needs_no_consent(inside: Business, noon: datetime) -> None:
    message = messaging.queue_staff_message(
        to="bob@alpha.example",
        subject="Test",
        text="A test",
        dedupe_key="staff:1",
        subject_kind="test",
        subject_id=inside.uuid,
        actor=SYSTEM,
        now=noon,
    )
    drain()
    assert state_of(message) == ("sent", "")
    assert message.text == "A test"


@pytest.mark.parametrize("count", [1, 3])
def test_a_set_takes_the_same_queries_for_one_and_for_three(
    inside: Business, noon: datetime, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        queue(make_contact(f"c{number}@example.com"))
    with django_assert_num_queries(41):
        drain()
    assert Message.objects.filter(state="sent").count() == count
