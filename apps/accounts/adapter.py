"""What allauth asks us: who may sign up, which mails go out, how second factors are kept."""

import math
import time
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts import queries, services
from apps.core import clock, crypto
from apps.tenants import wall

MOST_EMAIL = 254
PLATFORM = UUID(int=0)
SECRETS = "mfa_authenticator.data"
NOTICES = {
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was added to your log-in."),
    "mfa/email/totp_deactivated": gettext_lazy(
        "The authenticator app was removed from your log-in."
    ),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added to your log-in."),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was removed from your log-in."),
    "mfa/email/recovery_codes_generated": gettext_lazy(
        "New recovery codes were made for your log-in; those of before work no more."
    ),
    "account/email/password_reset": gettext_lazy("A new password was chosen for your log-in."),
    "account/email/password_changed": gettext_lazy("The password of your log-in was changed."),
}
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

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to show again that it is oneself, in our words."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        found = super().get_reauthentication_methods(user)
        return [way | {"description": words[way["id"]]} for way in found]

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

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell a person by mail what was changed about the way they sign in."""
        given = {
            "words": NOTICES[template_prefix],
            "when": clock.now(),
            "reset_url": f"{queries.platform_url()}/account/password/reset/",
        }
        text = render_to_string("account/email/notice.txt", given)
        subject = _("Your log-in was changed")
        with wall.as_platform():
            services.queue_mail(to=email or user.email, subject=subject, text=text, now=clock.now())

    def set_password(self, user: Any, password: str) -> None:
        """Set a password, and end every session that was opened with the one before."""
        super().set_password(user, password)
        with wall.as_platform():
            services.end_other_sessions(user=user, keep="")


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed, and a passkey is good for every business."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right, or its time is over. Try again."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret with the installation's master key."""
        return crypto.seal(PLATFORM, text, place=SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return crypto.unseal(PLATFORM, encrypted_text, place=SECRETS)

    def get_totp_issuer(self) -> str:
        """Return under which name an app keeps the secret."""
        return "cxsaas"

    def build_totp_svg(self, url: str) -> str:
        """Return the picture that an app reads, to stand in the page itself."""
        svg = str(super().build_totp_svg(url))
        return svg[svg.index("<svg") :]

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the platform's own host, whose businesses lie below it."""
        return {"id": settings.BASE_DOMAIN, "name": "cxsaas"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - as called
        """Return a first name for a passkey."""
        return _("My passkey")


def _wait(request: HttpRequest, key: str) -> float:
    """Return how many seconds it takes until another guess is free."""
    waits = [0.0]
    for rate in ratelimit.get_rates(**TRIES):
        name = ratelimit.get_cache_key(request, **TRIES, rate=rate, key=key)
        history = cache.get(name, [])
        if len(history) >= rate.amount:
            waits.append(history[rate.amount - 1] + rate.duration - time.time())
    return max(waits)
