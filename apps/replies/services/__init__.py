"""Writes of the room: replies and the templates they begin with."""

from apps.replies.services.replies import publish_reply, save_draft, send_reply, undo_reply
from apps.replies.services.templates import (
    create_template,
    delete_template,
    hold_template,
    update_template,
)

__all__ = [
    "create_template",
    "delete_template",
    "hold_template",
    "publish_reply",
    "save_draft",
    "send_reply",
    "undo_reply",
    "update_template",
]
