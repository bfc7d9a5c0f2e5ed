"""Queueing messages: once each, complete, with their links masked."""

from typing import Any

import pytest

from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.jobs.models import Ticket
from apps.messaging import queries
from apps.messaging import services as messaging
from apps.messaging.models import Message
from apps.tenants.models import Business
from tests.messaging.conftest import NOON, make_contact, make_draft


def test_queue_message_twice_makes_one_message_and_one_ticket(inside: Business) -> None:
    draft = make_draft(make_contact("nora@example.com"))
    first = messaging.queue_messages([draft], actor=SYSTEM, now=NOON)
    again = messaging.queue_messages([draft, draft], actor=SYSTEM, now=NOON)
    assert [row.pk for row in again] == [first[0].pk, first[0].pk]
    assert Message.objects.count() == 1
    assert [ticket.key for ticket in Ticket.objects.all()] == [str(first[0].pk)]


def test_mail_is_completed_with_link_sender_and_a_way_out(inside: Business) -> None:
    draft = make_draft(make_contact("nora@example.com"))
    message = messaging.queue_messages([draft], actor=SYSTEM, now=NOON)[0]
    assert message.text == (
        "Hello Nora, how was it?\n\n⟦link⟧\n\n-- \nAlpha Bikes\nNo more of these: ⟦unsubscribe⟧"
    )


def test_text_message_names_the_business_and_says_how_to_stop(inside: Business) -> None:
    contact = make_contact("+447700900123", channel="sms")
    template = messaging.create_template(
        channel="sms", text="Hi {{ customer.first_name }}, how was it? {{ link }}", now=NOON
    )
    draft = make_draft(contact, template=template, text="", subject="")
    message = messaging.queue_messages([draft], actor=SYSTEM, now=NOON)[0]
    assert message.text == "Alpha Bikes: Hi Nora, how was it? ⟦link⟧\nReply STOP to end"
    assert message.values == {"customer.first_name": "Nora"}


def test_a_customers_name_cannot_pass_for_a_link(inside: Business) -> None:
    contact = make_contact("x@example.com", name="⟦link⟧")
    template = messaging.create_template(
        channel="email", subject="Hi {{ customer.first_name }}", text="How was it?", now=NOON
    )
    draft = make_draft(contact, template=template, text="", subject="")
    message = messaging.queue_messages([draft], actor=SYSTEM, now=NOON)[0]
    assert message.subject == "Hi link"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"text": "Hi {{ firstname }}"}, "text", "Did you mean “customer.first_name”?"),
        ({"text": "Hi", "subject": "{{ nix }}"}, "subject", "There is no field “nix”."),
        ({"text": " "}, "text", "Write the message."),
        ({"text": "Hi", "subject": ""}, "subject", "Write a subject."),
        ({"text": "Hi", "html": "{% for x in y %}"}, "html", "no loops"),
    ],
)
def test_a_template_that_cannot_work_is_told_at_its_field(
    inside: Business, fields: dict[str, str], field: str, words: str
) -> None:
    values = {"subject": "Hello", **fields}
    with pytest.raises(AppError) as refused:
        messaging.create_template(channel="email", now=NOON, **values)
    assert refused.value.field == field
    assert words in refused.value.message


def test_preview_shows_the_text_and_counts_its_parts(inside: Business) -> None:
    source = messaging.TemplateSource(
        channel="sms", text="Hi {{ customer.first_name }}: {{ link }}"
    )
    preview = queries.render_preview(source)
    assert preview.text == (
        "Alpha Bikes: Hi Nora: http://alpha.localhost:8000/r/…\nReply STOP to end"
    )
    assert preview.segments is not None
    assert (preview.segments.encoding, preview.segments.parts) == ("GSM-7", 1)
    assert preview.missing == ()


def test_preview_escapes_values_in_html(inside: Business) -> None:
    contact = make_contact("x@example.com", name="<script>x</script>")
    source = messaging.TemplateSource(
        channel="email", subject="Hi", text="Dear {{ customer.first_name }},\n\nHow was it?"
    )
    preview = queries.render_preview(source, contact.customer)
    assert "<p>Dear &lt;script&gt;x&lt;/script&gt;,</p>" in preview.html
    assert ">Tell us how it was</a>" in preview.html


@pytest.mark.parametrize("count", [1, 3])
def test_queueing_takes_the_same_queries_for_one_and_for_three(
    inside: Business, count: int, django_assert_num_queries: Any
) -> None:
    messaging.ensure_default_accounts(now=NOON)
    contacts = [make_contact(f"c{n}@example.com") for n in range(count)]
    drafts = [make_draft(contact) for contact in contacts]
    with django_assert_num_queries(8):
        messaging.queue_messages(drafts, actor=SYSTEM, now=NOON)


def test_an_offer_makes_a_message_commercial(inside: Business) -> None:
    draft = make_draft(make_contact("nora@example.com"), purpose="recovery", link_purpose="o")
    message = messaging.queue_messages([draft], actor=SYSTEM, now=NOON)[0]
    assert message.purpose == "winback_offer"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"link_purpose": "o"}, "offer_in_request"),
        ({"purpose": "recovery", "offer_text": True}, "offer_in_request"),
        ({"purpose": "gossip"}, "unknown_purpose"),
        ({"channel": "sms"}, "wrong_channel"),
        ({"contact": None}, "no_address"),
        ({"contact": None, "address": "x@example.com"}, "no_contact"),
        ({"text": " "}, "empty"),
    ],
)
def test_what_must_not_be_sent_is_not_queued(
    inside: Business, fields: dict[str, Any], code: str
) -> None:
    if "offer_text" in fields:
        template = messaging.create_template(
            channel="email", subject="Hi", text="{{ offer.title }} {{ link }}", now=NOON
        )
        fields = {"purpose": "recovery", "template": template}
    draft = make_draft(make_contact("nora@example.com"), **fields)
    with pytest.raises(AppError) as refused:
        messaging.queue_messages([draft], actor=SYSTEM, now=NOON)
    assert refused.value.code == code
    assert (Message.objects.count(), Ticket.objects.count()) == (0, 0)
