"""Forms of the way in: a log-in, and a business of one's own."""

from functools import cache

from babel import Locale
from babel.numbers import get_territory_currencies
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.web.settings.forms_people import MOST_PASSWORD
from apps.web.shared.choices import list_countries, list_time_zones

MOST_CODE = 20


@cache
def list_currencies() -> list[tuple[str, str]]:
    """Return the currencies that are used somewhere, by code."""
    names = Locale("en").currencies
    used = {
        code for country, _name in list_countries() for code in get_territory_currencies(country)
    }
    return [(code, f"{code} – {names.get(code, code)}") for code in sorted(used)]


class SignUpForm(forms.Form):
    """Who somebody is."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("Email"), max_length=254)
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=MOST_PASSWORD,
        strip=False,
        # A fault in another field must not cost what was typed here; the page is never stored.
        widget=forms.PasswordInput(render_value=True),
        help_text=_("At least 8 characters; a few words are easier to keep than signs."),
    )


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(label=_("Code"), max_length=MOST_CODE)


class BusinessForm(forms.Form):
    """A business to be."""

    name = forms.CharField(
        label=_("Name of the business"), max_length=120, help_text=_("As your customers know it.")
    )
    slug = forms.CharField(label=_("Address"), max_length=60, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=list_countries)
    currency = forms.ChoiceField(label=_("Currency"), choices=list_currencies)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=list_time_zones)

    def clean_slug(self) -> str:
        """Take it as it was meant."""
        return str(self.cleaned_data["slug"]).strip().lower()


class FirstLocationForm(forms.Form):
    """Where customers are served first."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As you call it, such as “Mill Lane”.")
    )
    city = forms.CharField(label=_("Town"), max_length=120, required=False)
