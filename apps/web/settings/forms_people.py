"""Forms about people: one's own profile and password."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.web.shared.choices import list_time_zones

if TYPE_CHECKING:
    from apps.locations.models import Location

MOST_PASSWORD = 128


def _places_field() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Locations"),
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None ticked: they see everything. With some ticked they see only what belongs there"
            " or to no location, and neither change settings and team nor bring in files."
        ),
        error_messages={"invalid_choice": _("Choose among the locations of this business.")},
    )


class PlacesForm(forms.Form):
    """The locations whose things a member sees."""

    locations = _places_field()

    def __init__(self, *args: Any, places: Iterable["Location"], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["locations"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(str(place.pk), place.name) for place in places]


class InviteForm(PlacesForm):
    """A place in the team for an address."""

    email = forms.EmailField(label=_("Email"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        initial="agent",
        help_text=_(
            "Agents answer customers; managers also set up and approve; owners may do all;"
            " analysts read, and export what names nobody."
        ),
    )

    field_order = ("email", "role", "locations")

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = roles


class JoinForm(forms.Form):
    """A log-in of one's own, for who has been invited."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=MOST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(),
        help_text=_("At least 8 characters; a few words are easier to keep than signs."),
    )


class ProfileForm(forms.Form):
    """How one is called and what one sees."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As your team and your customers see it.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=lambda: list(settings.LANGUAGES))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=lambda: [("", _("The clock of the business")), *list_time_zones()],
        help_text=_("For the times that you read; customers keep their own."),
    )


class PasswordForm(forms.Form):
    """A new password, for who knows the present one."""

    current = forms.CharField(
        label=_("Present password"),
        max_length=MOST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(),
    )
    new = forms.CharField(
        label=_("New password"), max_length=MOST_PASSWORD, strip=False,
        widget=forms.PasswordInput(),
        help_text=_("At least 8 characters; a few words are easier to keep than signs."),
    )  # fmt: skip
