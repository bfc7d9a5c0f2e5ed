"""What the campaign pages show, put into words and shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from apps.campaigns import queries as campaigns
from apps.campaigns.choices import CampaignStatus
from apps.core import clock
from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.core.stats import wilson
from apps.customers import queries as customers
from apps.customers.choices import Channel
from apps.feedback import queries as feedback
from apps.messaging import queries as messaging
from apps.messaging.choices import MessageState
from apps.messaging.services import TemplateSource
from apps.web.messages.words import WAITS

if TYPE_CHECKING:
    from uuid import UUID

    from apps.campaigns.models import Campaign
    from apps.customers.models import Customer
    from apps.messaging.rules import Segments

TONES = {
    CampaignStatus.DRAFT: ("", "edit"),
    CampaignStatus.RUNNING: ("accent", "play"),
    CampaignStatus.PAUSED: ("warn", "pause"),
    CampaignStatus.FINISHED: ("good", "check"),
    CampaignStatus.CANCELLED: ("", "stop"),
}
STATES = (
    (MessageState.DELIVERED, lazy("Delivered"), "good", False),
    (MessageState.SENT, lazy("Sent"), "", False),
    (MessageState.SENDING, lazy("On their way"), "", True),
    (MessageState.QUEUED, lazy("Waiting"), "none", True),
    (MessageState.SUPPRESSED, lazy("Held by the rules"), "warn", False),
    (MessageState.UNCONFIRMED, lazy("Unconfirmed"), "warn", True),
    (MessageState.BOUNCED, lazy("Bounced"), "bad", False),
    (MessageState.FAILED, lazy("Failed"), "bad", True),
)
ENDED = (MessageState.CANCELLED, MessageState.EXPIRED)
PER_CENT = 100
# What stands between the words of a mail and its foot.
FOOTER = "\n\n-- \n"


def show_number(number: int) -> str:
    """Return a count with the separators of the reader's language."""
    return str(number_format(number, force_grouping=True))


def describe_status(status: str) -> dict[str, str]:
    """Return a campaign's state as a badge."""
    tone, icon = TONES.get(CampaignStatus(status), ("", "info"))
    words = {
        CampaignStatus.DRAFT: _("Draft"),
        CampaignStatus.RUNNING: _("Sending"),
        CampaignStatus.PAUSED: _("Paused"),
        CampaignStatus.FINISHED: _("Finished"),
        CampaignStatus.CANCELLED: _("Stopped"),
    }
    return {"tone": tone, "icon": icon, "words": words.get(CampaignStatus(status), status)}


def list_builder_steps(campaign: Campaign, current: str) -> list[dict[str, Any]]:
    """Return where one is in building a campaign."""
    names = {"audience": _("Audience"), "messages": _("Messages"), "check": _("Check and launch")}
    order = list(names)
    return [
        {
            "title": title,
            "url": reverse(f"web:campaigns:{name}", args=[campaign.pk]),
            "current": name == current,
            "done": order.index(name) < order.index(current),
        }
        for name, title in names.items()
    ]


REASONS = {
    "no_consent": (lazy("No consent to be asked"), lazy("neither by text nor by mail")),
    "asked": (lazy("Asked a short while ago"), lazy("within the time you set")),
    "opted_out": (lazy("Opted out"), lazy("STOP, or the link in a mail")),
    "bounced": (lazy("Address does not work"), lazy("earlier messages came back")),
    "no_address": (lazy("No address"), lazy("for any message of this campaign")),
}


def describe_audience(audience: campaigns.Audience, campaign: Campaign) -> dict[str, Any]:
    """Return the counts of an audience with their words and shares."""
    by = audience.by_channel
    parts = [
        {"title": _("by mail"), "count": by.get(Channel.EMAIL, 0)},
        {"title": _("by text"), "count": by.get(Channel.SMS, 0), "soft": True},
    ]
    return {
        "eligible": audience.eligible,
        "eligible_shown": show_number(audience.eligible),
        "left_out_shown": show_number(audience.left_out_count),
        "total": audience.total,
        "parts": [part for part in parts if part["count"]],
        "left_out": [
            {
                "title": REASONS[reason][0],
                "note": REASONS[reason][1],
                "count": show_number(count),
                "url": reverse("web:campaigns:left_out", args=[campaign.pk, reason]),
            }
            for reason, count in audience.left_out.items()
        ],
    }


@dataclass(frozen=True)
class StepPreview:
    """One message as a customer would get it, or why it cannot be shown."""

    number: int
    channel: str
    subject: str
    text: str
    foot: str
    sender: str
    parts: int
    units: int
    room: int
    forced_by: str
    missing: str
    error: str


def preview_steps(
    rows: Sequence[Mapping[str, Any]], customer: Customer | None
) -> list[StepPreview]:
    """Return each message as ``customer`` (or a made-up person) would get it."""
    values = last_visit(customer)
    sender = messaging.get_sender().name
    return [
        _preview(number, row, customer, values, sender) for number, row in enumerate(rows, start=1)
    ]


def last_visit(customer: Customer | None) -> dict[str, object] | None:
    """Return what messages may say about a customer's last visit."""
    if customer is None:
        return None
    last = customers.get_transactions(customer.pk, actor=SYSTEM).first()
    return campaigns.transaction_values(last)


def _preview(
    number: int,
    row: Mapping[str, Any],
    customer: Customer | None,
    values: Mapping[str, object] | None,
    sender: str,
) -> StepPreview:
    source = TemplateSource(str(row["channel"]), str(row["text"]), str(row["subject"]))
    empty = StepPreview(number, source.channel, "", "", "", sender, 0, 0, 0, "", "", "")
    if not source.text.strip():
        return empty
    try:
        found = messaging.render_preview(source, customer, values=values)
    except AppError as error:
        return StepPreview(**{**vars(empty), "error": error.message})
    segments = found.segments
    words, _mark, foot = found.text.partition(FOOTER)
    return StepPreview(
        number=number,
        channel=source.channel,
        subject=found.subject,
        text=words,
        foot=foot,
        sender=sender,
        parts=segments.parts if segments else 0,
        units=segments.units if segments else 0,
        room=_room(segments),
        forced_by=" ".join(segments.forced_by[:6]) if segments else "",
        missing=", ".join(found.missing),
        error="",
    )


def _room(segments: Segments | None) -> int:
    """Return how many units the parts of a text hold."""
    if segments is None:
        return 0
    single, split = (160, 153) if segments.encoding == "GSM-7" else (70, 67)
    return single if segments.parts <= 1 else segments.parts * split


def sum_up(
    audience: campaigns.Audience, rows: Sequence[Mapping[str, Any]], previews: Sequence[StepPreview]
) -> list[dict[str, Any]]:
    """Return what a launch would send at most, as on a bill."""
    texts = sum(audience.reach.get(Channel.SMS, 0) for row in rows if row["channel"] == "sms")
    mails = sum(audience.reach.get(Channel.EMAIL, 0) for row in rows if row["channel"] == "email")
    parts = sum(
        audience.reach.get(Channel.SMS, 0) * preview.parts
        for preview in previews
        if preview.channel == "sms"
    )
    lines = []
    if mails:
        lines.append({"title": _("Mails at most"), "value": show_number(mails)})
    if texts:
        lines.append({"title": _("Texts at most"), "value": show_number(texts)})
        note = _("what your provider bills")
        lines.append({"title": _("Parts at most"), "value": show_number(parts), "note": note})
    return lines


def describe_schedule(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Say when each message goes out."""
    lines = []
    for number, row in enumerate(rows, start=1):
        kind = _("a mail") if row["channel"] == "email" else _("a text")
        wait = say_hours(int(row["delay_hours"]))
        if number == 1:
            words = _("%(kind)s at once") if not wait else _("%(kind)s after %(wait)s")
        else:
            words = (
                _("%(kind)s after %(wait)s more, unless they answered or said no")
                if wait
                else _("%(kind)s at the same time")
            )
        lines.append(
            {
                "title": _("First") if number == 1 else _("Then"),
                "value": words % {"kind": kind, "wait": wait},
            }
        )
    return lines


def say_hours(hours: int) -> str:
    """Say a number of hours as days where they are whole days."""
    if not hours:
        return ""
    if hours % 24 == 0:
        days = hours // 24
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def describe_progress(campaign: Campaign) -> dict[str, Any]:
    """Return the live part of a campaign's page: bars by state, people from sent to answered."""
    funnel = campaigns.get_funnel(campaign=campaign)
    answers = feedback.count_answers(campaign_id=campaign.pk)
    shown = [
        {"title": title, "count": funnel.states.get(state.value, 0), "tone": tone, "soft": soft}
        for state, title, tone, soft in STATES
    ]
    ended = sum(funnel.states.get(state.value, 0) for state in ENDED)
    parts = [
        part
        for part in [*shown, {"title": _("Taken back"), "count": ended, "tone": "none"}]
        if part["count"]
    ]
    return {
        "funnel": funnel,
        "parts": parts,
        "total": funnel.messages,
        "rows": [
            _stage(_("Sent"), funnel.sent, funnel.asked, _("%(n)s asked"), funnel.asked),
            _stage(_("Opened the link"), funnel.opened, funnel.sent, _("%(n)s sent"), funnel.asked),
            _stage(_("Answered"), answers.rated, funnel.sent, _("%(n)s sent"), funnel.asked),
            _stage(
                _("Went on to a site"), answers.went_on, funnel.sent, _("%(n)s sent"), funnel.asked
            ),
        ],
        "waits": _list_waits(campaign) if funnel.states.get(MessageState.QUEUED.value) else [],
        "status": describe_status(campaign.status),
        "is_live": campaign.status in {CampaignStatus.RUNNING, CampaignStatus.STOPPING},
        "can_pause": campaign.status == CampaignStatus.RUNNING,
        "can_resume": campaign.status == CampaignStatus.PAUSED,
        "left_out": [
            {"title": title, "count": campaign.left_out[reason]}
            for reason, (title, _note) in REASONS.items()
            if reason in campaign.left_out
        ],
    }


def _list_waits(campaign: Campaign) -> list[dict[str, Any]]:
    """Return why messages of a campaign do not leave now, and until when."""
    return [
        {"count": wait.count, "until": wait.until, "why": WAITS[wait.why]}
        for wait in campaigns.list_waits(campaign_id=campaign.pk, now=clock.now())
        if wait.why in WAITS
    ]


def _stage(title: str, count: int, of: int, base: str, scale: int) -> dict[str, Any]:
    """Return one row of the funnel: a count, its share with interval, and bars on one scale."""
    count = min(count, of) if of else count
    if not of:
        return {"title": title, "count": count, "words": "", "low": 0, "high": 0}
    low, high = wilson(count, of)
    words = _("%(share)d %% of %(base)s, %(low)d–%(high)d %%") % {
        "share": round(PER_CENT * count / of),
        "base": base % {"n": of},
        "low": round(PER_CENT * low),
        "high": round(PER_CENT * high),
    }
    unit = PER_CENT * of / scale if scale else 0
    return {
        "title": title,
        "count": count,
        "words": words,
        "low": round(low * unit, 2),
        "high": round(high * unit, 2),
        "width": round((high - low) * unit, 2),
    }


def find_person(people: Sequence[campaigns.Person], chosen: UUID | None) -> Customer | None:
    """Return the customer chosen for the preview, or the first one at hand."""
    found = {person.customer.pk: person.customer for person in people}
    if chosen in found:
        return found[chosen]
    return people[0].customer if people else None


def next_seed(seed: str) -> str:
    """Return the seed of five other people."""
    return str(int(seed) % 1000 + 1) if seed.isdecimal() else "1"
