"""What happened to one inbox item, in words: journal, notes and who did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.journal import queries as journal
from apps.reviews.models import Note, Review

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

# what → (icon, words)
_CHANGES: Mapping[str, tuple[str, "StrPromise"]] = {
    "assigned": ("person", gettext_lazy("%(who)s gave it to %(member)s")),
    "taken": ("person", gettext_lazy("%(who)s took it")),
    "unassigned": ("person", gettext_lazy("%(who)s left it to nobody in particular")),
    "resolved": ("check", gettext_lazy("%(who)s resolved it")),
    "snoozed": ("clock", gettext_lazy("%(who)s put it off")),
    "reopened": ("undo", gettext_lazy("%(who)s opened it again")),
    "waiting": ("clock", gettext_lazy("%(who)s lets it wait for the customer")),
    "woken": ("bell", gettext_lazy("Back from being put off")),
    "tagged": ("tag", gettext_lazy("%(who)s changed the tags")),
    "rewritten": ("edit", gettext_lazy("The customer changed their words")),
    "rerated": ("star", gettext_lazy("The customer changed their stars")),
    "reply_taken_back": ("undo", gettext_lazy("%(who)s took the reply back")),
}


@dataclass(frozen=True)
class StoryItem:
    """One line of what happened."""

    at: datetime
    icon: str
    words: str
    tone: str = ""
    note: str = ""
    url: str = ""


def list_notes(review: Review) -> QuerySet[Note]:
    """Return the words among the staff, oldest first."""
    return Note.objects.filter(review=review).select_related("author").order_by("created_at", "pk")


def list_story(review: Review, names: Mapping[UUID, str]) -> list[StoryItem]:
    """Return what was done with an item, oldest first; ``names`` are those of the team."""
    items = [
        StoryItem(
            at=note.created_at,
            icon="lock",
            words=_("%(who)s, note:") % {"who": note.author.name if note.author else _("Somebody")},
            note=note.text,
        )
        for note in list_notes(review)
    ]
    for entry in journal.list_subject_entries(kind="review", subject_id=review.pk):
        what = str(entry.data.get("what", ""))
        if entry.kind != "review.changed" or what not in _CHANGES:
            continue
        if what == "assigned" and entry.data.get("member_id") == str(entry.actor_id):
            what = "taken"
        icon, words = _CHANGES[what]
        values = {
            "who": _name(entry.actor_id, names),
            "member": _name(entry.data.get("member_id"), names),
        }
        items.append(StoryItem(at=entry.at, icon=icon, words=str(words) % values))
    return _join(sorted(items, key=lambda item: item.at))


def _join(items: list[StoryItem]) -> list[StoryItem]:
    """Tell once, with its latest time, what was done several times in a row."""
    rows = [*items, None]
    return [
        item
        for item, after in pairwise(rows)
        if item and not (after and not item.note and item.words == after.words)
    ]


def _name(member_id: object, names: Mapping[UUID, str]) -> str:
    if member_id is None:
        return _("cxsaas")
    return names.get(UUID(str(member_id)), _("Somebody who left"))
