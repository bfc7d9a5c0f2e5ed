"""Forms of the campaign pages: the name, whom to ask, what to say."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campaigns import queries as campaigns
from apps.core.facts import Actor
from apps.customers import queries as customers
from apps.customers.choices import Channel
from apps.locations import queries as locations
from apps.web.shared.fields import DayField

MOST_IMPORTS = 20
PLUMBING = {"csrfmiddlewaretoken", "name", "ask_window_days"}


class NameForm(forms.Form):
    """How a campaign is called."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("For your team only; customers never see it."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class AudienceForm(forms.Form):
    """Whom a campaign asks; there is no field here for what people think, and there must not be."""

    name = forms.CharField(label=_("Name"), max_length=120)
    locations = forms.MultipleChoiceField(
        label=_("Locations"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.MultipleChoiceField(
        label=_("Tags"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("People with any of these tags."),
    )
    since = DayField(
        label=_("Last visit from"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    until = DayField(
        label=_("Last visit until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    import_run = forms.ChoiceField(
        label=_("Import"),
        required=False,
        help_text=_("People who came new or were changed with this file."),
    )
    ask_window_days = forms.IntegerField(
        label=_("Ask nobody twice within"),
        min_value=1,
        max_value=730,
        initial=campaigns.ASK_WINDOW_DAYS,
        help_text=_("Whoever was asked within this time is left out."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = locations.list_locations(actor=actor)
        places = [(str(place.pk), place.name) for place in own]
        tags = [(tag, tag) for tag in campaigns.list_tags(actor=actor)]
        runs = customers.list_imports().order_by("-created_at")[:MOST_IMPORTS]
        files = [(str(run.pk), f"{run.file_name}, {run.created_at:%d %b}") for run in runs]
        self._offer("locations", places)
        self._offer("tags", tags)
        self._offer("import_run", [("", _("Any")), *files])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def conditions(self) -> dict[str, Any]:
        """Return the conditions as chosen, with whatever else was sent for the room to refuse."""
        chosen = self.cleaned_data
        strange = set(self.data) - set(self.fields) - PLUMBING
        return {
            "locations": chosen.get("locations") or [],
            "tags": chosen.get("tags") or [],
            "since": chosen.get("since"),
            "until": chosen.get("until"),
            "import": chosen.get("import_run") or None,
            **{name: self.data[name] for name in sorted(strange)},
        }


def initial_of(name: str, audience: Mapping[str, Any], window_days: int) -> dict[str, Any]:
    """Return what the audience form shows of a stored campaign."""
    return {
        "name": name,
        "locations": audience.get("locations", []),
        "tags": audience.get("tags", []),
        "since": audience.get("since"),
        "until": audience.get("until"),
        "import_run": audience.get("import", ""),
        "ask_window_days": window_days,
    }


class StepForm(forms.Form):
    """One message of a campaign."""

    channel = forms.ChoiceField(label=_("By"), choices=Channel.choices, widget=forms.HiddenInput)
    delay_hours = forms.IntegerField(
        label=_("Wait"),
        min_value=0,
        max_value=2160,
        error_messages={"required": _("Say how many hours to wait; 0 sends it at once.")},
    )
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    text = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 7})
    )


class AskForm(forms.Form):
    """Whom to ask now, and how."""

    customer = forms.UUIDField()
    channel = forms.ChoiceField(choices=Channel.choices)
