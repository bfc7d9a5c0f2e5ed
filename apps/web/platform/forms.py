"""Forms of the way in: a log-in, and a business of one's own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts import services
from apps.web.settings.forms_people import MOST_PASSWORD
from apps.web.shared.choices import list_countries, list_currencies, list_time_zones

MOST_CODE = 20


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

    def clean_password(self) -> str:
        """Refuse a weak one together with what else is wrong, not after it."""
        password = str(self.cleaned_data["password"])
        fault = services.explain_weakness(
            password=password,
            email=self.cleaned_data.get("email", ""),
            name=self.cleaned_data.get("name", ""),
        )
        if fault:
            raise forms.ValidationError(fault)
        return password


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
