"""Forms of the customers' page of a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.recovery.choices import Answer


class AnswerForm(forms.Form):
    """Whether it is good again."""

    answer = forms.ChoiceField(
        label=_("Is it good again?"),
        choices=[(Answer.GOOD, _("Yes, it is good again")), (Answer.NOT_GOOD, _("No, not yet"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two answers.")},
    )
    text = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WriteForm(forms.Form):
    """A wish to hear from a person."""

    text = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    how = forms.ChoiceField(
        label=_("How should we get in touch?"),
        choices=[("phone", _("Call me")), ("sms", _("Text me")), ("email", _("Email me"))],
        widget=forms.RadioSelect,
        initial="phone",
    )
    address = forms.CharField(
        label=_("Number or address"),
        required=False,
        max_length=120,
        help_text=_("Leave it empty if we know it."),
    )
