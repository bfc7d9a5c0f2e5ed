"""Writes of the room: queueing, sending, and what comes back."""

from apps.messaging.bodies import TemplateSource
from apps.messaging.services.accounts import ensure_default_accounts, save_account
from apps.messaging.services.callbacks import receive_callback, receive_sandbox_reply
from apps.messaging.services.cancel import cancel_all
from apps.messaging.services.gates import set_gate
from apps.messaging.services.hits import record_hit
from apps.messaging.services.queue import (
    Draft,
    queue_message,
    queue_messages,
    queue_staff_message,
)
from apps.messaging.services.settle import settle_unconfirmed
from apps.messaging.services.templates import create_template

__all__ = [
    "Draft",
    "TemplateSource",
    "cancel_all",
    "create_template",
    "ensure_default_accounts",
    "queue_message",
    "queue_messages",
    "queue_staff_message",
    "receive_callback",
    "receive_sandbox_reply",
    "record_hit",
    "save_account",
    "set_gate",
    "settle_unconfirmed",
]
