"""Forms of the offers pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RedeemForm(forms.Form):
    """A code at the till."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("As it stands on the customer's page; spaces and small letters do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    location = forms.ChoiceField(label=_("Place"), required=False)
    reference = forms.CharField(
        label=_("Bill or order"), required=False, max_length=120, help_text=_("To find it again.")
    )

    def __init__(self, *args: Any, locations: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(place.pk), place.name) for place in locations]
        field = self.fields["location"]
        field.choices = [("", _("No place in particular")), *places]  # type: ignore[attr-defined]
        if len(places) == 1:
            field.initial = places[0][0]


class ChooseForm(forms.Form):
    """Which failure an offer is made because of."""

    case = forms.ChoiceField(label=_("Because of which case?"))

    def __init__(self, *args: Any, cases: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [  # type: ignore[attr-defined]
            (str(case.pk), self._name(case)) for case in cases
        ]

    @staticmethod
    def _name(case: Any) -> str:
        who = f"{case.customer.name}: " if case.customer else ""
        return f"{case.number} · {who}{case.title}"
