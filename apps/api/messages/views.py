"""Messages: the ledger, to be read, and one message to one customer."""

from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.messages.serializers import (
    MessageBody,
    MessageDetailSerializer,
    MessageQuery,
    MessageSerializer,
    TransactionalPurpose,
)
from apps.api.shared.lookups import find_channel, find_person
from apps.api.shared.schema import adding, listing, reading
from apps.api.shared.versions import answer_made, answer_one
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.core import clock
from apps.core.db import uuid7
from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.customers.choices import Channel
from apps.jobs.choices import Lane
from apps.journal import queries as journal
from apps.messaging import queries, services


def show(rows: list[Any]) -> list[Any]:
    """Return messages as JSON values."""
    return list(MessageSerializer(rows, many=True).data)


def show_one(message: Any) -> Any:
    """Return one message with all that happened to it."""
    context = {
        "attempts": queries.list_attempts(message.pk),
        "history": journal.list_subject_entries(kind="message", subject_id=message.pk),
    }
    return MessageDetailSerializer(message, context=context).data


def _queue(body: dict[str, Any], actor: Actor) -> Any:
    person = find_person(
        customer_id=body.get("customer_id"), external_id=body.get("customer_external_id")
    )
    channel, now = body["channel"], clock.now()
    if channel == Channel.EMAIL and not body.get("subject"):
        message = "A mail needs a subject."
        raise AppError(message, code="no_subject", field="subject")
    template = services.create_template(
        channel=channel,
        subject=body.get("subject", "") if channel == Channel.EMAIL else "",
        text=body["text"],
        now=now,
    )
    return services.queue_message(
        dedupe_key=f"api:{uuid7()}",
        channel=channel,
        purpose=body.get("purpose", TransactionalPurpose.SERVICE),
        subject_kind="customer",
        subject_id=person.pk,
        customer=person,
        contact=find_channel(person.pk, channel),
        template=template,
        not_before=body.get("not_before"),
        expires_at=body.get("expires_at"),
        lane=Lane.TRANSACTIONAL,
        actor=actor,
        now=now,
    )


class Messages(Door):
    """The ledger."""

    noun = "messages"

    @listing(MessageSerializer, MessageQuery, of="messages", words="List messages, newest first")
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, MessageQuery)
        rows = queries.list_messages(
            actor=self.actor,
            state=query.get("state", ""),
            channel=query.get("channel", ""),
            customer_ids=[query["customer_id"]] if "customer_id" in query else None,
        )
        return answer_page(request, rows, query=query, by="queued_at", show=show)

    @adding(
        MessageDetailSerializer,
        MessageBody,
        named="send_message",
        words="Write to one customer about their own affairs",
    )
    def post(self, request: Request) -> Response:
        """Queue one message; opt-outs, consent and quiet hours decide on its way out.

        It is answered as `queued`; read it again, or follow `events/`, for what becomes of it:
        `suppressed` with a `reason` when it may not go.
        """
        read_query(request)
        with transaction.atomic():
            queued = _queue(read_body(MessageBody, request), self.actor)
        made = show_one(queries.get_message(queued.pk, actor=self.actor))
        return answer_made(request, made, "messages:message")


class OneMessage(Door):
    """One message."""

    noun = "messages"

    @reading(MessageDetailSerializer, of="message", words="Read a message with its history")
    def get(self, request: Request, message_id: UUID) -> Response:
        """Answer with the message."""
        read_query(request)
        message = queries.get_message(message_id, actor=self.actor)
        return answer_one(request, show_one(message))
