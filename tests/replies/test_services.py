"""Replies: drafts are kept, the first sender wins, ten seconds to think again, templates fit."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import Actor
from apps.customers.models import ContactPoint
from apps.jobs.models import Ticket
from apps.journal.models import Entry
from apps.messaging.models import Message
from apps.replies import queries, services
from apps.replies.models import Reply
from apps.reviews.models import Review
from apps.tenants import wall
from tests import factories
from tests.conftest import actor_of, business_of

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=10)


def send(review: Review, actor: Actor, text: str = "Thank you.", **values: Any) -> Reply:
    values = {"kind": "public", "now": NOW, **values}
    return services.send_reply(review=review, text=text, actor=actor, **values)


def facts() -> list[tuple[str, str]]:
    entries = Entry.objects.filter(kind="review.replied").order_by("id")
    return [(entry.kind, entry.data["state"]) for entry in entries]


def test_a_draft_is_one_per_person_and_kind(bob: Actor, mona: Actor) -> None:
    review = factories.make_review()
    for text in ("One", "Two"):
        services.save_draft(review=review, kind="public", text=text, actor=bob, now=NOW)
    services.save_draft(review=review, kind="private", text="Three", actor=bob, now=NOW)
    services.save_draft(review=review, kind="public", text="Four", actor=mona, now=NOW)
    kept = Reply.objects.order_by("text").values_list("text", "kind", "author_id")
    assert list(kept) == [
        ("Four", "public", mona.id),
        ("Three", "private", bob.id),
        ("Two", "public", bob.id),
    ]
    services.save_draft(review=review, kind="public", text="  ", actor=bob, now=NOW)
    assert Reply.objects.count() == 2


def test_a_reply_on_the_own_page_goes_out_after_ten_seconds(bob: Actor) -> None:
    review = factories.make_review(source="own")
    reply = send(review, bob)
    review.refresh_from_db()
    assert (reply.state, review.status, review.replied_at) == ("queued", "replied", NOW)
    assert Ticket.objects.get(kind="replies.publish").not_before == SOON
    services.publish_reply(reply_id=reply.pk, now=SOON - timedelta(seconds=1))
    assert facts() == []
    services.publish_reply(reply_id=reply.pk, now=SOON)
    services.publish_reply(reply_id=reply.pk, now=SOON)
    reply.refresh_from_db()
    assert reply.state == "live"
    assert facts() == [("review.replied", "live")]


def test_a_reply_can_be_taken_back_and_is_a_draft_again(bob: Actor) -> None:
    review = factories.make_review(source="own")
    reply = send(review, bob, text="Too quick")
    services.save_draft(review=review, kind="public", text="Begun since", actor=bob, now=NOW)
    services.undo_reply(reply=reply, actor=bob, now=NOW)
    review.refresh_from_db()
    assert (review.status, review.replied_at) == ("open", None)
    assert list(Reply.objects.values_list("state", "text")) == [
        ("draft", "Too quick\n\nBegun since")
    ]
    services.publish_reply(reply_id=reply.pk, now=SOON)
    assert Reply.objects.get().state == "draft"
    assert facts() == []


def test_a_reply_on_a_site_without_a_connection_is_noted_as_posted(bob: Actor) -> None:
    review = factories.make_review(source="google")
    reply = send(review, bob, is_done=True)
    review.refresh_from_db()
    assert (reply.state, review.status) == ("marked_posted", "resolved")
    assert facts() == [("review.replied", "marked_posted")]
    assert Ticket.objects.filter(kind="replies.publish").count() == 0


def test_the_second_sender_hears_who_was_first_and_keeps_the_draft(bob: Actor, mona: Actor) -> None:
    review = factories.make_review(source="own")
    send(review, bob, text="First")
    with pytest.raises(ConflictError) as caught:
        send(review, mona, text="Second")
    assert caught.value.message == (
        "Bob has answered already, at 10:00. Your words are kept as a draft."
    )
    assert sorted(Reply.objects.values_list("state", "text")) == [
        ("draft", "Second"),
        ("queued", "First"),
    ]


def test_of_many_senders_at_once_one_wins(committed: None) -> None:
    alpha = business_of("alpha")
    with wall.as_business(alpha):
        review = factories.make_review(source="own")
        actors = [actor_of(name) for name in ("alice", "mona", "bob")]
    start, won, lost = threading.Barrier(9), [], []

    def work(actor: Actor, number: int) -> None:
        start.wait()
        try:
            with wall.as_business(alpha):
                won.append(send(review, actor, text=f"Words {number}").pk)
        except ConflictError as error:
            lost.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(actors[n % 3], n)) for n in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lost == ["answered_already"] * 8
    with wall.as_business(alpha):
        assert Reply.objects.filter(state="queued").count() == 1


def test_a_private_reply_is_a_message_to_the_customer(bob: Actor) -> None:
    customer = factories.make_customer()
    review = factories.make_review(customer=customer, rating=1)
    contact = ContactPoint.objects.get(channel="email")
    reply = send(review, bob, kind="private", contact_id=contact.pk, text="We are sorry, Nora.")
    review.refresh_from_db()
    assert (review.status, Message.objects.count()) == ("waiting", 0)
    services.publish_reply(reply_id=reply.pk, now=SOON)
    message = Message.objects.get()
    assert (message.channel, message.purpose, message.subject_id, message.address) == (
        "email",
        "recovery",
        review.pk,
        "nora@example.com",
    )
    assert "We are sorry, Nora." in message.text
    reply.refresh_from_db()
    assert (reply.state, reply.message_id) == ("live", message.pk)
    with pytest.raises(ConflictError):
        services.undo_reply(reply=reply, actor=bob, now=SOON)


def test_a_draft_to_somebody_elses_address_is_refused_and_its_words_are_kept(bob: Actor) -> None:
    review = factories.make_review(customer=factories.make_customer())
    other = factories.make_customer(email="other@example.com", phone="")
    foreign = ContactPoint.objects.get(customer=other)
    for contact_id in (foreign.pk, uuid4()):
        for write in (services.save_draft, services.send_reply):
            with pytest.raises(AppError, match="no address of this customer") as caught:
                write(
                    review=review, kind="private", text=f"Dear Nora {contact_id}",
                    contact_id=contact_id, actor=bob, now=NOW,
                )  # fmt: skip
            assert (caught.value.code, caught.value.field) == ("contact", "contact")
        draft = Reply.objects.get()
        assert (draft.text, draft.contact_id) == (f"Dear Nora {contact_id}", None)
        assert draft.state == "draft"


def test_an_address_needs_a_customer(bob: Actor) -> None:
    with pytest.raises(AppError, match="no address of this customer"):
        services.save_draft(
            review=factories.make_review(), kind="private", text="Dear Nora",
            contact_id=uuid4(), actor=bob, now=NOW,
        )  # fmt: skip


def test_a_public_reply_goes_to_nobodys_address(bob: Actor) -> None:
    draft = services.save_draft(
        review=factories.make_review(), kind="public", text="Thank you.",
        contact_id=uuid4(), actor=bob, now=NOW,
    )  # fmt: skip
    assert draft is not None
    assert draft.contact_id is None


def test_a_second_private_reply_needs_to_know_the_first(bob: Actor, mona: Actor) -> None:
    customer = factories.make_customer()
    review = factories.make_review(customer=customer)
    contact = ContactPoint.objects.get(channel="sms")
    values: dict[str, Any] = {"kind": "private", "contact_id": contact.pk}
    first = send(review, bob, **values)
    with pytest.raises(ConflictError):
        send(review, mona, **values)
    again = send(review, mona, after=first.pk, **values)
    assert again.state == "queued"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "  "}, "empty"),
        ({"text": "ä" * 2049}, "too_long"),
        ({"text": "We will see you in court."}, "text_forbidden"),
        ({"text": "We will see you in court.", "is_confirmed": True}, "text_forbidden"),
        ({"text": "Write to nora@example.com"}, "text_blocked"),
        ({"kind": "private", "text": "Hello"}, "no_customer"),
        ({"kind": "shouted", "text": "Hello"}, "kind"),
    ],
)
def test_what_cannot_go_out_is_refused_and_kept(
    bob: Actor, values: dict[str, Any], code: str
) -> None:
    review = factories.make_review(source="google")
    with pytest.raises(AppError) as caught:
        send(review, bob, **values)
    assert caught.value.code == code
    review.refresh_from_db()
    assert (review.status, review.replied_at) == ("new", None)
    kept = [] if code in {"empty", "kind"} else [("draft", values["text"])]
    assert list(Reply.objects.values_list("state", "text")) == kept


def test_a_warning_that_was_read_can_be_passed(bob: Actor) -> None:
    review = factories.make_review(source="google")
    reply = send(review, bob, text="Call me on +44 7911 123456.", is_confirmed=True)
    assert reply.state == "marked_posted"


def test_an_analyst_answers_nobody(ana: Actor) -> None:
    review = factories.make_review()
    with pytest.raises(ForbiddenError):
        send(review, ana)
    with pytest.raises(ForbiddenError):
        services.create_template(name="x", body="y", actor=ana, now=NOW)
    assert Reply.objects.count() == 0


def test_templates_fit_by_stars_and_trouble(mona: Actor) -> None:
    def make(name: str, **values: Any) -> None:
        services.create_template(name=name, body="Hello", actor=mona, now=NOW, **values)

    make("any")
    make("bad", ratings=[1, 2])
    make("brakes", ratings=[1], flags=["safety"])
    make("praise", ratings=[5])
    review = factories.make_review(rating=1, flags=["safety"])
    names = [template.name for template in queries.suggest_templates(review)]
    assert names == ["brakes", "bad", "any"]


def test_a_template_is_filled_in_and_refused_with_its_field(mona: Actor) -> None:
    body = "Dear {{ customer.first_name | default: 'customer' }}, {{ staff.name }} here."
    template = services.create_template(name="Hello", body=body, actor=mona, now=NOW)
    review = factories.make_review(customer=factories.make_customer())
    assert queries.fill_template(template, review=review, actor=mona) == "Dear Nora, Mona here."
    with pytest.raises(AppError) as caught:
        services.create_template(name="x", body="{{ firstname }}", actor=mona, now=NOW)
    assert caught.value.field == "body"
    assert "firstname" in caught.value.message
    sent = send(review, mona, text="Dear Nora", template_id=template.pk)
    template.refresh_from_db()
    assert (sent.state, template.used_count) == ("marked_posted", 1)


def test_what_nobody_can_read_is_refused_and_kept(bob: Actor) -> None:
    review = factories.make_review(source="google", customer=factories.make_customer())
    long = "x" * 20_001
    with pytest.raises(AppError) as caught:
        services.save_draft(review=review, kind="public", text=long, actor=bob, now=NOW)
    assert (caught.value.code, caught.value.field) == ("too_long", "text")
    assert Reply.objects.count() == 0
    with pytest.raises(AppError, match="Too long by"):
        send(review, bob, kind="public", text="x" * 5000)
    assert Reply.objects.get().state == "draft"


def test_an_address_that_does_not_work_is_refused(bob: Actor) -> None:
    review = factories.make_review(customer=factories.make_customer())
    contact = ContactPoint.objects.get(channel="email")
    ContactPoint.objects.update(status="bounced")
    with pytest.raises(AppError, match="do not arrive") as caught:
        send(review, bob, kind="private", contact_id=contact.pk)
    assert caught.value.field == "contact"
    with pytest.raises(AppError, match="Choose the address"):
        send(review, bob, kind="private")
    assert Reply.objects.get().state == "draft"


def test_a_stranger_has_no_private_reply(bob: Actor) -> None:
    with pytest.raises(AppError) as caught:
        send(factories.make_review(), bob, kind="private")
    assert caught.value.code == "no_customer"


def test_a_private_reply_whose_address_is_gone_fails(bob: Actor) -> None:
    review = factories.make_review(customer=factories.make_customer())
    contact = ContactPoint.objects.get(channel="email")
    reply = send(review, bob, kind="private", contact_id=contact.pk)
    Reply.objects.update(contact=None)
    services.publish_reply(reply_id=reply.pk, now=SOON)
    reply.refresh_from_db()
    assert (reply.state, Message.objects.count()) == ("failed", 0)
    services.publish_reply(reply_id=uuid4(), now=SOON)


def test_only_who_wrote_it_or_a_manager_takes_it_back(bob: Actor, ana: Actor) -> None:
    reply = send(factories.make_review(source="own"), bob, kind="public")
    with pytest.raises(ForbiddenError):
        services.undo_reply(reply=reply, actor=ana, now=NOW)
    stranger = Actor(kind="staff", id=uuid4(), permissions=frozenset({"reviews.reply"}))
    with pytest.raises(ForbiddenError, match="Only who wrote it"):
        services.undo_reply(reply=reply, actor=stranger, now=NOW)
    reply.refresh_from_db()
    assert reply.state == "queued"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 200}, "name"),
        ({"body": ""}, "body"),
        ({"body": "x" * 20_000}, "body"),
        ({"body": "{{ customer.firstname }}"}, "body"),
        ({"ratings": [0]}, "ratings"),
    ],
)
def test_templates_that_cannot_be_kept(mona: Actor, change: dict[str, Any], field: str) -> None:
    values = {"name": "Sorry", "body": "Dear you", "ratings": [1], "flags": []} | change
    with pytest.raises(AppError) as caught:
        services.create_template(**values, actor=mona, now=NOW)
    assert caught.value.field == field
    assert queries.list_templates().count() == 0
