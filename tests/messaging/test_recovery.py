"""A worker dies: nothing is lost, nothing is doubled, and what nobody can know is said."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.core import clock
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.messaging import progress
from apps.messaging import services as messaging
from apps.messaging.models import Attempt, Message, SandboxDelivery
from apps.messaging.progress import Fate, Finding, Note
from apps.messaging.providers.base import Result, Status
from apps.tenants.models import Business
from tests.messaging.conftest import make_contact, queue
from tests.rigs.smtp import Behaviour as SmtpBehaviour
from tests.rigs.smtp import SmtpSink
from tests.rigs.twilio import Behaviour as TwilioBehaviour
from tests.rigs.twilio import FakeTwilio

LANES = [Lane.TRANSACTIONAL, Lane.INTERACTIVE, Lane.BULK]
NUMBER = "+14155550123"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Keep the notes of this test apart."""
    settings.PROGRESS_DIR = tmp_path / "progress"
    return tmp_path / "progress"


@pytest.fixture
def sink(inside: Business, noon: datetime, tmp_path: Path, folder: Path) -> Iterator[SmtpSink]:
    """Run a mail server that messages leave by."""
    with SmtpSink(journal=tmp_path / "mail", behaviour=SmtpBehaviour()) as rig:
        messaging.save_account(
            kind="smtp", values=rig.settings(), sender="hello@example.com", now=noon
        )
        yield rig


@pytest.fixture
def twilio(inside: Business, noon: datetime, tmp_path: Path, folder: Path) -> Iterator[FakeTwilio]:
    """Run a Twilio that text messages leave by."""
    with FakeTwilio(journal=tmp_path / "sms", behaviour=TwilioBehaviour()) as rig:
        messaging.save_account(
            kind="twilio", values=rig.settings(), sender="+15005550006", now=noon
        )
        yield rig


def drain() -> None:
    jobs.drain(lanes=LANES, now=clock.now(), budget_s=5)


def die_at(settings: Any, place: str) -> None:
    """Work until the process dies at a place of the code."""
    settings.FAILPOINT = f"{place}:raise"
    drain()
    settings.FAILPOINT = ""


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


@pytest.mark.parametrize(
    ("place", "end", "taken", "attempts"),
    [
        ("after_gate", "sent", 1, ["not_sent", "accepted"]),
        ("before_call", "unconfirmed", 0, ["unknown"]),
        ("after_response", "unconfirmed", 1, ["unknown"]),
        ("before_result_commit", "sent", 1, ["accepted"]),
        ("after_result_commit", "sent", 1, ["accepted"]),
    ],
)
def test_a_mail_is_never_doubled_wherever_the_worker_dies(
    sink: SmtpSink,
    folder: Path,
    settings: Any,
    time_machine: Any,
    noon: datetime,
    place: str,
    end: str,
    taken: int,
    attempts: list[str],
) -> None:
    time_machine.move_to(noon, tick=False)
    message = queue(make_contact("nora@example.com"))
    die_at(settings, place)
    time_machine.move_to(noon + timedelta(hours=1), tick=False)
    drain()
    drain()
    assert state_of(message) == end
    assert len(sink.journal.read()) == taken
    assert list(Attempt.objects.order_by("number").values_list("outcome", flat=True)) == attempts
    assert not Ticket.objects.exists()
    assert not list(folder.rglob("*.log"))


@pytest.mark.parametrize(
    ("place", "end", "attempts"),
    [
        ("after_gate", "sent", ["not_sent", "accepted"]),
        # The look-up finds that it never arrived, or that it did.
        ("before_call", "sent", ["unknown", "accepted"]),
        ("after_response", "sent", ["unknown"]),
        ("before_result_commit", "sent", ["accepted"]),
    ],
)
def test_twilio_is_asked_about_a_text_whose_fate_is_open(
    twilio: FakeTwilio,
    settings: Any,
    time_machine: Any,
    noon: datetime,
    place: str,
    end: str,
    attempts: list[str],
) -> None:
    time_machine.move_to(noon, tick=False)
    message = queue(make_contact(NUMBER, channel="sms"), subject="")
    die_at(settings, place)
    for minutes in (10, 20, 30):
        time_machine.move_to(noon + timedelta(minutes=minutes), tick=False)
        drain()
    assert state_of(message) == end
    assert len(twilio.journal.read()) == 1
    assert list(Attempt.objects.order_by("number").values_list("outcome", flat=True)) == attempts
    assert message.provider_ref.startswith("SM")
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "place", ["after_gate", "before_call", "after_response", "before_result_commit"]
)
def test_the_sandbox_takes_the_same_message_again_and_keeps_one(
    inside: Business, noon: datetime, folder: Path, settings: Any, time_machine: Any, place: str
) -> None:
    time_machine.move_to(noon, tick=False)
    message = queue(make_contact("nora@example.com"))
    die_at(settings, place)
    assert state_of(message) == "sending"
    time_machine.move_to(noon + timedelta(hours=1), tick=False)
    drain()
    assert state_of(message) == "sent"
    assert SandboxDelivery.objects.count() == 1
    assert not list(folder.rglob("*.log"))


def test_without_a_note_of_this_machine_nobody_knows(
    sink: SmtpSink, folder: Path, settings: Any, time_machine: Any, noon: datetime
) -> None:
    time_machine.move_to(noon, tick=False)
    message = queue(make_contact("nora@example.com"))
    die_at(settings, "after_gate")
    for path in folder.rglob("*.log"):
        path.unlink()
    time_machine.move_to(noon + timedelta(hours=1), tick=False)
    drain()
    assert state_of(message) == "unconfirmed"
    assert sink.journal.read() == []


@pytest.mark.parametrize("place", ["after_message_insert", "after_ticket_insert"])
def test_a_death_while_queueing_leaves_nothing_behind(
    inside: Business, noon: datetime, settings: Any, place: str
) -> None:
    contact = make_contact("nora@example.com")
    settings.FAILPOINT = f"{place}:raise"
    with pytest.raises(RuntimeError):
        queue(contact)
    settings.FAILPOINT = ""
    assert (Message.objects.count(), Ticket.objects.count()) == (0, 0)
    queue(contact)
    drain()
    assert Message.objects.get().state == "sent"


def test_a_refusal_and_a_bad_address_end_the_message_and_spare_the_address(
    inside: Business, noon: datetime, tmp_path: Path, folder: Path
) -> None:
    behaviour = SmtpBehaviour(refused={"gone@example.com": "550 5.1.1 no such user"})
    with SmtpSink(journal=tmp_path / "mail", behaviour=behaviour) as rig:
        messaging.save_account(
            kind="smtp", values=rig.settings(), sender="hello@example.com", now=noon
        )
        contact = make_contact("gone@example.com")
        bad, good = queue(contact), queue(make_contact("nora@example.com"))
        drain()
        later = queue(contact, dedupe_key="later")
        drain()
    assert (state_of(bad), bad.reason) == ("failed", "invalid_address")
    assert state_of(good) == "sent"
    contact.refresh_from_db()
    assert contact.status == "invalid"
    assert (state_of(later), later.reason) == ("suppressed", "invalid")


def test_a_passing_refusal_is_tried_again_later(
    inside: Business, noon: datetime, tmp_path: Path, folder: Path, time_machine: Any
) -> None:
    time_machine.move_to(noon, tick=False)
    behaviour = SmtpBehaviour(refused={"busy@example.com": "450 4.2.1 try later"})
    with SmtpSink(journal=tmp_path / "mail", behaviour=behaviour) as rig:
        messaging.save_account(
            kind="smtp", values=rig.settings(), sender="hello@example.com", now=noon
        )
        message = queue(make_contact("busy@example.com"))
        drain()
        assert state_of(message) == "queued"
        assert message.deferred_why == "retry"
        assert Ticket.objects.get().tries == 1
        for hour in range(1, 9):
            time_machine.move_to(noon + timedelta(minutes=40 * hour), tick=False)
            drain()
            Ticket.objects.update(not_before=noon)
        assert (state_of(message), rig.journal.read()) == ("failed", [])
    assert Attempt.objects.count() == 8


def test_a_dead_mail_server_loses_nothing(
    sink: SmtpSink, noon: datetime, time_machine: Any
) -> None:
    time_machine.move_to(noon, tick=False)
    message = queue(make_contact("nora@example.com"))
    messaging.save_account(
        kind="smtp",
        values={"host": "127.0.0.1", "port": "1", "security": "none"},
        sender="hello@example.com",
        now=noon,
    )
    drain()
    assert state_of(message) == "queued"
    messaging.save_account(
        kind="smtp", values=sink.settings(), sender="hello@example.com", now=noon
    )
    time_machine.move_to(noon + timedelta(hours=1), tick=False)
    drain()
    assert state_of(message) == "sent"
    assert len(sink.journal.read()) == 1


def test_what_still_waits_leaves_by_the_new_provider(
    inside: Business, sink: SmtpSink, noon: datetime
) -> None:
    message = queue(make_contact("nora@example.com"))
    messaging.save_account(
        kind="sandbox", channel="email", values={}, sender="a@example.com", now=noon
    )
    drain()
    assert state_of(message) == "sent"
    assert (sink.journal.read(), SandboxDelivery.objects.count()) == ([], 1)
    assert message.account.kind == "sandbox"


def test_a_note_tells_what_was_begun_and_what_ended(folder: Path) -> None:
    result = Result(status=Status.ACCEPTED, provider_ref="x y", code="250")
    note = Note("t_alpha", "worker.1")
    note.begin(1)
    note.end(1, result)
    note.begin(2)
    note.close()
    assert progress.read("t_alpha", "worker.1") == {
        1: Finding(Fate.ENDED, result),
        2: Finding(Fate.BEGUN),
    }
    assert progress.read("t_alpha", "worker.2") is None


@pytest.mark.parametrize("spoilt", [b"", b"b another-boot\ns 1\n", b"b %s\ns 1\nd", b"b %s\nx\n"])
def test_a_note_that_cannot_be_trusted_tells_nothing(folder: Path, spoilt: bytes) -> None:
    Note("t_alpha", "worker.1").close()
    path = folder / "t_alpha" / "worker.1.log"
    boot = path.read_bytes().split()[1]
    path.write_bytes(spoilt.replace(b"%s", boot))
    assert progress.read("t_alpha", "worker.1") is None
