"""The messages of a campaign as a page of forms: read from a post, changed, shown again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.campaigns import services
from apps.core.errors import AppError
from apps.web.campaigns.forms import StepForm

MOST = 12
FIELDS = ("channel", "delay_hours", "subject", "text")
NEW = {
    "email": {"channel": "email", "delay_hours": 72, "subject": "", "text": ""},
    "sms": {"channel": "sms", "delay_hours": 72, "subject": "", "text": ""},
}


def read_posted(data: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the messages as they were typed, faults and all."""
    return [
        {name: data.get(f"step-{number}-{name}", "") for name in FIELDS}
        for number in range(1, MOST + 1)
        if f"step-{number}-channel" in data
    ]


def rearrange(rows: list[dict[str, Any]], do: str) -> list[dict[str, Any]]:
    """Add, remove or move a message, as one of the page's buttons asks; nothing is saved yet."""
    verb, _dash, which = do.partition("-")
    if verb == "add" and which in NEW and len(rows) < MOST:
        return [*rows, dict(NEW[which])]
    index = int(which) - 1 if which.isdecimal() else -1
    if not 0 <= index < len(rows):
        return rows
    if verb == "remove":
        return rows[:index] + rows[index + 1 :]
    if verb == "up" and index > 0:
        return [*rows[: index - 1], rows[index], rows[index - 1], *rows[index + 1 :]]
    return rows


def bind(rows: Sequence[Mapping[str, Any]]) -> list[StepForm]:
    """Return one bound form for each message."""
    return [
        StepForm({f"step-{number}-{name}": row[name] for name in FIELDS}, prefix=f"step-{number}")
        for number, row in enumerate(rows, start=1)
    ]


def show(rows: Sequence[Mapping[str, Any]]) -> list[StepForm]:
    """Return one form for each message that shows it without judging it."""
    return [
        StepForm(initial=dict(row), prefix=f"step-{number}")
        for number, row in enumerate(rows, start=1)
    ]


def drafts_of(forms: Sequence[StepForm]) -> list[services.StepDraft] | None:
    """Return the messages of valid forms, or None when one has a fault."""
    if not all([form.is_valid() for form in forms]):  # noqa: C419 - each form shows its faults
        return None
    return [services.StepDraft(**form.cleaned_data) for form in forms]


def add_fault(forms: Sequence[StepForm], error: AppError) -> None:
    """Show a refusal of the room at the field of the message it is about."""
    prefix, _dash, name = (error.field or "").rpartition("-")
    for form in forms:
        if form.prefix == prefix and name in form.fields:
            form.add_error(name, error.message)
            return
    if forms:
        forms[0].add_error(None, error.message)


def title_of(number: int, channel: str) -> str:
    """Return how a message is called on the page."""
    kind = _("Text message") if channel == "sms" else _("Mail")
    return _("%(number)d. %(kind)s") % {"number": number, "kind": kind}
