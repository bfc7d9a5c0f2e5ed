"""Forms of the recovery pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.failures.choices import FailureKind
from apps.recovery.choices import Answer, ApologyWay, Outcome, Stage
from apps.web.shared.fields import MomentField, MoneyField

SEVERITIES = (
    (5, _("5: somebody was in danger")),
    (4, _("4: very grave")),
    (3, _("3: grave")),
    (2, _("2: annoying")),
    (1, _("1: slight")),
)
LOCAL_TIME = "%Y-%m-%dT%H:%M"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def local_moment(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateTimeField:
    """Return a field for a moment in the business's own time."""
    return MomentField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=[LOCAL_TIME, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(format=LOCAL_TIME, attrs={"type": "datetime-local"}),
    )


class CaseForm(forms.Form):
    """A case by hand."""

    title = forms.CharField(label=_("What went wrong"), max_length=160)
    customer = forms.CharField(
        label=_("Customer"),
        required=False,
        max_length=254,
        help_text=_("Their email address, phone number or full name, as it stands in Customers."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=FailureKind.choices, initial=FailureKind.OTHER
    )
    severity = forms.TypedChoiceField(
        label=_("How bad was it for them?"), choices=SEVERITIES, coerce=int, initial=3
    )
    location = forms.ChoiceField(label=_("Place"), required=False)
    quote = forms.CharField(
        label=_("In their words"), required=False, max_length=5000, widget=_area(4)
    )

    def __init__(self, *args: Any, locations: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(place.pk), place.name) for place in locations]
        field = self.fields["location"]
        field.choices = [("", _("No place in particular")), *places]  # type: ignore[attr-defined]


class CollectForm(forms.Form):
    """What really happened."""

    what_happened = forms.CharField(
        label=_("What happened"),
        max_length=5000,
        widget=_area(4),
        help_text=_("Theirs and ours: their words, the order, what the team remembers."),
    )
    cause = forms.CharField(label=_("What really caused it"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=FailureKind.choices)
    severity = forms.TypedChoiceField(
        label=_("How bad was it for them?"), choices=SEVERITIES, coerce=int
    )


class ApologyForm(forms.Form):
    """The words of an apology and how they are said."""

    is_incomplete = False
    how = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Your words"),
        max_length=5000,
        widget=_area(9),
        help_text=_(
            "A greeting and your name are added to a mail that lacks them. On the phone or in "
            "person: note what you said."
        ),
    )
    confirmed = forms.BooleanField(
        label=_("I have read this; send it all the same"), required=False
    )

    def __init__(self, *args: Any, ways: Any = ApologyWay.choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = ways  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """How the customer is asked whether it is good again."""

    how = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: Any = ApologyWay.choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = ways  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What the customer said on the phone or in person."""

    answer = forms.ChoiceField(
        label=_("What did they say?"), choices=Answer.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Their words"), required=False, max_length=4000, widget=_area(3))


class StepForm(forms.Form):
    """One more step of a plan."""

    text = forms.CharField(label=_("What is to be done"), max_length=200)
    due_at = local_moment(_("Until"))


class PromiseForm(forms.Form):
    """What somebody told the customer."""

    text = forms.CharField(
        label=_("What was said"),
        max_length=200,
        help_text=_("The customer reads these words on their page: say “you”, and what they get."),
    )
    due_at = local_moment(_("Until"), required=True)


class EscalateForm(forms.Form):
    """A word for whoever takes over."""

    note = forms.CharField(
        label=_("Where it stands"),
        max_length=4000,
        widget=_area(4),
        help_text=_(
            "What has been asked and promised, so that the customer need not say it again."
        ),
    )


class MoveForm(forms.Form):
    """Another stage."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)


class NoteForm(forms.Form):
    """A word among the staff."""

    text = forms.CharField(label=_("Note"), max_length=4000, widget=_area(3))


class AssignForm(forms.Form):
    """Who has the case."""

    owner = forms.ChoiceField(label=_("Who has it"), required=False)

    def __init__(self, *args: Any, members: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(member.pk), member.name) for member in members]
        field = self.fields["owner"]
        field.choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """How the case ended."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=Outcome.choices)
    note = forms.CharField(
        label=_("Why, in a sentence"),
        required=False,
        widget=_area(2),
        error_messages={"required": _("Say why the case closes although something is missing.")},
    )

    def __init__(self, *args: Any, needs_note: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = needs_note


class OfferForm(forms.Form):
    """What is given because of this failure."""

    remedy = forms.ChoiceField(label=_("How it is put right"))
    title = forms.CharField(label=_("What they get"), max_length=120)
    value = MoneyField(label=_("Worth"), help_text=_("What it costs us at most."))
    days = forms.IntegerField(label=_("Valid for"), min_value=1, max_value=365, initial=90)
    terms = forms.CharField(
        label=_("Terms"),
        max_length=2000,
        widget=_area(3),
        help_text=_("For what, where and how often. Never in exchange for a review."),
    )

    def __init__(self, *args: Any, remedies: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [(value, words) for value, words, related in remedies if related]
        others = [(value, words) for value, words, related in remedies if not related]
        self.fields["remedy"].choices = [  # type: ignore[attr-defined]
            (_("Answers this failure"), fitting),
            (_("Something else"), others),
        ]
