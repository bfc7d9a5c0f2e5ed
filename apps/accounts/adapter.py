"""What allauth asks us: whether sign-up is open, and where to go next."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.accounts import services
from apps.core import clock
from apps.tenants import wall

MOST_EMAIL = 254


class AccountAdapter(DefaultAccountAdapter):
    """People join through an invitation or with a business of their own, never by a bare form."""

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
