"""Writes about people, memberships and ways in; called with the platform's rights."""

from apps.accounts.services.entry import issue_entry, redeem_entry
from apps.accounts.services.mails import queue_mail, send_mails
from apps.accounts.services.people import create_membership, create_user
from apps.accounts.services.profile import (
    change_password,
    end_other_sessions,
    end_session,
    update_user,
)

__all__ = [
    "change_password",
    "create_membership",
    "create_user",
    "end_other_sessions",
    "end_session",
    "issue_entry",
    "queue_mail",
    "redeem_entry",
    "send_mails",
    "update_user",
]
