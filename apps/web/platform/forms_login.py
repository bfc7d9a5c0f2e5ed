"""The library's forms of signing in and of second factors, in our words."""

import re
from typing import Any

from allauth.account.forms import (
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.web.settings.forms_people import MOST_PASSWORD

MOST_CODE = 20
MOST_NAME = 60
# What the library lets through when an answer is no passkey's, or another's.
_MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, InvalidSignature)


class _Plain:
    """Leaves out the examples in the fields, which vanish on typing, and second links."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined] # of the form beside
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""


class SignInForm(_Plain, LoginForm):
    """Email and password."""


class PasswordAgainForm(_Plain, ReauthenticateForm):
    """The password, before something is changed."""


class AskForResetForm(_Plain, ResetPasswordForm):
    """Whose password is forgotten."""


class ResetForm(_Plain, ResetPasswordKeyForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least 8 characters; a few words are easier to keep than signs."
        )


def _show_code(form: Any, words: Any) -> None:
    field = form.fields["code"]
    field.label, field.max_length = words, MOST_CODE
    field.widget.attrs = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "maxlength": str(MOST_CODE),
    }


class ActivateForm(ActivateTOTPForm):
    """The first code of an app shows that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_code(self, _("Code that the app shows"))

    @property
    def spelled_secret(self) -> str:
        """Return the secret as one types it, in fours."""
        return " ".join(re.findall(".{1,4}", self.secret))


class ChallengeForm(AuthenticateForm):
    """A code after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_code(self, _("Code"))


class AskAgainForm(CodeAgainForm):
    """A code before something is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _show_code(self, _("Code"))


class _CheckedCredential:
    """Refuses a broken answer in words, where the library would break."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc] # of the form beside
        except _MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeyLoginForm(_CheckedCredential, LoginWebAuthnForm):
    """A passkey alone."""


class PasskeyChallengeForm(_CheckedCredential, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyAgainForm(_CheckedCredential, ReauthenticateWebAuthnForm):
    """A passkey before something is changed."""


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey and its name; it opens without the password unless one says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.max_length = _("Name"), MOST_NAME
        name.widget.attrs["maxlength"] = str(MOST_NAME)
        name.help_text = _("So that you know it again, such as “Laptop” or “Blue key”.")
        alone.label, alone.initial = _("Sign in with it alone, without the password"), True
        alone.help_text = _("It then asks for your finger, face or PIN.")

    def clean(self) -> Any:
        """Refuse a broken answer in words."""
        try:
            return super().clean()
        except _MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name"), max_length=MOST_NAME)


class RemoveForm(forms.Form):
    """The password, so that nobody else takes a factor away."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=MOST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(),
    )
