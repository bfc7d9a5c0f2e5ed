"""C.A.R.E.: opening, working, promising, escalating, closing and reopening cases."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.core import clock
from apps.core.errors import AppError, ConflictError, ForbiddenError, NotFoundError
from apps.core.facts import Actor, customer_actor
from apps.customers.models import Customer
from apps.failures.models import Failure
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.journal.models import Entry
from apps.messaging.models import Message
from apps.offers import services as offers
from apps.recovery import queries, services
from apps.recovery.models import Apology, Case, CaseNote, PlanItem, Promise
from tests.factories import NOW, make_customer, make_failure, make_location

pytestmark = pytest.mark.usefixtures("inside")
HOUR = timedelta(hours=1)
SORRY = (
    "I am sorry that your rear brake failed. It was our mistake: one person did the work and "
    "signed it off. We will collect the bike on Friday and fit a new cable, and from Monday a "
    "second person signs for every brake."
)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


@pytest.fixture
def nora() -> Customer:
    return make_customer()


@pytest.fixture
def case(nora: Customer) -> Case:
    failure = make_failure(customer=nora)
    return services.open_case(failure_id=failure.pk, now=NOW)


def fresh(case: Case) -> Case:
    return Case.objects.select_related("failure", "customer").get(pk=case.pk)


def finish_all(case: Case, actor: Actor, now: datetime = NOW) -> None:
    for item in queries.list_plan_items(case=case):
        services.finish_plan_item(case=case, item_id=item.pk, actor=actor, now=now)


def work_through(case: Case, actor: Actor) -> None:
    services.record_collect(case=case, what_happened="Cable not fixed.", actor=actor, now=NOW)
    services.record_apology(case=case, how="phone", text=SORRY, actor=actor, now=NOW)
    finish_all(case, actor)


def test_a_case_opens_with_playbook_plans_and_clock(case: Case) -> None:
    assert (case.number, case.stage, case.status) == (1001, "collect", "open")
    assert case.playbook == "Faulty or not done right"
    assert case.due_at == NOW + 4 * HOUR
    steps = [(item.plan, item.text) for item in queries.list_plan_items(case=case)]
    assert steps == [
        ("make_right", "Do it again or replace it, at the customer's choice"),
        ("make_right", "Check it yourself before it is handed over"),
        ("prevent", "Find where it went wrong, and add a check there"),
    ]
    assert kinds() == ["case.opened"]
    ticket = Ticket.objects.get(kind="recovery.due")
    assert (ticket.key, ticket.not_before) == (f"{case.pk}:collect", NOW + 4 * HOUR)


def test_a_failure_has_one_case_and_numbers_have_no_holes(case: Case) -> None:
    assert services.open_case(failure_id=case.failure_id, now=NOW) == case
    second = services.open_case(failure_id=make_failure(severity=5).pk, now=NOW)
    assert (second.number, second.due_at) == (1002, NOW + HOUR)


def test_collecting_moves_on_to_the_apology(case: Case, bob: Actor) -> None:
    later = NOW + HOUR
    held = services.record_collect(
        case=case, what_happened="Cable not fixed.", cause="Process", actor=bob, now=later
    )
    assert (held.stage, held.stage_at, held.due_at) == ("apologise", later, NOW + 24 * HOUR)
    assert kinds() == ["case.opened", "failure.understood", "case.stage_changed"]
    assert held.failure.what_happened == "Cable not fixed."


def test_an_apology_by_mail_is_a_message_about_the_failure(case: Case, bob: Actor) -> None:
    services.record_collect(case=case, what_happened="Cable.", actor=bob, now=NOW)
    apology = services.record_apology(case=case, how="email", text=SORRY, actor=bob, now=NOW)
    message = Message.objects.get(component="apology")
    assert message.pk == apology.message_id
    assert (message.component, message.purpose) == ("apology", "recovery")
    assert (message.subject_kind, message.subject_id) == ("failure", case.failure_id)
    assert (message.link_purpose, message.link_id) == ("c", case.pk)
    assert message.text.startswith(f"Hello Nora,\n\n{SORRY}\n\nBob\n")
    assert apology.text == SORRY
    held = fresh(case)
    assert (held.stage, held.failure.apologised_at) == ("respond", NOW)


@pytest.mark.parametrize(
    ("how", "text", "field"),
    [
        ("pigeon", SORRY, "how"),
        ("phone", "  ", "text"),
        ("email", "Take your review down or our lawyer will sue you.", "text"),
    ],
)
def test_an_apology_that_must_not_go_out_is_refused(
    case: Case, bob: Actor, how: str, text: str, field: str
) -> None:
    with pytest.raises(AppError) as refused:
        services.record_apology(case=case, how=how, text=text, actor=bob, now=NOW)
    assert refused.value.field == field
    assert (Apology.objects.count(), Message.objects.count()) == (0, 0)
    assert fresh(case).failure.apologised_at is None


def test_a_written_apology_that_lacks_parts_is_sent_only_when_confirmed(
    case: Case, bob: Actor
) -> None:
    with pytest.raises(AppError) as refused:
        services.record_apology(
            case=case, how="email", text="sorry", actor=bob, now=NOW, is_confirmed=False
        )
    assert (refused.value.code, refused.value.field) == ("apology_incomplete", "text")
    assert "Say what you have changed so that it does not happen again." in refused.value.message
    assert (Apology.objects.count(), Message.objects.count()) == (0, 0)
    services.record_apology(
        case=case, how="phone", text="sorry", actor=bob, now=NOW, is_confirmed=False
    )
    services.record_apology(
        case=case, how="email", text="sorry", actor=bob, now=NOW, is_confirmed=True
    )
    assert (Apology.objects.count(), Message.objects.count()) == (2, 1)


def test_without_an_address_one_has_to_ring(bob: Actor) -> None:
    failure = make_failure(customer=make_customer(email=""))
    case = services.open_case(failure_id=failure.pk, now=NOW)
    with pytest.raises(AppError) as refused:
        services.record_apology(case=case, how="email", text=SORRY, actor=bob, now=NOW)
    assert (refused.value.code, refused.value.field) == ("no_address", "how")
    assert Apology.objects.count() == 0
    services.record_apology(case=case, how="phone", text=SORRY, actor=bob, now=NOW)
    assert Apology.objects.count() == 1


def test_moves_by_hand_follow_the_rules(case: Case, bob: Actor) -> None:
    with pytest.raises(AppError):
        services.move_stage(case=case, stage="respond", actor=bob, now=NOW)
    assert fresh(case).stage == "collect"
    assert (
        services.move_stage(case=case, stage="apologise", actor=bob, now=NOW).stage == "apologise"
    )
    with pytest.raises(AppError):
        services.move_stage(case=case, stage="nowhere", actor=bob, now=NOW)


def test_the_plans_are_ticked_off_once(case: Case, bob: Actor) -> None:
    item = services.add_plan_item(
        case=case, plan="prevent", text="Second signature", actor=bob, now=NOW
    )
    for _ in range(2):
        services.finish_plan_item(case=case, item_id=item.pk, actor=bob, now=NOW)
    assert kinds() == ["case.opened", "case.step_done"]
    assert services.reopen_plan_item(case=case, item_id=item.pk, actor=bob, now=NOW).done_at is None
    for plan, text in (("x", "a"), ("prevent", " ")):
        with pytest.raises(AppError):
            services.add_plan_item(case=case, plan=plan, text=text, actor=bob, now=NOW)
    other = services.open_case(failure_id=make_failure().pk, now=NOW)
    with pytest.raises(NotFoundError):
        services.finish_plan_item(case=other, item_id=item.pk, actor=bob, now=NOW)


def promise_past_due(case: Case, bob: Actor) -> Promise:
    promise = services.make_promise(
        case=case, text="Ring her", due_at=NOW + HOUR, actor=bob, now=NOW
    )
    jobs.drain(lanes=[Lane.INTERACTIVE], now=NOW + HOUR - timedelta(seconds=1))
    promise.refresh_from_db()
    assert promise.state == "open"
    with clock.at(NOW + HOUR):
        jobs.drain(lanes=[Lane.INTERACTIVE], now=NOW + HOUR)
    promise.refresh_from_db()
    return promise


def test_a_promise_past_its_time_breaks_by_itself(case: Case, bob: Actor) -> None:
    promise = promise_past_due(case, bob)
    assert (promise.state, promise.settled_at) == ("broken", None)
    assert kinds()[-1] == "promise.broken"
    broken = Entry.objects.get(kind="promise.broken")
    assert (broken.actor_kind, broken.data["why"]) == ("system", "late")
    assert not services.note_promise_due(promise_id=promise.pk, now=NOW + 2 * HOUR)
    assert "Keep or settle 1 promise." in queries.list_missing(case=case)


@pytest.mark.parametrize(("state", "facts"), [("kept", ["promise.kept"]), ("broken", [])])
def test_somebody_still_has_the_word_on_what_broke_by_itself(
    case: Case, bob: Actor, state: str, facts: list[str]
) -> None:
    promise = promise_past_due(case, bob)
    told = len(kinds())
    later = NOW + 2 * HOUR
    services.settle_promise(case=case, promise_id=promise.pk, state=state, actor=bob, now=later)
    promise.refresh_from_db()
    assert (promise.state, promise.settled_at) == (state, later)
    assert kinds()[told:] == facts
    with pytest.raises(ConflictError):
        services.settle_promise(
            case=case, promise_id=promise.pk, state="kept", actor=bob, now=later
        )


def test_a_settled_promise_never_breaks(case: Case, bob: Actor) -> None:
    promise = services.make_promise(
        case=case, text="Ring her", due_at=NOW + HOUR, actor=bob, now=NOW
    )
    services.settle_promise(case=case, promise_id=promise.pk, state="kept", actor=bob, now=NOW)
    assert not services.note_promise_due(promise_id=promise.pk, now=NOW + HOUR)
    assert not services.note_promise_due(promise_id=case.pk, now=NOW + HOUR)
    promise.refresh_from_db()
    assert promise.state == "kept"


def test_a_promise_is_kept_or_broken_once(case: Case, bob: Actor) -> None:
    with pytest.raises(AppError) as refused:
        services.make_promise(case=case, text="Ring her", due_at=NOW, actor=bob, now=NOW)
    assert refused.value.field == "due_at"
    promise = services.make_promise(
        case=case, text="Ring her", due_at=NOW + HOUR, actor=bob, now=NOW
    )
    services.settle_promise(case=case, promise_id=promise.pk, state="kept", actor=bob, now=NOW)
    with pytest.raises(ConflictError):
        services.settle_promise(
            case=case, promise_id=promise.pk, state="broken", actor=bob, now=NOW
        )
    promise.refresh_from_db()
    assert (promise.state, promise.settled_at) == ("kept", NOW)
    assert kinds() == ["case.opened", "promise.made", "promise.kept"]


def test_escalating_hands_the_case_to_a_manager(case: Case, bob: Actor, mona: Actor) -> None:
    held = services.escalate_case(case=case, note="She wants the owner.", actor=bob, now=NOW)
    assert (held.stage, held.owner_id, held.escalated_at) == ("escalate", mona.id, NOW)
    assert held.due_at == NOW + 24 * HOUR
    assert CaseNote.objects.get().text == "She wants the owner."
    with pytest.raises(ConflictError):
        services.escalate_case(case=case, actor=bob, now=NOW)


def test_a_late_stage_escalates_by_itself(case: Case, bob: Actor) -> None:
    due: dict[str, Any] = {"case_id": case.pk, "stage": "collect"}
    assert not services.note_due(**due, now=NOW + 3 * HOUR)
    assert services.note_due(**due, now=NOW + 4 * HOUR)
    assert not services.note_due(**due, now=NOW + 4 * HOUR)
    assert fresh(case).stage == "escalate"
    assert Entry.objects.get(kind="case.escalated").data["why"] == "late"
    assert not services.note_due(case_id=case.pk, stage="escalate", now=NOW + 99 * HOUR)


def test_a_case_that_moved_on_does_not_escalate(case: Case, bob: Actor) -> None:
    services.record_collect(case=case, what_happened="Cable.", actor=bob, now=NOW)
    assert not services.note_due(case_id=case.pk, stage="collect", now=NOW + 4 * HOUR)
    assert fresh(case).stage == "apologise"


def test_closing_lists_what_is_missing(case: Case, bob: Actor) -> None:
    services.make_promise(case=case, text="Ring", due_at=NOW + HOUR, actor=bob, now=NOW)
    with pytest.raises(AppError) as refused:
        services.close_case(case=case, outcome="settled", actor=bob, now=NOW)
    assert refused.value.data["missing"] == [
        "Write down what happened.",
        "Keep or settle 1 promise.",
        "Nobody has apologised yet.",
        "Do the 2 steps that make it right.",
        "Do the last step that keeps it from happening again.",
        "Ask the customer whether it is put right.",
    ]
    assert fresh(case).status == "open"


def test_a_case_closes_when_all_is_done(case: Case, bob: Actor) -> None:
    work_through(case, bob)
    with pytest.raises(AppError) as refused:
        services.close_case(case=case, outcome="settled", actor=bob, now=NOW)
    assert refused.value.data["missing"] == ["Ask the customer whether it is put right."]
    services.ask_customer(case=case, how="phone", actor=bob, now=NOW)
    assert fresh(case).status == "waiting"
    held = services.close_case(case=case, outcome="settled", actor=bob, now=NOW)
    assert (held.status, held.outcome, held.closed_at, held.due_at) == (
        "closed", "settled", NOW, None,
    )  # fmt: skip
    assert fresh(case).failure.status == "closed"
    assert kinds()[-2:] == ["failure.closed", "case.closed"]
    with pytest.raises(ConflictError):
        services.close_case(case=case, outcome="settled", actor=bob, now=NOW)


def test_a_manager_closes_early_and_says_why(case: Case, bob: Actor, mona: Actor) -> None:
    for actor, note in ((bob, "She moved away."), (mona, " ")):
        with pytest.raises(AppError):
            services.close_case(case=case, outcome="no_answer", note=note, actor=actor, now=NOW)
    assert fresh(case).status == "open"
    held = services.close_case(
        case=case, outcome="no_answer", note="She moved away.", actor=mona, now=NOW
    )
    assert (held.status, held.close_note) == ("closed", "She moved away.")


def test_the_customer_is_asked_once_a_day(case: Case, bob: Actor) -> None:
    services.ask_customer(case=case, how="email", actor=bob, now=NOW)
    with pytest.raises(ConflictError):
        services.ask_customer(case=case, how="email", actor=bob, now=NOW + HOUR)
    message = Message.objects.get()
    assert (message.component, message.link_purpose) == ("check_in", "c")
    assert message.text.startswith("Hello Nora,")
    services.ask_customer(case=case, how="email", actor=bob, now=NOW + 24 * HOUR)
    assert Message.objects.count() == 2


def test_an_unhappy_answer_takes_a_closed_case_up_again(
    case: Case, mona: Actor, nora: Customer
) -> None:
    services.close_case(case=case, outcome="settled", note="Enough.", actor=mona, now=NOW)
    held = services.answer_case(
        case=case, answer="not_good", text="It squeaks.", actor=customer_actor(nora.pk), now=NOW
    )
    assert (held.status, held.stage, held.answer, held.outcome) == (
        "open", "collect", "not_good", "",
    )  # fmt: skip
    assert fresh(case).failure.status == "recorded"
    note = CaseNote.objects.get()
    assert (note.text, note.is_from_customer) == ("It squeaks.", True)
    assert kinds()[-2:] == ["case.answered", "case.reopened"]


def test_a_happy_answer_leaves_a_closed_case_closed(case: Case, mona: Actor) -> None:
    services.close_case(case=case, outcome="settled", note="Enough.", actor=mona, now=NOW)
    customer = customer_actor(case.customer_id)
    assert (
        services.answer_case(case=case, answer="good", actor=customer, now=NOW).status == "closed"
    )
    with pytest.raises(AppError):
        services.answer_case(case=case, answer="maybe", actor=customer, now=NOW)


def test_a_customer_who_wants_to_talk_gets_a_step_in_the_plan(case: Case) -> None:
    who = customer_actor(case.customer_id)
    for _ in range(2):
        services.ask_for_contact(case=case, how="phone", address="07700 900123", actor=who, now=NOW)
    item = PlanItem.objects.get(text__startswith="Get in touch")
    assert item.text == "Get in touch, as the customer asked (phone): 07700 900123"
    assert item.due_at == NOW + 4 * HOUR


def redeem(case: Case, actor: Actor) -> Any:
    offer = offers.issue_offer(
        failure=case.failure, remedy="redo", title="Again, free", terms="Once.",
        value_minor=1000, days=30, actor=actor, now=NOW,
    )  # fmt: skip
    offers.redeem_offer(code=offers.code_of(offer), actor=actor, now=NOW)
    return offer


def test_a_return_closes_the_case_when_all_else_is_done(case: Case, bob: Actor) -> None:
    work_through(case, bob)
    offer = redeem(case, bob)
    held = services.record_return(offer_id=offer.pk, now=NOW)
    assert held is not None
    assert (held.status, held.outcome, held.returned_at) == ("closed", "returned", NOW)
    assert kinds()[-3:] == ["case.returned", "failure.closed", "case.closed"]


def test_a_return_alone_does_not_close_a_case(case: Case, bob: Actor) -> None:
    offer = redeem(case, bob)
    held = services.record_return(offer_id=offer.pk, now=NOW)
    assert held is not None
    assert (held.status, held.returned_at) == ("open", NOW)
    assert "Nobody has apologised yet." in queries.list_missing(case=held)


def test_analysts_change_nothing(case: Case, ana: Actor) -> None:
    item = queries.list_plan_items(case=case)[0]
    before = (fresh(case).__dict__ | {"_state": 0}, kinds())
    writes: list[Any] = [
        lambda: services.record_collect(case=case, what_happened="x", actor=ana, now=NOW),
        lambda: services.record_apology(case=case, how="phone", text=SORRY, actor=ana, now=NOW),
        lambda: services.ask_customer(case=case, how="phone", actor=ana, now=NOW),
        lambda: services.move_stage(case=case, stage="apologise", actor=ana, now=NOW),
        lambda: services.escalate_case(case=case, actor=ana, now=NOW),
        lambda: services.add_plan_item(case=case, plan="prevent", text="x", actor=ana, now=NOW),
        lambda: services.finish_plan_item(case=case, item_id=item.pk, actor=ana, now=NOW),
        lambda: services.make_promise(case=case, text="x", due_at=NOW + HOUR, actor=ana, now=NOW),
        lambda: services.close_case(case=case, outcome="settled", note="x", actor=ana, now=NOW),
        lambda: services.assign_case(case=case, owner_id=ana.id, actor=ana, now=NOW),
        lambda: services.add_note(case=case, text="x", actor=ana, now=NOW),
        lambda: services.open_case_by_hand(kind="wait", title="x", severity=1, actor=ana, now=NOW),
    ]
    for write in writes:
        with pytest.raises(ForbiddenError):
            write()
    after = (fresh(case).__dict__ | {"_state": 0}, kinds())
    assert {k: v for k, v in before[0].items() if not k.startswith("_")} == {
        k: v for k, v in after[0].items() if not k.startswith("_")
    }
    assert before[1] == after[1]
    assert (Promise.objects.count(), CaseNote.objects.count(), Failure.objects.count()) == (0, 0, 1)


def test_places_out_of_scope_hide_their_cases(bob: Actor) -> None:
    near, far = make_location(), make_location(name="Far")
    case = services.open_case(failure_id=make_failure(location=far).pk, now=NOW)
    scoped = Actor(kind="staff", id=bob.id, location_ids=frozenset({near.pk}))
    assert queries.list_board(actor=scoped) == []
    with pytest.raises(NotFoundError):
        queries.get_case(actor=scoped, case_id=case.pk)
    assert queries.get_case(actor=bob, case_id=case.pk) == case


def test_the_timeline_tells_it_all_newest_first(case: Case, bob: Actor) -> None:
    services.add_note(case=case, text="Leo remembers the job.", actor=bob, now=NOW + HOUR)
    redeem(case, bob)
    events = queries.list_timeline(case=fresh(case))
    assert [event.kind for event in events] == [
        "note.staff", "case.opened", "offer.issued", "offer.redeemed",
    ]  # fmt: skip
    assert events[0].text == "Leo remembers the job."
    assert events[2].who == "Bob"


def test_whoever_begins_to_work_has_the_case_from_then_on(
    case: Case, bob: Actor, mona: Actor
) -> None:
    assert case.owner_id is None
    services.record_collect(case=case, what_happened="Cable.", actor=bob, now=NOW)
    services.record_apology(case=case, how="phone", text="I am sorry.", actor=mona, now=NOW)
    case.refresh_from_db()
    assert case.owner_id == bob.id


@pytest.mark.parametrize(
    ("act", "values", "field"),
    [
        (services.close_case, {"outcome": "sold"}, "outcome"),
        (services.make_promise, {"text": " ", "due_at": NOW + HOUR}, "text"),
        (services.make_promise, {"text": "Ring", "due_at": NOW}, "due_at"),
        (services.settle_promise, {"promise_id": uuid4(), "state": "forgotten"}, "state"),
        (services.answer_case, {"answer": "perhaps"}, "answer"),
        (services.answer_case, {"answer": "good", "text": "x" * 20_000}, "text"),
        (services.ask_for_contact, {"how": "pigeon"}, "how"),
        (services.add_note, {"text": " "}, "text"),
    ],
)
def test_what_is_not_complete_is_refused_at_its_field(
    case: Case, bob: Actor, act: Any, values: dict[str, Any], field: str
) -> None:
    before = kinds()
    with pytest.raises(AppError) as caught:
        act(case=case, actor=bob, now=NOW, **values)
    assert caught.value.field == field
    assert kinds() == before


def test_a_promise_of_another_case_is_not_found(case: Case, bob: Actor) -> None:
    with pytest.raises(NotFoundError):
        services.settle_promise(case=case, promise_id=uuid4(), state="kept", actor=bob, now=NOW)
    assert services.note_promise_due(promise_id=uuid4(), now=NOW) is False


def test_an_open_case_cannot_be_opened_again(case: Case, mona: Actor) -> None:
    with pytest.raises(ConflictError, match="This case is open"):
        services.reopen_case(case=case, actor=mona, now=NOW)
    closed = services.close_case(case=case, outcome="settled", note="Rang", actor=mona, now=NOW)
    services.reopen_case(case=closed, actor=mona, now=NOW, note="She rang back")
    assert fresh(case).status == "open"
    assert CaseNote.objects.get().text == "She rang back"


def test_whoever_wants_to_talk_brings_a_waiting_or_closed_case_back(
    case: Case, mona: Actor
) -> None:
    Case.objects.update(status="waiting")
    her = customer_actor(case.customer_id)
    services.ask_for_contact(case=case, how="phone", actor=her, now=NOW, text="Ring me")
    assert (fresh(case).status, CaseNote.objects.get().is_from_customer) == ("open", True)
    services.close_case(case=case, outcome="settled", note="Rang", actor=mona, now=NOW)
    services.ask_for_contact(case=case, how="phone", actor=her, now=NOW)
    assert fresh(case).status == "open"


def test_a_return_with_an_unknown_offer_is_nothing() -> None:
    assert services.record_return(offer_id=uuid4(), now=NOW) is None


def test_a_promise_outlives_its_case(case: Case, mona: Actor) -> None:
    promise = services.make_promise(
        case=case, text="We ring", due_at=NOW + HOUR, actor=mona, now=NOW
    )
    other = services.make_promise(
        case=case, text="We write", due_at=NOW + 2 * HOUR, actor=mona, now=NOW
    )
    services.close_case(case=case, outcome="parted", note="They moved away.", actor=mona, now=NOW)
    assert services.note_promise_due(promise_id=promise.pk, now=NOW + HOUR)
    settled = services.settle_promise(
        case=case, promise_id=other.pk, state="kept", actor=mona, now=NOW + HOUR
    )
    promise.refresh_from_db()
    assert (promise.state, settled.state) == ("broken", "kept")
    assert fresh(case).status == "closed"
