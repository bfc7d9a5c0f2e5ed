"""Who may be chosen for a campaign, and which message comes next: pure decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import AppError, ForbiddenError
from apps.core.facts import Actor

MAX_STEPS = 6
MAX_DELAY_HOURS = 90 * 24
ASK_WINDOW_DAYS = 180
MAX_WINDOW_DAYS = 730
LINK_LIFE = timedelta(days=400)
# Days beyond these are slips of the pen, and the last ones of the calendar cannot be counted on.
FIRST_YEAR, LAST_YEAR = 1900, 2200
CHUNK = 500

# The whole list. Nothing that a person thinks of the business may ever stand here: asking only
# the happy is what the law and the platforms forbid.
AUDIENCE_KEYS = frozenset({"locations", "tags", "since", "until", "import"})


def first_steps() -> list[dict[str, Any]]:
    """Return what a new campaign says until somebody writes it better: nothing is hoped for."""
    return [
        {
            "channel": "email",
            "subject": _("How did it go at {{ business.name }}?"),
            "text": _(
                "Hello {{ customer.first_name | default: 'there' }},\n\n"
                "thank you for coming to {{ business.name }}. How did it go? Good or bad, your "
                "words help the next customer and they help us.\n\n{{ link }}"
            ),
            "delay_hours": 0,
        },
        {
            "channel": "sms",
            "text": _(
                "{{ business.name }}: how did it go? Good or bad, tell us here: {{ link }} "
                "Reply STOP to end"
            ),
            "delay_hours": 72,
        },
    ]


def gate_of(campaign_id: UUID) -> str:
    """Return the key of the gate that all messages of a campaign pass."""
    return f"campaign:{campaign_id}"


def dedupe_key(campaign_id: UUID, customer_id: UUID, position: int) -> str:
    """Return what makes a message of a campaign one message, however often it is queued."""
    return f"campaign:{campaign_id}:{customer_id}:{position}"


@dataclass(frozen=True)
class Conditions:
    """The conditions of a campaign; an empty one means everybody."""

    locations: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    import_id: UUID | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the conditions that are set, as they are stored."""
        values: dict[str, Any] = {
            "locations": [str(item) for item in self.locations],
            "tags": list(self.tags),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "import": str(self.import_id) if self.import_id else None,
        }
        return {key: value for key, value in values.items() if value}


def read_conditions(raw: Mapping[str, Any]) -> Conditions:
    """Return the conditions in ``raw``; AppError for any that does not belong here."""
    strange = sorted(set(raw) - AUDIENCE_KEYS)
    if strange:
        message = _(
            "“%(name)s” cannot choose who is asked. People are chosen by place, tag, date of their "
            "last visit or import, never by what they think or by how it went."
        ) % {"name": strange[0][:60]}
        raise AppError(message, code="audience_unknown_condition", data={"condition": strange[0]})
    try:
        found = Conditions(
            locations=tuple(UUID(str(item)) for item in raw.get("locations") or ()),
            tags=tuple(str(item) for item in raw.get("tags") or ()),
            since=_read_date(raw.get("since")),
            until=_read_date(raw.get("until")),
            import_id=UUID(str(raw["import"])) if raw.get("import") else None,
        )
    except (TypeError, ValueError) as error:
        raise AppError(_("These conditions cannot be read."), code="audience_invalid") from error
    for name, day in (("since", found.since), ("until", found.until)):
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            message = _("Choose a day between %(first)d and %(last)d.") % {
                "first": FIRST_YEAR,
                "last": LAST_YEAR,
            }
            raise AppError(message, code="audience_day", field=name)
    if found.since and found.until and found.since > found.until:
        message = _("The last day lies before the first one.")
        raise AppError(message, code="audience_dates", field="until")
    return found


def own_conditions(raw: Mapping[str, Any], actor: Actor) -> Conditions:
    """Return the conditions in ``raw`` inside the actor's places; no location means all of those.

    AppError for any that does not belong here, and at ``locations`` for a place of others.
    """
    found = read_conditions(raw)
    if actor.location_ids is None:
        return found
    if not actor.location_ids.issuperset(found.locations):
        message = _("Choose among your own locations; you see no others.")
        raise AppError(message, code="audience_locations", field="locations")
    return replace(found, locations=found.locations or tuple(sorted(actor.location_ids)))


def check_places(audience: Mapping[str, Any], actor: Actor) -> None:
    """Refuse to touch a campaign that asks people outside the actor's places."""
    if actor.location_ids is None:
        return
    asked = set(read_conditions(audience).locations)
    if not asked or not asked <= actor.location_ids:
        message = _(
            "This campaign asks people of more locations than yours. "
            "Somebody who sees all locations can change it."
        )
        raise ForbiddenError(message)


def _read_date(value: object) -> date | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@dataclass(frozen=True)
class StepPlan:
    """What has to be known of a step to choose it."""

    position: int
    channel: str
    delay_hours: int


def choose_step(
    steps: Sequence[StepPlan], *, channels: frozenset[str], start: int
) -> StepPlan | None:
    """Return the first step from ``start`` on whose channel reaches the person."""
    usable = (step for step in steps if step.position >= start and step.channel in channels)
    return next(usable, None)


def check_steps(steps: Sequence[tuple[str, int, str, str]]) -> None:
    """Refuse what is not a sequence of messages: (channel, delay, subject, text) each."""
    if not steps:
        raise AppError(_("A campaign needs at least one message."), code="no_steps")
    if len(steps) > MAX_STEPS:
        message = _("At most %(most)d messages: more would be a nuisance.") % {"most": MAX_STEPS}
        raise AppError(message, code="too_many_steps")
    for number, (channel, delay, subject, text) in enumerate(steps, start=1):
        where = {"number": number}
        if not 0 <= delay <= MAX_DELAY_HOURS:
            message = _("Message %(number)d: wait between 0 hours and 90 days.") % where
            raise AppError(message, code="delay", field=f"step-{number}-delay_hours")
        if channel == "email" and not subject.strip():
            message = _("Message %(number)d: a mail needs a subject.") % where
            raise AppError(message, code="no_subject", field=f"step-{number}-subject")
        if not text.strip():
            message = _("Message %(number)d: write what it says.") % where
            raise AppError(message, code="no_text", field=f"step-{number}-text")
