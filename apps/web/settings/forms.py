"""Forms that set the business up."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.locations.choices import Site
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
