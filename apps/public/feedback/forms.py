"""What a customer fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.feedback.choices import ContactWay
from apps.feedback.services import MAX_TEXT

STARS = [(str(number), str(number)) for number in range(1, 6)]


class RatingForm(forms.Form):
    """Stars and words."""

    rating = forms.ChoiceField(
        choices=STARS,
        error_messages={
            "required": _("Choose one to five stars first."),
            "invalid_choice": _("Choose one to five stars."),
        },
    )
    text = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WishForm(forms.Form):
    """How a person should get in touch, and about what."""

    how = forms.ChoiceField(
        label=_("How should we answer?"),
        choices=ContactWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how we should reach you.")},
    )
    address = forms.CharField(
        label=_("Phone number or email address"),
        required=False,
        max_length=254,
        help_text=_("Leave it empty if we should use the one we know."),
    )
    text = forms.CharField(
        label=_("What is it about?"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
