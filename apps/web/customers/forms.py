"""Forms about customers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.consent.choices import Basis, Purpose
from apps.web.shared.choices import list_countries, list_languages
from apps.web.shared.imports import ColumnsForm

if TYPE_CHECKING:
    from apps.locations.models import Location

ASKED_FOR = (
    (Purpose.REVIEW_REQUEST, _("Asking how it went")),
    (Purpose.RECOVERY, _("Putting something right")),
    (Purpose.WINBACK_OFFER, _("Offers to come back")),
    (Purpose.MARKETING, _("News and other offers")),
)
BASES = (
    ("", _("They have not, or we do not know")),
    (Basis.EXPRESS, _("They said yes, on a form or to a person")),
    (Basis.IMPLIED, _("They bought from us and gave us the address then")),
)


class TagsField(forms.CharField):
    """Tags with commas between them."""

    def clean(self, value: Any) -> Any:
        """Return a list."""
        return [tag.strip() for tag in super().clean(value).split(",") if tag.strip()]

    def prepare_value(self, value: Any) -> Any:
        """Show a list with commas."""
        return ", ".join(value) if isinstance(value, list) else value


class PersonForm(forms.Form):
    """What is known of a person."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    location = forms.ChoiceField(label=_("Location"), required=False)
    tags = TagsField(
        label=_("Tags"),
        required=False,
        max_length=1000,
        help_text=_("Words to find people by, with commas between them."),
    )

    def __init__(self, *args: Any, locations: Iterable["Location"], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(place.pk): place for place in locations}
        names = [(key, place.name) for key, place in self._places.items()]
        self._set_choices("location", [("", _("None in particular")), *names])
        self._set_choices("language", list_languages())

    def _set_choices(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = list(choices)

    def clean_location(self) -> "Location | None":
        """Return the place itself."""
        return self._places.get(self.cleaned_data["location"])


class AgreementFields(forms.Form):
    """How people agreed to be contacted."""

    consent_basis = forms.ChoiceField(
        label=_("How did these people agree to be contacted?"),
        choices=BASES,
        required=False,
        widget=forms.RadioSelect,
    )
    consent_purposes = forms.MultipleChoiceField(
        label=_("What did they agree to?"),
        choices=ASKED_FOR,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    consent_wording = forms.CharField(
        label=_("In which words?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Copy the sentence beside the box they ticked, or what was asked. It is your proof."
        ),
    )
    consent_source = forms.CharField(
        label=_("Where?"),
        required=False,
        max_length=80,
        help_text=_("For example: booking form, counter in Mill Lane."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for what proves an agreement."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("consent_basis"):
            return values
        if not values.get("consent_purposes"):
            self.add_error("consent_purposes", _("Choose at least one thing they agreed to."))
        if values["consent_basis"] == Basis.EXPRESS and not values.get("consent_wording"):
            self.add_error("consent_wording", _("Write down the words they said yes to."))
        return values


class CustomerForm(PersonForm, AgreementFields):
    """A new person."""

    email = forms.CharField(label=_("Email"), required=False, max_length=300)
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=60,
        help_text=_("As they say it; a number without + is read as one of the country beside."),
    )
    region = forms.ChoiceField(label=_("Country of the number"))
    external_id = forms.CharField(
        label=_("Customer number"),
        required=False,
        max_length=100,
        help_text=_("What your till or booking system calls them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._set_choices("region", list_countries())
        self.fields["consent_basis"].label = _("How did they agree to be contacted?")

    def clean(self) -> dict[str, Any]:
        """Ask where, for the agreement of one person."""
        values = super().clean()
        if values.get("consent_basis") and not values.get("consent_source"):
            self.add_error("consent_source", _("Write down where they agreed."))
        return values


class ContactForm(forms.Form):
    """A further address of a person."""

    channel = forms.ChoiceField(
        label=_("What is it?"), choices=[("email", _("Email")), ("sms", _("Phone"))]
    )
    address = forms.CharField(label=_("Address or number"), max_length=300)


FIELD_NAMES = (
    ("first_name", _("First name")),
    ("last_name", _("Last name")),
    ("full_name", _("Whole name")),
    ("email", _("Email")),
    ("phone", _("Phone")),
    ("external_id", _("Customer number")),
    ("language", _("Language")),
    ("visited_on", _("Date of the last visit")),
    ("amount", _("Amount paid")),
    ("currency", _("Currency")),
    ("location", _("Location")),
    ("tags", _("Tags")),
    ("consent_email", _("May be mailed (yes or no)")),
    ("consent_sms", _("May be texted (yes or no)")),
    ("consent_source", _("Where they agreed")),
)
CHANNELS = (
    ("email", _("By email: everybody in the file who has an address")),
    ("sms", _("By text message: everybody in the file who has a number")),
)


class MappingForm(ColumnsForm, AgreementFields):
    """What each column holds, and what holds for the whole file."""

    region = forms.ChoiceField(
        label=_("Country of the phone numbers"),
        help_text=_("For numbers that are written without a country code."),
    )
    consent_channels = forms.MultipleChoiceField(
        label=_("How may they be contacted?"),
        choices=CHANNELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Tick a way only if everybody agreed to it. "
            "A column that says yes or no decides for each person instead."
        ),
    )

    def __init__(
        self, *args: Any, headers: list[str], locations: Iterable["Location"], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.add_columns(headers, FIELD_NAMES, locations)
        self.set_choices("region", list_countries())

    def clean(self) -> dict[str, Any]:
        """Ask for an agreement where a column speaks of one, and for a channel."""
        values = super().clean()
        chosen = {str(values.get(name)) for name in self.columns}
        columns = chosen & {"consent_email", "consent_sms"}
        if columns and not values.get("consent_basis"):
            message = _("A column says who agreed: choose how they did, or leave the column out.")
            self.add_error("consent_basis", message)
        if values.get("consent_basis") and not (columns or values.get("consent_channels")):
            self.add_error("consent_channels", _("Choose at least one way."))
        self._check_channels(columns, values.get("consent_channels") or [])
        return values

    def _check_channels(self, columns: set[str], channels: list[str]) -> None:
        """Refuse a way for everybody beside a column that says who agreed to the other."""
        if columns and any(f"consent_{channel}" not in columns for channel in channels):
            message = _(
                "The file says who agreed to one way only. Choose the column that says it of the "
                "other, or leave this one unticked: nobody is asked that way then."
            )
            self.add_error("consent_channels", message)

    @property
    def options(self) -> dict[str, Any]:
        """Return what holds for the whole file."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in self.columns
        }
