"""Writes about the people of a business and its API keys."""

from apps.staff.services.checklist import bring_checklist_back, put_checklist_away
from apps.staff.services.founding import found_business, found_waiting
from apps.staff.services.keys import (
    SCOPES,
    create_api_key,
    create_member,
    record_key_use,
    revoke_api_key,
)
from apps.staff.services.people import (
    accept_invitation,
    change_role,
    deactivate_member,
    invite_member,
    limit_member,
    resend_invitation,
    revoke_invitation,
    update_profile,
)

__all__ = [
    "SCOPES",
    "accept_invitation",
    "bring_checklist_back",
    "change_role",
    "create_api_key",
    "create_member",
    "deactivate_member",
    "found_business",
    "found_waiting",
    "invite_member",
    "limit_member",
    "put_checklist_away",
    "record_key_use",
    "resend_invitation",
    "revoke_api_key",
    "revoke_invitation",
    "update_profile",
]
