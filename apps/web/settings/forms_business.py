"""Forms about the business as a whole: what cannot be undone asks twice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.web.settings.forms_people import MOST_PASSWORD


class TypedNameForm(forms.Form):
    """The name of the business, typed to show that it is meant."""

    typed_name = forms.CharField(
        label=_("Name of the business"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Type “%(name)s” to confirm.") % {"name": name}
        self.fields["typed_name"].help_text = words
        self.fields["typed_name"].widget.attrs["data-must-equal"] = name


class CloseForm(TypedNameForm):
    """Closing: who asks must be who they say."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=MOST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
