"""Writes about people, memberships and ways in; called with the platform's rights."""

from apps.accounts.services.entry import issue_entry, redeem_entry
from apps.accounts.services.people import create_membership, create_user

__all__ = ["create_membership", "create_user", "issue_entry", "redeem_entry"]
