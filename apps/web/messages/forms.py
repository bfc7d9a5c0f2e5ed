"""Forms of the accounts by which messages leave."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

MAIL_HELP = _("The whole address that customers see and answer to, such as hello@example.com.")


class SandboxForm(forms.Form):
    """Nothing leaves: text messages land on the sandbox phone."""

    sender = forms.CharField(
        label=_("From"),
        max_length=20,
        help_text=_("The number that the texts show, such as +14155550100."),
    )

    def settings(self) -> dict[str, str]:
        """Return the provider's settings."""
        return {}


class SandboxMailForm(SandboxForm):
    """Nothing leaves: mails land in the sandbox mailbox."""

    sender = forms.EmailField(label=_("From"), max_length=254, help_text=MAIL_HELP)


class SmtpForm(forms.Form):
    """A mail server."""

    sender = forms.EmailField(label=_("From"), max_length=254, help_text=MAIL_HELP)
    sender_name = forms.CharField(label=_("Name of the sender"), max_length=80, required=False)
    host = forms.CharField(label=_("Server"), max_length=253)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587)
    security = forms.ChoiceField(
        label=_("Encryption"),
        choices=[
            ("starttls", _("STARTTLS (port 587)")),
            ("tls", _("TLS from the start (port 465)")),
            ("none", _("None: only for a server on this machine")),
        ],
    )
    username = forms.CharField(label=_("User"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept sealed and never shown again. Leave it empty to keep the one stored."),
    )

    def settings(self) -> dict[str, str]:
        """Return the provider's settings."""
        names = ("host", "port", "security", "username", "password")
        return {name: str(self.cleaned_data.get(name) or "") for name in names}


class TwilioForm(forms.Form):
    """A Twilio account."""

    sender = forms.CharField(
        label=_("From"),
        max_length=20,
        required=False,
        help_text=_("Your number with Twilio, such as +14155550100."),
    )
    messaging_service_sid = forms.CharField(
        label=_("Messaging service SID"), max_length=40, required=False,
        help_text=_("Instead of a number."),
    )  # fmt: skip
    account_sid = forms.CharField(label=_("Account SID"), max_length=40)
    auth_token = forms.CharField(
        label=_("Auth token"),
        max_length=100,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Also checks that calls are Twilio's. Leave it empty to keep the one stored."),
    )
    api_key_sid = forms.CharField(label=_("API key SID"), max_length=40, required=False)
    api_key_secret = forms.CharField(
        label=_("API key secret"),
        max_length=100,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    base_url = forms.CharField(label=_("Address of the API"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.LOCAL_MODE:
            del self.fields["base_url"]

    def settings(self) -> dict[str, str]:
        """Return the provider's settings."""
        names = set(self.fields) - {"sender"}
        return {name: str(self.cleaned_data.get(name) or "") for name in names}


FORMS: Mapping[str, type[SandboxForm | SmtpForm | TwilioForm]] = {
    "sandbox": SandboxForm,
    "smtp": SmtpForm,
    "twilio": TwilioForm,
}
KINDS = {"email": ("sandbox", "smtp"), "sms": ("sandbox", "twilio")}


def form_of(channel: str, kind: str) -> type[SandboxForm | SmtpForm | TwilioForm]:
    """Return the form of a kind of account for a channel."""
    return SandboxMailForm if (channel, kind) == ("email", "sandbox") else FORMS[kind]
