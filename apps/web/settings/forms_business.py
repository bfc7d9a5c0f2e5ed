"""Forms about the business as a whole: what cannot be undone asks twice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.web.settings.forms_people import MOST_PASSWORD
from apps.web.shared.choices import list_countries, list_currencies, list_time_zones


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


class DetailsForm(forms.Form):
    """What the business says of itself."""

    name = forms.CharField(
        label=_("Name of the business"),
        max_length=120,
        help_text=_("As your team knows it. What customers read is set under Brand."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=list_countries)
    currency = forms.ChoiceField(label=_("Currency"), choices=list_currencies)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=list_time_zones,
        help_text=_("Each location has its own as well."),
    )

    def __init__(self, *args: Any, has_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["currency"]
        field.disabled = has_money
        field.help_text = (
            _("Stays as it is: there are amounts in it already.")
            if has_money
            else _("Can be changed until the first amount is written down.")
        )


class CloseForm(TypedNameForm):
    """Closing: who asks must be who they say."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=MOST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
