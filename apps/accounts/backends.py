"""Authentication by email and password, always with the platform's rights."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from apps.tenants import wall


class PlatformBackend(AuthenticationBackend):
    """allauth's backend; people live in public tables that a business's role cannot read."""

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """Return the user whose email and password these are, or None."""
        with wall.as_platform():
            return super().authenticate(request, **credentials)

    def get_user(self, user_id: Any) -> Any:
        """Return the user of a session."""
        with wall.as_platform():
            return super().get_user(user_id)
