"""The inbox: who sees what, what each list holds, and that looking changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.facts import Actor
from apps.replies.models import Reply
from apps.reviews import services
from apps.reviews.models import Note, Review
from apps.tenants.models import Business
from apps.web.reviews import panels
from tests import factories
from tests.conftest import ClientFor, person

INBOX = "/inbox/"
HOSTILE = "<script>alert(1)</script> \"'><img src=x onerror=alert(1)>"


def now() -> datetime:
    return datetime.now(UTC)


def url(name: str, *args: Any) -> str:
    return reverse(f"web:reviews:{name}", args=args, urlconf="cxsaas.urls")


def make(remote_id: str, **values: Any) -> Review:
    return factories.make_review(remote_id=remote_id, now=values.pop("at", now()), **values)


def test_it_is_opened_by_those_who_work_here(client_for: ClientFor, inside: Business) -> None:
    review = make("a")
    for address in (INBOX, url("review", review.pk)):
        found = {
            name: client_for(name).get(address).status_code
            for name in ("alice", "mona", "bob", "ana", "charlie")
        }
        assert found == {"alice": 200, "mona": 200, "bob": 200, "ana": 200, "charlie": 403}
        assert client_for().get(address).status_code == 302
    assert client_for("dora", business="beta").get(url("review", review.pk)).status_code == 404


def test_the_views_hold_what_they_say(client_for: ClientFor, bob: Actor) -> None:
    soon, later = now() + timedelta(hours=1), now() + timedelta(hours=9)
    texts: dict[str, dict[str, Any]] = {
        "new": {"status": "new", "due_at": later},
        "late": {"status": "open", "due_at": soon},
        "mine": {"status": "waiting", "assignee_id": bob.id},
        "snoozed": {"status": "snoozed", "snoozed_until": later},
        "replied": {"status": "replied"},
        "resolved": {"status": "resolved", "due_at": soon},
    }
    for name, values in texts.items():
        make(name, text=f"word-{name}", **values)
    client = client_for("bob")
    expected = {
        "all": {"new", "late", "mine"},
        "mine": {"mine"},
        "late": {"late"},
        "snoozed": {"snoozed"},
        "done": {"replied", "resolved"},
        "everything": set(texts),
        "nonsense": {"new", "late", "mine"},
    }
    found = {}
    for view in expected:
        html = client.get(INBOX, {"view": view}).content.decode()
        found[view] = {name for name in texts if f"word-{name}" in html}
    assert found == expected


def test_filters_narrow_and_words_are_found(client_for: ClientFor, inside: Business) -> None:
    place = factories.make_location(name="Harbour")
    make("a", text="The brake failed", rating=1, source="google", flags=["safety"])
    make("b", text="Lovely wheel build", rating=5, source="trustpilot", location=place)
    make("c", text="Brakes squeal a little", rating=3, tags=["brakes"], status="resolved")
    client = client_for("bob")

    def found(**params: Any) -> set[str]:
        html = client.get(INBOX, {"view": "everything", **params}).content.decode()
        words = {"a": "The brake failed", "b": "Lovely wheel build", "c": "Brakes squeal"}
        return {key for key, text in words.items() if text in html}

    assert found(source="google") == {"a", "c"}
    assert found(rating=5) == {"b"}
    assert found(rating=1) == {"a"}
    assert found(flag="safety") == {"a"}
    assert found(tag="brakes") == {"c"}
    assert found(location=place.pk) == {"b"}
    assert found(q="brake") == {"a", "c"}
    assert found(q="brake failed") == {"a"}
    assert found(q="wheel bui") == {"b"}
    assert found(q='"brake failed"') == {"a"}
    assert found(q="brake -failed") == set()
    assert found(q="squeal OR wheel") == {"b", "c"}
    assert found(q="!!! ' \\ & | :*") == set()
    assert found(rating="9", location="nonsense", flag="nothing") == {"a", "b", "c"}
    words_only = client.get(INBOX, {"q": "squeal"}).content.decode()
    assert "Brakes squeal" in words_only


@pytest.mark.parametrize("address", [INBOX, "review"])
def test_a_page_asks_no_more_for_more_rows(client_for: ClientFor, bob: Actor, address: str) -> None:
    customer = factories.make_customer()
    seen = []
    for n in (1, 3):
        for i in range(n):
            review = make(f"q{n}{i}", customer=customer, source=f"site{n}{i}", tags=[f"t{n}{i}"])
            services.add_note(review=review, text="Look", actor=bob, now=now())
            for k in range(n):
                services.add_note(review=review, text=f"Again {k}", actor=bob, now=now())
        target = INBOX if address == INBOX else url("review", review.pk)
        client = client_for("bob")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(target).status_code == 200
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_the_list_goes_on_by_key(client_for: ClientFor, inside: Business) -> None:
    at = now()
    for n in range(45):
        make(f"n{n}", text=f"row-{n:02}", at=at - timedelta(minutes=n))
    client = client_for("bob")
    first = client.get(INBOX)
    assert first.content.decode().count('class="letter"') == 40
    cursor = first.context["page"].next_cursor
    second = client.get(INBOX, {"cursor": cursor}).content.decode()
    assert [n for n in range(45) if f"row-{n:02}" in second] == [40, 41, 42, 43, 44]
    assert client.get(INBOX, {"cursor": "nonsense"}).status_code == 404


def test_hostile_words_are_words(client_for: ClientFor, bob: Actor) -> None:
    customer = factories.make_customer(first_name=HOSTILE[:40])
    review = make("x", text=HOSTILE, title=HOSTILE, customer=customer, tags=["<b>"], label=HOSTILE)
    services.add_note(review=review, text=HOSTILE, actor=bob, now=now())
    client = client_for("bob")
    client.post(url("draft", review.pk), {"kind": "public", "text": HOSTILE})
    for address in (INBOX, url("review", review.pk), f"{INBOX}?q=%3Cscript%3E"):
        html = client.get(address).content.decode()
        assert "<script>alert(1)" not in html
        assert "<img src=x" not in html
        assert "<b>&" not in html
    check = client.post(url("check", review.pk), {"kind": "public", "text": HOSTILE})
    assert "<script>alert(1)" not in check.content.decode()


def snapshot() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Review, Note, Reply)]


def test_looking_changes_nothing(client_for: ClientFor, inside: Business) -> None:
    review = make("a", customer=factories.make_customer())
    before = snapshot()
    client = client_for("bob")
    for address in (
        INBOX,
        url("review", review.pk),
        f"{url('review', review.pk)}?reply=private",
        f"{url('review', review.pk)}?reply=note",
    ):
        assert client.get(address).status_code == 200
    writes = ("assign", "snooze", "resolve", "reopen", "tag", "note", "check", "draft", "reply")
    for name in writes:
        assert client.get(url(name, review.pk)).status_code == 405
    assert snapshot() == before


def test_an_analyst_reads_and_changes_nothing(client_for: ClientFor, inside: Business) -> None:
    review = make("a", customer=factories.make_customer(), kind="response", source="own")
    before = snapshot()
    client = client_for("ana")
    html = client.get(url("review", review.pk)).content.decode()
    assert "Nora Keane" not in html
    assert "nora@example.com" not in html
    assert 'id="composer"' not in html
    for name in ("assign", "snooze", "resolve", "reopen", "tag", "note", "check", "draft", "reply"):
        assert client.post(url(name, review.pk), {"text": "x", "kind": "public"}).status_code == 403
    assert snapshot() == before


def test_another_business_changes_nothing(client_for: ClientFor, inside: Business) -> None:
    review = make("a")
    before = snapshot()
    client = client_for("dora", business="beta")
    for name in ("assign", "snooze", "resolve", "reopen", "tag", "note", "check", "draft", "reply"):
        assert client.post(url(name, review.pk), {"text": "x", "kind": "public"}).status_code == 404
    assert snapshot() == before


def test_resolving_shows_the_next_one_and_can_be_undone(
    client_for: ClientFor, inside: Business
) -> None:
    at = now()
    first, second = make("a", at=at), make("b", at=at - timedelta(hours=1))
    client = client_for("bob")
    answer = client.post(url("resolve", first.pk))
    assert answer.headers["Location"] == url("review", second.pk)
    page = client.get(answer.headers["Location"]).content.decode()
    assert f'action="{url("reopen", first.pk)}"' in page
    first.refresh_from_db()
    assert first.status == "resolved"
    client.post(url("reopen", first.pk))
    first.refresh_from_db()
    assert (first.status, first.resolved_at) == ("open", None)
    assert client.post(url("resolve", second.pk)).headers["Location"] == INBOX


def test_snoozing_needs_a_moment_in_the_future(client_for: ClientFor, inside: Business) -> None:
    review = make("a")
    client = client_for("bob")
    for body in ({}, {"when": "never"}, {"until": "2020-01-01T09:00"}, {"until": "soon"}):
        client.post(url("snooze", review.pk), body)
        review.refresh_from_db()
        assert review.status == "new"
    client.post(url("snooze", review.pk), {"when": "tomorrow"})
    review.refresh_from_db()
    assert review.status == "snoozed"
    assert review.snoozed_until is not None
    assert review.snoozed_until.minute == 0


def test_assigning_takes_it_up(client_for: ClientFor, inside: Business) -> None:
    review = make("a")
    mona = person("mona").pk
    client = client_for("bob")
    client.post(url("assign", review.pk), {"member": str(mona)})
    review.refresh_from_db()
    assert (review.assignee_id, review.status) == (mona, "open")
    client.post(url("assign", review.pk), {"member": str(person("dora").pk)})
    review.refresh_from_db()
    assert review.assignee_id == mona
    client.post(url("assign", review.pk), {})
    review.refresh_from_db()
    assert review.assignee_id is None


def test_tags_and_notes_are_kept(client_for: ClientFor, inside: Business) -> None:
    review = make("a")
    client = client_for("bob")
    client.post(url("tag", review.pk), {"tags": "Brakes,  mill lane , ,brakes"})
    client.post(url("note", review.pk), {"text": "Cable clamp was loose."})
    review.refresh_from_db()
    assert review.tags == ["brakes", "mill lane"]
    assert Note.objects.get().text == "Cable clamp was loose."
    empty = client.post(url("note", review.pk), {"text": "  "})
    assert empty.status_code == 422
    assert "Write the note first." in empty.content.decode()
    assert Note.objects.count() == 1


def test_a_part_is_only_the_conversation(client_for: ClientFor, inside: Business) -> None:
    review = make("a")
    client = client_for("bob")
    part = client.get(url("review", review.pk), headers={"HX-Request": "true"}).content.decode()
    assert 'id="conversation"' in part
    assert "<html" not in part
    assert 'id="list"' not in part


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("assign", {"member": "nobody"}, "Choose a member of the team."),
        ("tags", {"tags": "x" * 2000}, "These tags are too long."),
        ("snooze", {"until": "never"}, "Choose when it should come back."),
        ("snooze", {}, "Choose when it should come back."),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    client_for: ClientFor, inside: Business, path: str, body: dict[str, str], words: str
) -> None:
    review = factories.make_review()
    page = client_for("mona").post(f"/inbox/{review.pk}/{path}/", body, follow=True)
    assert words in page.content.decode()
    review.refresh_from_db()
    assert (review.status, review.tags, review.assignee_id) == ("new", [], None)


def test_a_note_without_words_is_asked_for_at_its_field(
    client_for: ClientFor, inside: Business
) -> None:
    review = factories.make_review()
    answer = client_for("bob").post(f"/inbox/{review.pk}/notes/", {"text": " "})
    assert answer.status_code == 422
    assert "Write the note first." in answer.content.decode()


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=9, minutes=5), "9 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=5), "3 days"),
    ],
)
def test_a_span_of_time_is_said_in_two_units_at_most(span: timedelta, words: str) -> None:
    assert panels.span_words(span) == words


@pytest.mark.parametrize(
    ("back", "short", "long"),
    [
        (timedelta(hours=1), "11:00", "13 May 11:00"),
        (timedelta(days=2), "Mon", "11 May 12:00"),
        (timedelta(days=20), "23 Apr", "23 Apr 12:00"),
        (timedelta(days=200), "Oct 2025", "25 Oct 2025 12:00"),
    ],
)
def test_a_moment_is_said_as_short_as_it_can_be(back: timedelta, short: str, long: str) -> None:
    now = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)
    with timezone.override("UTC"):
        assert panels.short_time(now - back, now) == short
        assert panels.long_time(now - back, now) == long


@pytest.mark.parametrize(
    ("source", "name"),
    [("sms", "Text"), ("email", "Email"), ("google", "Google"), ("corner_shop", "Corner shop")],
)
def test_a_site_is_named_as_people_write_it(source: str, name: str) -> None:
    assert panels.site_name(source) == name


def test_a_review_without_a_name_bears_its_customers(
    client_for: ClientFor, inside: Business
) -> None:
    make("a", customer=factories.make_customer())
    Review.objects.update(author_name="")
    assert "Nora Keane" in client_for("bob").get(INBOX).content.decode()
    page = client_for("ana").get(INBOX).content.decode()
    assert "Nora Keane" not in page
    assert "Without a name" in page
