"""What allauth asks us: whether sign-up is open, and where to go next."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People join through an invitation or with a business of their own, never by a bare form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that a bare sign-up does not exist."""
        return False

    def get_login_redirect_url(self, request: Any) -> str:
        """Return the staff home of a business, or the choice of a business on the platform."""
        return "/"
