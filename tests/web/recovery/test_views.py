"""The recovery pages: who sees and does what, and that nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.core.facts import Actor
from apps.failures.models import Failure
from apps.messaging.models import Message
from apps.offers.models import Offer
from apps.recovery import queries, services
from apps.recovery.models import Apology, Case, CaseNote, PlanItem, Promise
from apps.recovery.queries import Event
from apps.tenants.models import Business
from apps.web.recovery.words import tell_all
from tests.conftest import ClientFor, actor_of
from tests.factories import make_customer, make_failure, make_location, make_review


def make_case(*, email: str = "nora@example.com", **values: Any) -> Case:
    now = clock.now()
    customer = make_customer(email=email, phone="")
    return services.open_case(failure_id=make_failure(customer=customer, **values).pk, now=now)


@pytest.fixture
def case(inside: Business) -> Case:
    return make_case()


def test_the_board_shows_cases_by_stage(case: Case, client_for: ClientFor) -> None:
    page = client_for("bob").get("/recovery/").content.decode()
    assert "Rear brake failed" in page
    assert "Nora Keane" in page
    assert re.search(r"3 h 59 min left|4 h left", page)
    assert page.index("Collect") < page.index("Rear brake failed") < page.index("Apologise")


def test_an_empty_board_teaches(inside: Business, client_for: ClientFor) -> None:
    page = client_for("bob").get("/recovery/").content.decode()
    assert "Nothing to put right" in page
    assert "/recovery/new/" in page


def test_mine_and_closed_are_views_of_their_own(
    case: Case, alice: Actor, bob: Actor, client_for: ClientFor
) -> None:
    client = client_for("bob")
    assert "No case is yours" in client.get("/recovery/?whose=mine").content.decode()
    services.assign_case(case=case, owner_id=bob.id, actor=bob, now=clock.now())
    assert "Rear brake failed" in client.get("/recovery/?whose=mine").content.decode()
    services.close_case(case=case, outcome="parted", note="Moved.", actor=alice, now=clock.now())
    page = client.get("/recovery/?view=closed").content.decode()
    assert "Rear brake failed" in page
    assert "Parted ways" in page


@pytest.mark.parametrize("address", ["/recovery/", "/recovery/?view=closed"])
def test_lists_take_the_same_queries_for_one_row_and_three(
    inside: Business, alice: Actor, client_for: ClientFor, address: str
) -> None:
    client = client_for("bob")

    def add(number: int) -> None:
        case = make_case(email=f"n{number}@example.com", location=make_location())
        services.assign_case(case=case, owner_id=alice.id, actor=alice, now=clock.now())
        if "closed" in address:
            services.close_case(case=case, outcome="parted", note="x", actor=alice, now=clock.now())

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries_run:
            client.get(address)
        return len(queries_run)

    add(1)
    client.get(address)
    one = count()
    add(2)
    add(3)
    assert count() == one


def test_the_page_of_a_case_shows_it_all(case: Case, bob: Actor, client_for: ClientFor) -> None:
    now = clock.now()
    services.make_promise(
        case=case, text="Ring her", due_at=now + timedelta(hours=1), actor=bob, now=now
    )
    page = client_for("bob").get(f"/recovery/{case.pk}/").content.decode()
    for words in (
        "Rear brake failed", "Case 1001", "The rear brake just went.", "3 of 5",
        "Make it right for Nora", "Keep it from happening again", "Ring her",
        "Next: Find out what happened", "Keep or settle 1 promise.", "£0</b> of £50",
        "£0</b> of £150", "Promise made", "Case opened", "/c/",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    "task",
    [
        "collect", "apologise", "ask", "answer", "make_right", "prevent", "promise", "offer",
        "escalate", "assign", "note", "close",
    ],
)  # fmt: skip
def test_every_task_has_its_form_and_address(case: Case, client_for: ClientFor, task: str) -> None:
    answer = client_for("bob").get(f"/recovery/{case.pk}/?do={task}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="work"' in page
    assert (
        'id="work"' not in client_for("ana").get(f"/recovery/{case.pk}/?do={task}").content.decode()
    )


def test_the_next_step_leads_to_the_form_that_does_it(
    case: Case, bob: Actor, client_for: ClientFor
) -> None:
    client, now = client_for("bob"), clock.now()

    def button() -> str:
        found = re.search(r'href="([^"]+)" class="button" data-kind="primary" data-wide', page())
        return found[1] if found else ""

    def page() -> str:
        return client.get(f"/recovery/{case.pk}/").content.decode()

    assert button() == "?do=collect#work"
    Failure.objects.update(status="understood")
    assert button() == "?do=apologise#work"
    Failure.objects.update(apologised_at=now)
    PlanItem.objects.all().delete()
    assert button() == "?do=make_right#work"
    services.add_plan_item(case=case, plan="make_right", text="Do it", actor=bob, now=now)
    assert "Next: Do the last step that makes it right" in page()
    assert button() == "#plan-make_right"
    PlanItem.objects.update(done_at=now)
    assert button() == "?do=prevent#work"
    services.add_plan_item(case=case, plan="prevent", text="Check it", actor=bob, now=now)
    PlanItem.objects.update(done_at=now)
    assert button() == "?do=ask#work"
    services.make_promise(
        case=case, text="Ring you", due_at=now + timedelta(hours=1), actor=bob, now=now
    )
    assert "Next: Keep or settle 1 promise<" in page()
    assert button() == "#promises"


def test_the_last_step_says_truly_whether_the_customer_was_asked(
    case: Case, client_for: ClientFor
) -> None:
    now, client = clock.now(), client_for("bob")
    Failure.objects.update(status="understood", apologised_at=now)
    services.add_plan_item(
        case=case, plan="prevent", text="Check it", actor=actor_of("bob"), now=now
    )
    services.add_plan_item(
        case=case, plan="make_right", text="Do it", actor=actor_of("bob"), now=now
    )
    PlanItem.objects.update(done_at=now)
    told = {}
    for name, change in (
        ("returned", {"returned_at": now}),
        ("asked", {"returned_at": None, "asked_at": now}),
        ("unreachable", {"asked_at": None, "customer": None}),
    ):
        Case.objects.update(**change)
        told[name] = client.get(f"/recovery/{case.pk}/").context["next"]["why"]
    assert told == {
        "returned": "Both plans are done and the customer came back.",
        "asked": "Both plans are done and the customer has been asked.",
        "unreachable": "Both plans are done, and there is no address to ask the customer at.",
    }


def test_a_finished_stage_says_how_long_it_took(case: Case, client_for: ClientFor) -> None:
    Case.objects.update(opened_at=clock.now() - timedelta(minutes=2))
    Failure.objects.update(status="understood", apologised_at=clock.now() - timedelta(minutes=1))
    stages = client_for("bob").get(f"/recovery/{case.pk}/").context["stages"]
    assert stages[1]["when"] == "Took 1 min of 24 h"


def test_what_happened_then_sorry(case: Case, client_for: ClientFor) -> None:
    client = client_for("bob")
    client.post(
        f"/recovery/{case.pk}/collect/",
        {"what_happened": "Cable.", "cause": "Process", "kind": "broken", "severity": "4"},
    )
    case.refresh_from_db()
    assert (case.stage, case.severity) == ("apologise", 4)
    answer = client.post(f"/recovery/{case.pk}/apologise/", {"how": "phone", "text": "I am sorry."})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.stage, Apology.objects.count()) == ("respond", 1)


def test_an_apology_by_mail_that_lacks_parts_is_asked_about_once(
    case: Case, client_for: ClientFor
) -> None:
    client, at = client_for("bob"), f"/recovery/{case.pk}/apologise/"
    assert (
        'name="confirmed"' not in client.get(f"/recovery/{case.pk}/?do=apologise").content.decode()
    )
    answer = client.post(at, {"how": "email", "text": "sorry"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not all five parts of an apology are there." in page
    assert 'name="confirmed"' in page
    assert Apology.objects.count() == 0
    client.post(at, {"how": "email", "text": "sorry", "confirmed": "on"})
    assert [one.text for one in Apology.objects.all()] == ["sorry"]
    assert Message.objects.get().text.startswith("Hello Nora,\n\nsorry\n\nBob\n")


def test_what_was_typed_is_kept_when_it_is_refused(case: Case, client_for: ClientFor) -> None:
    answer = client_for("bob").post(
        f"/recovery/{case.pk}/apologise/", {"how": "pigeon", "text": "So sorry about the brake."}
    )
    assert answer.status_code == 422
    assert "So sorry about the brake." in answer.content.decode()
    assert Apology.objects.count() == 0


def test_the_checks_look_at_an_apology_and_keep_nothing(client_for: ClientFor, case: Case) -> None:
    page = client_for("bob").post(
        "/recovery/check/",
        {"text": "I am sorry, that was our mistake."},
        headers={"HX-Request": "true"},
    )
    assert "of 5 parts" in page.content.decode()
    assert "<html" not in page.content.decode()
    assert Apology.objects.count() == 0


def test_steps_are_ticked_and_unticked(case: Case, client_for: ClientFor) -> None:
    client = client_for("bob")
    item = queries.list_plan_items(case=case)[0]
    for verb, count in (("done", 1), ("done", 1), ("undo", 0)):
        client.post(f"/recovery/{case.pk}/steps/{item.pk}/{verb}/")
        assert PlanItem.objects.filter(pk=item.pk, done_at__isnull=False).count() == count
    client.post(f"/recovery/{case.pk}/steps/prevent/", {"text": "Second signature"})
    assert PlanItem.objects.filter(plan="prevent", text="Second signature").count() == 1
    assert client.post(f"/recovery/{case.pk}/steps/nowhere/", {"text": "x"}).status_code == 404


def test_a_promise_is_in_the_business_time(case: Case, client_for: ClientFor) -> None:
    client = client_for("bob")
    client.post(f"/recovery/{case.pk}/promises/", {"text": "Ring", "due_at": "2030-07-01T11:00"})
    promise = Promise.objects.get()
    assert promise.due_at.isoformat() == "2030-07-01T10:00:00+00:00"
    client.post(f"/recovery/{case.pk}/promises/{promise.pk}/", {"state": "kept"})
    promise.refresh_from_db()
    assert promise.state == "kept"
    again = client.post(
        f"/recovery/{case.pk}/promises/{promise.pk}/", {"state": "broken"}, follow=True
    )
    assert "It is already known how this promise ended." in again.content.decode()


def test_an_offer_above_the_limit_is_approved_in_place(case: Case, client_for: ClientFor) -> None:
    values = {
        "remedy": "redo", "title": "Brake care", "value": "60.50", "days": "30", "terms": "Once.",
    }  # fmt: skip
    client_for("bob").post(f"/recovery/{case.pk}/offers/", values)
    offer = Offer.objects.get()
    assert (offer.state, offer.value_minor) == ("waiting_approval", 60_50)
    page = client_for("bob").get(f"/recovery/{case.pk}/").content.decode()
    assert "May allow it: " in page
    assert "Approve £60.50" not in page
    boss = client_for("mona")
    assert "Approve £60.50" in boss.get(f"/recovery/{case.pk}/").content.decode()
    answer = boss.post(f"/offers/{offer.pk}/approve/", {"case": str(case.pk)})
    assert answer.headers["Location"] == f"/recovery/{case.pk}/"
    offer.refresh_from_db()
    assert offer.state == "issued"
    page = client_for("bob").get(f"/recovery/{case.pk}/").content.decode()
    assert "above your limit; allowed by Mona" in page
    lines = re.findall(
        r"Approval asked for, worth £60.50|Offer (?:issued|approved), worth £60.50", page
    )
    assert lines == [
        "Offer approved, worth £60.50",
        "Offer issued, worth £60.50",
        "Approval asked for, worth £60.50",
    ]
    page = boss.get(f"/offers/{offer.pk}/").content.decode()
    assert re.search(r"Asked for by</dt><dd>Bob.*Approved by</dt><dd>Mona", page)


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_what_nobody_may_give_is_refused_at_the_form(
    case: Case, client_for: ClientFor, name: str
) -> None:
    values = {
        "remedy": "redo", "title": "A car", "value": "10000.01", "days": "30", "terms": "Once.",
    }  # fmt: skip
    client = client_for(name)
    answer = client.post(f"/recovery/{case.pk}/offers/", values)
    assert answer.status_code == 422
    told = (
        "Nobody on the team may give this much: £10,000 is the most that is left here. "
        "Limits follow the role in the team; an owner's is the highest."
    )
    assert answer.context["form"].errors == {"value": [told]}
    assert Offer.objects.count() == 0
    most = client.post(f"/recovery/{case.pk}/offers/", values | {"value": "10000"})
    assert most.status_code == 302
    assert Offer.objects.get().state == ("issued" if name == "alice" else "waiting_approval")


def test_changes_in_a_row_and_returns_are_told_once(case: Case) -> None:
    at = clock.now()

    def event(kind: str, what: str = "", who: str = "") -> Event:
        return Event(at=at, kind=kind, who=who, data={"what": what})

    events = [
        event("case.returned"),
        event("review.changed", "rerated"),
        event("review.changed", "rerated"),
        event("review.changed", "assigned", "Bob"),
        event("review.changed", "assigned", "Mona"),
        event("case.returned"),
        event("review.changed", "rerated"),
    ]
    assert [line.text for line in tell_all(events)] == [
        "In the inbox: the customer changed the stars",
        "In the inbox: given to somebody",
        "In the inbox: given to somebody",
        "The customer came back with an offer",
        "In the inbox: the customer changed the stars",
    ]


def test_an_offer_with_a_wrong_value_is_refused_at_the_field(
    case: Case, client_for: ClientFor
) -> None:
    values = {"remedy": "redo", "title": "X", "value": "1.005", "days": "30", "terms": "Once."}
    answer = client_for("bob").post(f"/recovery/{case.pk}/offers/", values)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“1.005” can be read in two ways; write it like 1250.00." in page
    assert 'value="1.005"' in page
    assert Offer.objects.count() == 0


def test_an_offer_takes_an_amount_as_people_type_it(case: Case, client_for: ClientFor) -> None:
    values = {"remedy": "redo", "title": "X", "value": "£12,50", "days": "30", "terms": "Once."}
    assert client_for("bob").post(f"/recovery/{case.pk}/offers/", values).status_code == 302
    assert Offer.objects.get().value_minor == 12_50


def test_closing_says_what_is_missing_in_words(case: Case, client_for: ClientFor) -> None:
    answer = client_for("bob").post(f"/recovery/{case.pk}/close/", {"outcome": "settled"})
    assert answer.status_code == 422
    assert "The case cannot close yet. Write down what happened." in answer.content.decode()
    done = client_for("mona").post(
        f"/recovery/{case.pk}/close/", {"outcome": "settled", "note": "She is happy."}
    )
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.status == "closed"
    client_for("bob").post(f"/recovery/{case.pk}/reopen/")
    case.refresh_from_db()
    assert case.status == "open"


def test_the_reason_is_needed_where_something_is_missing(case: Case, client_for: ClientFor) -> None:
    at = f"/recovery/{case.pk}"
    needed = {
        name: client_for(name).get(f"{at}/?do=close").context["form"].fields["note"].required
        for name in ("bob", "mona")
    }
    assert needed == {"bob": False, "mona": True}
    answer = client_for("mona").post(f"{at}/close/", {"outcome": "settled"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "note": ["Say why the case closes although something is missing."]
    }
    case.refresh_from_db()
    assert case.status == "open"


def test_escalate_move_assign_note_ask_answer(
    case: Case, mona: Actor, client_for: ClientFor
) -> None:
    client, at = client_for("bob"), f"/recovery/{case.pk}"
    client.post(f"{at}/notes/", {"text": "Leo knows."})
    client.post(f"{at}/assign/", {"owner": str(mona.id)})
    client.post(f"{at}/move/", {"stage": "apologise"})
    client.post(f"{at}/ask/", {"how": "phone"})
    client.post(f"{at}/answer/", {"answer": "not_good", "text": "Squeaks."})
    client.post(f"{at}/escalate/", {"note": "She wants more."})
    case.refresh_from_db()
    assert (case.stage, case.answer, case.status) == ("escalate", "not_good", "open")
    assert {note.text for note in CaseNote.objects.all()} == {
        "Leo knows.", "Squeaks.", "She wants more.",
    }  # fmt: skip


def test_a_new_case_by_hand(inside: Business, client_for: ClientFor) -> None:
    customer = make_customer()
    client = client_for("bob")
    values = {
        "title": "Waited an hour",
        "kind": "wait",
        "severity": "2",
        "customer": "nora@example.com",
    }
    wrong = client.post("/recovery/new/", values | {"customer": "nobody@example.com"})
    assert wrong.status_code == 422
    assert "Waited an hour" in wrong.content.decode()
    assert Case.objects.count() == 0
    answer = client.post("/recovery/new/", values)
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/recovery/{case.pk}/"
    assert (case.customer, case.title) == (customer, "Waited an hour")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"customer": "Keane"}, "Several customers match."),
        ({"customer": "nobody@example.com"}, "Nobody of this name or address"),
        ({"title": " "}, "This field is required."),
        ({"severity": "9"}, "Select a valid choice."),
    ],
)
def test_a_new_case_says_what_is_wrong(
    inside: Business, client_for: ClientFor, change: dict[str, str], words: str
) -> None:
    make_customer()
    make_customer(first_name="Una", email="una@example.com", phone="")
    values = {"title": "Waited", "kind": "wait", "severity": "2", "customer": ""} | change
    answer = client_for("bob").post("/recovery/new/", values)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Case.objects.count() == 0


@pytest.mark.parametrize("known", ["nonsense", "00000000-0000-0000-0000-000000000000", ""])
def test_the_form_of_a_new_case_knows_where_one_comes_from(
    inside: Business, client_for: ClientFor, known: str
) -> None:
    customer = make_customer(phone="")
    nameless = make_customer(first_name="Una", last_name="Byrne", email="", phone="")
    client = client_for("bob")
    expected = {known: "", customer.pk: "nora@example.com", nameless.pk: "Una Byrne"}
    for wanted, shown in expected.items():
        page = client.get(f"/recovery/new/?customer={wanted}")
        assert page.context["form"]["customer"].value() == shown


def test_a_case_of_nobody_has_nobody_to_send_an_offer_to(
    inside: Business, client_for: ClientFor
) -> None:
    case = services.open_case(failure_id=make_failure().pk, now=clock.now())
    page = client_for("bob").get(f"/recovery/{case.pk}/")
    told = "There is no customer on this case: tell them in person."
    assert page.context["offer_bars"] == told


def test_a_review_becomes_a_case_by_hand(inside: Business, client_for: ClientFor) -> None:
    review = make_review(rating=3, text="Price was higher than told.")
    client = client_for("bob")
    for _ in range(2):
        client.post("/recovery/record/", {"review": str(review.pk)})
    assert Case.objects.get().failure.review == review
    assert client.post("/recovery/record/", {"review": "x"}).status_code == 404


def test_analysts_read_and_change_nothing(case: Case, client_for: ClientFor) -> None:
    client, at = client_for("ana"), f"/recovery/{case.pk}"
    assert client.get("/recovery/").status_code == 200
    page = client.get(f"{at}/").content.decode()
    assert "Rear brake failed" in page
    assert "/c/" not in page
    item = queries.list_plan_items(case=case)[0]
    writes = [
        "collect", "apologise", "ask", "answer", "steps/prevent", f"steps/{item.pk}/done",
        "promises", "offers", "escalate", "move", "assign", "notes", "close", "reopen",
    ]  # fmt: skip
    codes = {name: client.post(f"{at}/{name}/", {"text": "x"}).status_code for name in writes}
    assert set(codes.values()) == {403}
    assert client.post("/recovery/record/", {"review": "x"}).status_code == 403
    case.refresh_from_db()
    item.refresh_from_db()
    assert (case.stage, item.done_at, CaseNote.objects.count()) == ("collect", None, 0)


def test_other_businesses_find_nothing(case: Case, client_for: ClientFor) -> None:
    client = client_for("dora", business="beta")
    assert client.get(f"/recovery/{case.pk}/").status_code == 404
    assert client.post(f"/recovery/{case.pk}/notes/", {"text": "x"}).status_code == 404
    assert "Rear brake" not in client.get("/recovery/").content.decode()
    assert CaseNote.objects.count() == 0


def test_hostile_words_are_only_words(inside: Business, client_for: ClientFor) -> None:
    case = make_case(title="<script>alert(1)</script>", quote="<img src=x onerror=alert(1)>")
    page = client_for("bob").get(f"/recovery/{case.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
