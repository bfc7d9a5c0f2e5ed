"""What the inbox takes in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.replies.choices import ReplyKind
from apps.reviews.choices import Field, Flag, InboxView, Site
from apps.reviews.queries import InboxFilters
from apps.web.shared.fields import MomentField
from apps.web.shared.imports import ColumnsForm

if TYPE_CHECKING:
    from apps.locations.models import Location
    from apps.reviews.models import ImportRun

MORNING = 9
LATER = timedelta(hours=3)
WEEK_DAYS = 7
STARS = [(str(star), star) for star in range(5, 0, -1)]
# What makes a list in the address; everything else of the address is of the conversation.
LIST_KEYS = (
    "view", "q", "source", "location", "rating", "flag", "tag", "assignee", "cursor",
)  # fmt: skip


class FilterForm(forms.Form):
    """What the list is narrowed to; what cannot be read does not narrow it."""

    view = forms.ChoiceField(choices=InboxView.choices, required=False)
    q = forms.CharField(required=False, max_length=200)
    source = forms.CharField(required=False, max_length=40)
    location = forms.UUIDField(required=False)
    rating = forms.IntegerField(required=False, min_value=1, max_value=5)
    flag = forms.ChoiceField(choices=[("", ""), *Flag.choices], required=False)
    tag = forms.CharField(required=False, max_length=40)
    assignee = forms.UUIDField(required=False)

    def read(self) -> InboxFilters:
        """Return the filters; looking for words goes through everything unless a view is named."""
        self.is_valid()
        values = self.cleaned_data
        search = values.get("q") or ""
        usual = InboxView.EVERYTHING if search else InboxView.ALL
        return InboxFilters(
            view=values.get("view") or usual,
            search=search,
            source=values.get("source") or "",
            location_id=values.get("location"),
            rating=values.get("rating"),
            flag=values.get("flag") or "",
            tag=values.get("tag") or "",
            assignee_id=values.get("assignee"),
        )


def list_query(params: QueryDict) -> str:
    """Return the part of an address that says which list one came from."""
    kept = QueryDict(mutable=True)
    for key in LIST_KEYS:
        if value := params.get(key, ""):
            kept[key] = value
    return kept.urlencode()


class AssignForm(forms.Form):
    """Who has it; nobody in particular when empty."""

    member = forms.UUIDField(required=False)


class SnoozeForm(forms.Form):
    """When it comes back: a usual moment, or one of one's own."""

    WHEN = (("later", _("In 3 hours")), ("tomorrow", _("Tomorrow")), ("week", _("Next Monday")))
    when = forms.ChoiceField(choices=WHEN, required=False)
    until = MomentField(label=_("Day and time"), required=False)

    def read(self, now: datetime) -> datetime | None:
        """Return the moment chosen."""
        when = self.cleaned_data.get("when")
        if not when:
            found: datetime | None = self.cleaned_data.get("until")
            return found
        if when == "later":
            return now + LATER
        local = timezone.localtime(now)
        days = 1 if when == "tomorrow" else WEEK_DAYS - local.weekday()
        return (local + timedelta(days=days)).replace(
            hour=MORNING, minute=0, second=0, microsecond=0
        )


class NoteForm(forms.Form):
    """A word among the staff."""

    text = forms.CharField(
        label=_("Note"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 5000}),
    )


class TagForm(forms.Form):
    """Tags, with commas between them."""

    tags = forms.CharField(label=_("Tags"), required=False, max_length=900)

    def read(self) -> list[str]:
        """Return the tags one by one."""
        return str(self.cleaned_data.get("tags", "")).split(",")


class ReplyForm(forms.Form):
    """A reply as it is being written."""

    is_blocked = False
    kind = forms.ChoiceField(choices=ReplyKind.choices)
    text = forms.CharField(label=_("Reply"), required=False, strip=False)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=200)
    contact = forms.UUIDField(label=_("To"), required=False)
    after = forms.UUIDField(required=False)
    template = forms.UUIDField(required=False)
    confirmed = forms.BooleanField(
        label=_("I have read this; send it all the same"), required=False
    )
    done = forms.BooleanField(required=False)

    def words(self) -> dict[str, Any]:
        """Return what is kept of a draft."""
        return {
            "kind": self.cleaned_data.get("kind", ""),
            "text": self.cleaned_data.get("text", ""),
            "subject": self.cleaned_data.get("subject", ""),
            "contact_id": self.cleaned_data.get("contact"),
        }


OTHER = "other"


class MappingForm(ColumnsForm):
    """What each column holds, and what holds for the whole file."""

    source = forms.ChoiceField(
        label=_("Where they were written"),
        required=False,
        help_text=_("For rows that do not name a site themselves."),
    )
    other = forms.CharField(label=_("Another site"), required=False, max_length=40)
    rating_max = forms.IntegerField(
        label=_("Highest rating"),
        min_value=1,
        max_value=100,
        initial=5,
        help_text=_("For rows that do not say it themselves."),
    )
    is_history = forms.BooleanField(
        label=_("These are history: keep them to read and to count, nobody has to answer them"),
        required=False,
        initial=True,
        help_text=_(
            "Without it they wait in the inbox, and bad ones of the last 14 days open cases."
        ),
    )

    def __init__(
        self, *args: Any, run: "ImportRun", places: Iterable["Location"], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.add_columns(run.headers, Field.choices, places)
        for index, name in enumerate(self.columns):
            samples = [row[index] for row in run.samples if index < len(row) and row[index].strip()]
            self.fields[name].help_text = " · ".join(sample[:60] for sample in samples[:2])
        self.set_choices(
            "source", [("", _("A column names it")), *Site.choices, (OTHER, _("Another site"))]
        )

    def column_fields(self) -> list[forms.BoundField]:
        """Return the choices of the columns, in the order of the file."""
        return [self[name] for name in self.columns]

    def read_options(self) -> dict[str, Any]:
        """Return what holds for the whole file."""
        values = self.cleaned_data
        source = values["source"]
        return {
            "source": values["other"] if source == OTHER else source,
            "location": values["location"],
            "rating_max": values["rating_max"],
            "date_order": values["date_order"],
            "is_history": values["is_history"],
        }


def read_uuid(raw: str) -> UUID | None:
    """Return an id from an address, or None when it is not one."""
    try:
        return UUID(raw)
    except ValueError:
        return None
