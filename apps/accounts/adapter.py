"""What allauth asks us: whether sign-up is open, and where to go next."""

import math
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts import services
from apps.core import clock
from apps.tenants import wall

MOST_EMAIL = 254
TRIES = {"app": "allauth.account", "action": "login_failed"}


class AccountAdapter(DefaultAccountAdapter):
    """People join through an invitation or with a business of their own, never by a bare form."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "This email and this password do not belong together. Look at both again."
        ),
        "incorrect_password": gettext_lazy("This is not your present password."),
        "too_many_login_attempts": gettext_lazy(
            "That was too often. Please wait five minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that a bare sign-up does not exist."""
        return False

    def get_login_redirect_url(self, request: Any) -> str:
        """Return the staff home of a business, or the choice of a business on the platform."""
        return "/"

    def clean_email(self, email: str) -> str:
        """Return an address as it is kept; ValidationError where it cannot be."""
        if len(email) > MOST_EMAIL:
            raise ValidationError(_("This address is too long."))
        return str(super().clean_email(email))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a guess; ValidationError with when to try again where there were too many.

        The words are the same for every address, whether somebody has a log-in with it or not.
        """
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            minutes = math.ceil(_wait(request, key) / 60) or 1
            message = ngettext(
                "Too many tries. Please wait %(n)s minute, then try again.",
                "Too many tries. Please wait %(n)s minutes, then try again.",
                minutes,
            )
            raise ValidationError(message % {"n": minutes}, code=error.code) from error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Name an account's guesses without the host: hosts must not multiply them."""
        return str(credentials.get("email", "")).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail, in the request's own transaction where there is one."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        with wall.as_platform():
            services.queue_mail(
                to=email, subject=message.subject, text=str(message.body), now=clock.now()
            )

    def set_password(self, user: Any, password: str) -> None:
        """Set a password, and end every session that was opened with the one before."""
        super().set_password(user, password)
        with wall.as_platform():
            services.end_other_sessions(user=user, keep="")


def _wait(request: HttpRequest, key: str) -> float:
    """Return how many seconds it takes until another guess is free."""
    waits = [0.0]
    for rate in ratelimit.get_rates(**TRIES):
        name = ratelimit.get_cache_key(request, **TRIES, rate=rate, key=key)
        history = cache.get(name, [])
        if len(history) >= rate.amount:
            waits.append(history[rate.amount - 1] + rate.duration - time.time())
    return max(waits)
