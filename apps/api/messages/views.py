"""Messages: the ledger, to be read."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.messages.serializers import MessageDetailSerializer, MessageQuery, MessageSerializer
from apps.api.shared.schema import listing, reading
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, answer_page, read_query
from apps.messaging import queries


def show(rows: list[Any]) -> list[Any]:
    """Return messages as JSON values."""
    return list(MessageSerializer(rows, many=True).data)


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


class OneMessage(Door):
    """One message."""

    noun = "messages"

    @reading(MessageDetailSerializer, of="message", words="Read a message with its history")
    def get(self, request: Request, message_id: UUID) -> Response:
        """Answer with the message."""
        read_query(request)
        message = queries.get_message(message_id, actor=self.actor)
        context = {"attempts": queries.list_attempts(message_id)}
        return answer_one(request, MessageDetailSerializer(message, context=context).data)
