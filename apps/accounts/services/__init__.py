"""Writes about people, memberships and ways in; called with the platform's rights."""

from apps.accounts.services.closing import check_password, shut_doors, tell_owners
from apps.accounts.services.entry import issue_entry, redeem_entry
from apps.accounts.services.founding import (
    finish_founding,
    place_founding,
    save_founding,
    wait_for_place,
)
from apps.accounts.services.invitations import (
    claim_invitation,
    get_invitation,
    open_invitation,
    renew_invitation,
    revoke_invitation,
)
from apps.accounts.services.kept import add_value, drop_value, drop_values, keep_value, sweep
from apps.accounts.services.mails import queue_mail, send_mails
from apps.accounts.services.people import create_membership, create_user, register, set_membership
from apps.accounts.services.profile import (
    change_password,
    end_other_sessions,
    end_session,
    update_user,
)
from apps.accounts.services.signup import (
    confirm_sign_up,
    explain_weakness,
    resend_code,
    start_sign_up,
)

__all__ = [
    "add_value",
    "change_password",
    "check_password",
    "claim_invitation",
    "confirm_sign_up",
    "create_membership",
    "create_user",
    "drop_value",
    "drop_values",
    "end_other_sessions",
    "end_session",
    "explain_weakness",
    "finish_founding",
    "get_invitation",
    "issue_entry",
    "keep_value",
    "open_invitation",
    "place_founding",
    "queue_mail",
    "redeem_entry",
    "register",
    "renew_invitation",
    "resend_code",
    "revoke_invitation",
    "save_founding",
    "send_mails",
    "set_membership",
    "shut_doors",
    "start_sign_up",
    "sweep",
    "tell_owners",
    "update_user",
    "wait_for_place",
]
