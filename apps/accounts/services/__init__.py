"""Writes about people, memberships and ways in; called with the platform's rights."""

from apps.accounts.services.entry import issue_entry, redeem_entry
from apps.accounts.services.invitations import (
    claim_invitation,
    get_invitation,
    open_invitation,
    renew_invitation,
    revoke_invitation,
)
from apps.accounts.services.mails import queue_mail, send_mails
from apps.accounts.services.people import create_membership, create_user, register, set_membership
from apps.accounts.services.profile import (
    change_password,
    end_other_sessions,
    end_session,
    update_user,
)

__all__ = [
    "change_password",
    "claim_invitation",
    "create_membership",
    "create_user",
    "end_other_sessions",
    "end_session",
    "get_invitation",
    "issue_entry",
    "open_invitation",
    "queue_mail",
    "redeem_entry",
    "register",
    "renew_invitation",
    "revoke_invitation",
    "send_mails",
    "set_membership",
    "update_user",
]
