"""A form with one field of each kind, some of them wrong."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """One field of each kind that the product uses."""

    name = forms.CharField(label=_("Name"), initial="Bluebird Bikes")
    email = forms.EmailField(label=_("Email"))
    limit = forms.DecimalField(label=_("Limit for one case"), max_value=50)
    location = forms.ChoiceField(
        label=_("Location"),
        choices=[("harbour", "Harbour Street"), ("mill", "Mill Lane")],
        help_text=_("Decides hours and time zone."),
    )
    sender = forms.CharField(
        label=_("Sender"),
        disabled=True,
        initial="ruth@mail.bluebirdbikes.example",
        help_text=_("Waits for your domain to be checked."),
    )
    words = forms.CharField(
        label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    ways = forms.MultipleChoiceField(
        label=_("Ask by"),
        choices=[("sms", _("Text")), ("email", _("Mail"))],
        widget=forms.CheckboxSelectMultiple,
        initial=["sms"],
    )
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("day", _("A day after")), ("week", _("A week after"))],
        widget=forms.RadioSelect,
        initial="day",
    )
    sounds = forms.BooleanField(label=_("Sounds for new reviews"), required=False, initial=True)
    consent = forms.BooleanField(
        label=_("These people agreed to be asked"), help_text=_("You must be able to show it.")
    )
    file = forms.FileField(label=_("List of customers"), required=False)

    WRONG: ClassVar[dict[str, str]] = {
        "name": "Bluebird Bikes",
        "email": "ruth.bluebirdbikes.example",
        "limit": "80",
        "location": "harbour",
        "ways": "sms",
        "when": "day",
    }
