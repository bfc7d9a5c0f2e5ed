"""Forms that set the business up."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.consent.services import MOST_CAPPED, MOST_DAYS
from apps.locations.choices import Site
from apps.staff.services import SCOPES
from apps.web.shared.choices import list_countries, list_time_zones

if TYPE_CHECKING:
    from apps.locations.models import Location

MOST_URL = 500


class BrandForm(forms.Form):
    """How the business looks and who speaks for it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As customers know it; stands in every message."),
    )
    colour = forms.CharField(
        label=_("Colour"),
        max_length=7,
        help_text=_("For the pages customers see. We keep texts on it readable."),
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands at the foot of every mail; the law asks for it in many countries."),
    )
    contact_name = forms.CharField(
        label=_("Whom customers can talk to"),
        max_length=120,
        required=False,
        help_text=_("A real person: always in sight on the pages customers see."),
    )
    contact_title = forms.CharField(label=_("What they do"), max_length=80, required=False)
    contact_phone = forms.CharField(label=_("Their phone"), max_length=20, required=False)
    contact_email = forms.EmailField(label=_("Their email"), max_length=254, required=False)
    sender_email = forms.EmailField(
        label=_("Mails come from"),
        max_length=254,
        required=False,
        help_text=_("An address of your own domain that you read."),
    )
    privacy_url = forms.URLField(
        label=_("Privacy notice"), max_length=200, required=False, assume_scheme="https"
    )


class LocationForm(forms.Form):
    """A place where customers are served."""

    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(label=_("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=list_countries)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=list_time_zones,
        help_text=_("Clocks and quiet hours follow it."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    email = forms.EmailField(label=_("Email"), max_length=254, required=False)


class EditLocationForm(LocationForm):
    """A place that is there already."""

    is_active = forms.BooleanField(
        label=_("Customers are served here"),
        required=False,
        help_text=_("A closed place keeps its history and is offered no more."),
    )


class DestinationForm(forms.Form):
    """A public site where anyone who is asked may write."""

    site = forms.ChoiceField(label=_("Site"), choices=Site.choices)
    label = forms.CharField(
        label=_("On the button"),
        max_length=60,
        required=False,
        help_text=_("Left empty, it is the name of the site."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=MOST_URL,
        help_text=_("Where a review is written, such as https://g.page/r/…/review."),
    )
    location = forms.ChoiceField(
        label=_("Location"),
        required=False,
        help_text=_("Shown to everybody who is asked about this place."),
    )

    def __init__(self, *args: Any, locations: Iterable["Location"], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(place.pk): place for place in locations}
        field = self.fields["location"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        names = [(key, place.name) for key, place in self._places.items()]
        field.choices = [("", _("All locations")), *names]

    def clean_location(self) -> "Location | None":
        """Return the place itself."""
        return self._places.get(self.cleaned_data["location"])


class EditDestinationForm(DestinationForm):
    """A destination that is there already; its site stays."""

    site = None  # type: ignore[assignment]
    is_active = forms.BooleanField(label=_("Shown to customers"), required=False)


def _clock_time(label: Any, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=help_text,
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M", "%H"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Write a time of day, such as 09:00.")},
    )


class HoursForm(forms.Form):
    """When customers may be written to, and how often."""

    opens = _clock_time(_("From"))
    closes = _clock_time(_("Until"))
    sunday_opens = _clock_time(_("Sundays from"))
    sunday_closes = _clock_time(
        _("Sundays until"), _("The same time twice: nothing leaves on Sundays.")
    )
    cap_messages = forms.IntegerField(
        label=_("At most"),
        min_value=1,
        max_value=MOST_CAPPED,
        error_messages={"invalid": _("Write a whole number.")},
    )
    cap_days = forms.IntegerField(
        label=_("Within"),
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={"invalid": _("Write a whole number.")},
    )


SCOPE_NAMES = {
    "customers:read": _("See customers"),
    "customers:write": _("Add and change customers"),
    "transactions:read": _("See visits and orders"),
    "transactions:write": _("Add visits and orders"),
    "consents:read": _("See who agreed to what"),
    "consents:write": _("Note that somebody agreed or wants no more"),
    "locations:read": _("See locations"),
    "locations:write": _("Add and change locations"),
    "staff:read": _("See who is on the team"),
    "campaigns:read": _("See campaigns"),
    "campaigns:write": _("Write campaigns"),
    "campaigns:launch": _("Launch, pause and stop campaigns"),
    "messages:read": _("See messages and what became of them"),
    "messages:write": _("Write to customers about their own affairs"),
    "responses:read": _("See what customers answered"),
    "reviews:read": _("See reviews"),
    "reviews:write": _("Bring in reviews, answer and assign them"),
    "response-templates:read": _("See reply templates"),
    "response-templates:write": _("Write reply templates"),
    "text-checks:read": _("Have texts checked"),
    "failures:read": _("See failures"),
    "failures:write": _("Record failures"),
    "cases:read": _("See cases"),
    "cases:write": _("Work on cases and close them"),
    "promises:read": _("See promises to customers"),
    "promises:write": _("Make promises and say how they ended"),
    "offers:read": _("See offers"),
    "offers:write": _("Make offers and take back those of keys"),
    "offers:approve": _(
        "Make and approve offers in the name of a manager, and take back anybody's"
    ),
    "offers:code": _("Read the codes of offers"),
    "redemptions:write": _("Use offer codes at the till"),
    "kpis:read": _("See the figures"),
    "events:read": _("Follow everything that happens"),
}
EVERYTHING = "*"


def name_scope(scope: str) -> str:
    """Say what a scope lets a key do."""
    if scope == EVERYTHING:
        return str(_("Everything"))
    return str(SCOPE_NAMES.get(scope, scope))


# What usual systems need.
PRESETS = {
    "till": (
        _("A till: add customers and visits, use offer codes"),
        (
            "customers:read", "customers:write", "transactions:read", "transactions:write",
            "locations:read", "offers:read", "redemptions:write",
        ),
    ),
    "reading": (
        _("A report: read everything, change nothing"),
        tuple(scope for scope in SCOPES if scope.endswith(":read")),
    ),
    "all": (_("Everything, codes and approvals included"), SCOPES),
}  # fmt: skip


class KeyForm(forms.Form):
    """A new key for another system."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("The system that will hold it, such as “Till, Mill Lane”."),
    )
    preset = forms.ChoiceField(
        label=_("What for"),
        choices=[
            ("", _("Only what is chosen below")),
            *((one, PRESETS[one][0]) for one in PRESETS),
        ],
        required=False,
        help_text=_("Gives what such a system needs, and what is chosen below besides."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, f"{SCOPE_NAMES[scope]} · {scope}") for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only what that system needs. After the dot stands its name in the API."),
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        help_text=_("Then it stops by itself; a new one takes its place."),
        choices=[
            ("365", _("One year")),
            ("90", _("90 days")),
            ("30", _("30 days")),
            ("", _("No end: until it is revoked")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        initial="365",
    )

    def clean(self) -> dict[str, Any]:
        """Put what the preset gives and what was chosen into one list, in the usual order."""
        values: dict[str, Any] = super().clean() or {}
        preset = values.pop("preset", "")
        wanted = {*values.get("scopes", ()), *(PRESETS[preset][1] if preset else ())}
        if not wanted and "scopes" not in self.errors:
            self.add_error("scopes", _("Choose at least one."))
        return {**values, "scopes": [scope for scope in SCOPES if scope in wanted]}
