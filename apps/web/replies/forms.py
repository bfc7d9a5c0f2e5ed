"""What a response template takes in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.reviews.choices import Flag

if TYPE_CHECKING:
    from apps.replies.models import ResponseTemplate

STARS = [(str(star), "★" * star) for star in range(1, 6)]


class TemplateForm(forms.Form):
    """Words to begin a reply with, and whom they suit."""

    name = forms.CharField(label=_("Name"), max_length=80)
    body = forms.CharField(
        label=_("Text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    ratings = forms.TypedMultipleChoiceField(
        label=_("For which stars"),
        choices=STARS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for any."),
    )
    flags = forms.MultipleChoiceField(
        label=_("For which trouble"),
        choices=Flag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for any."),
    )
    is_active = forms.BooleanField(label=_("Offer it in the inbox"), required=False, initial=True)


def initial_of(template: "ResponseTemplate") -> dict[str, Any]:
    """Return what stands in the form of a template."""
    return {
        "name": template.name,
        "body": template.body,
        "ratings": template.ratings,
        "flags": template.flags,
        "is_active": template.is_active,
    }
