"""A campaign against the rules before it goes out: what blocks, what warns, what holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.campaigns import sql
from apps.campaigns.models import Campaign, Step
from apps.campaigns.queries.audience import Audience, preview_audience, values_of
from apps.campaigns.queries.lists import list_steps
from apps.consent import queries as consent
from apps.consent.choices import Reason
from apps.core.db import fetch_all
from apps.core.errors import AppError
from apps.customers.choices import Channel
from apps.locations import queries as locations
from apps.messaging import queries as messaging
from apps.messaging.models import Template
from apps.tenants import wall
from apps.text.checks import check_text

BAD, WARN, GOOD = "bad", "warn", "good"
_RANK = {BAD: 0, WARN: 1, GOOD: 2, "": 3}


@dataclass(frozen=True)
class CampaignFinding:
    """One rule and how a campaign stands to it; ``position`` is the message to mend."""

    tone: str
    code: str
    title: str
    text: str = ""
    found: str = ""
    fix: str = ""
    position: int = 0


def is_blocked(findings: Sequence[CampaignFinding]) -> bool:
    """Tell whether a campaign must not go out as it is."""
    return any(finding.tone == BAD for finding in findings)


def check_campaign(
    *, campaign: Campaign, now: datetime, audience: Audience | None = None
) -> list[CampaignFinding]:
    """Return how a campaign stands to the rules, what blocks first."""
    steps = list_steps(campaign_id=campaign.pk)
    people = audience or preview_audience(campaign=campaign, steps=steps, now=now)
    findings = [
        *_check_people(people),
        *_check_texts(steps),
        *_check_hours(campaign, steps, now),
        *_check_links(),
        *_check_way_out(steps),
    ]
    return sorted(findings, key=lambda finding: _RANK[finding.tone])


def _check_people(people: Audience) -> Iterator[CampaignFinding]:
    if not people.eligible:
        yield CampaignFinding(
            BAD,
            "nobody",
            _("Nobody is left to ask"),
            _("Widen the audience, or see why each person is left out."),
        )


def _check_texts(steps: Sequence[Step]) -> Iterator[CampaignFinding]:
    if not steps:
        yield CampaignFinding(BAD, "no_steps", _("There is no message yet"))
    remarks = [remark for step in steps for remark in _check_step(step)]
    yield from remarks
    if steps and not remarks:
        yield CampaignFinding(
            GOOD,
            "neutral",
            _("Asks everyone openly"),
            _("No hoped-for rating, no reward, no filter in any message."),
        )


def _check_step(step: Step) -> Iterator[CampaignFinding]:
    where = {"number": step.position}
    try:
        messaging.render_preview(_template(step))
    except AppError as error:
        title = _("Message %(number)d cannot be filled in") % where
        yield CampaignFinding(BAD, "template", title, error.message, position=step.position)
        return
    words = f"{step.subject}\n{step.text}"
    for finding in check_text("request", words):
        if finding.tone == GOOD:
            continue
        yield CampaignFinding(
            str(finding.tone),
            finding.code,
            _("Message %(number)d: %(title)s") % {**where, "title": finding.title},
            finding.text,
            found=words[finding.start : finding.end],
            fix=finding.fix,
            position=step.position,
        )


def _template(step: Step) -> Template:
    return Template(channel=step.channel, subject=step.subject, text=step.text)


def _check_hours(
    campaign: Campaign, steps: Sequence[Step], now: datetime
) -> Iterator[CampaignFinding]:
    waiting, until = count_quiet(campaign=campaign, steps=steps, now=now)
    if not waiting:
        yield CampaignFinding(GOOD, "hours", _("Within everybody's hours"))
        return
    title = ngettext(
        "%(count)d person waits for their morning",
        "%(count)d people wait for their morning",
        waiting,
    ) % {"count": waiting}
    text = _("It is a quiet hour where they are; their messages go out when it ends.")
    if until is not None:
        zone = wall.current_business().time_zone
        local = until.astimezone(ZoneInfo(zone))
        text = _(
            "Quiet hours where they are; the first of them get theirs at %(when)s your time."
        ) % {"when": formats.date_format(local, "D H:i")}
    yield CampaignFinding(WARN, "quiet", title, text)


def count_quiet(
    *, campaign: Campaign, steps: Sequence[Step], now: datetime
) -> tuple[int, datetime | None]:
    """Count those whose first message would wait for their hours, and until when at least."""
    first = steps[0].channel if steps else Channel.EMAIL.value
    values = {**values_of(campaign, steps, now=now), "first": first}
    groups = fetch_all(sql.ZONES, values)
    questions = [
        consent.GateQuestion(
            key=number,
            channel=channel,
            purpose="review_request",
            address_hash=address_hash,
            zones=zones or (),
        )
        for number, (zones, channel, address_hash, _count) in enumerate(groups)
    ]
    answers = consent.bars(questions, now)
    quiet = [number for number, answer in answers.items() if answer.reason == Reason.QUIET]
    moments = [answers[number].until for number in quiet]
    until = min((moment for moment in moments if moment is not None), default=None)
    return sum(groups[int(str(number))][3] for number in quiet), until


def _check_links() -> Iterator[CampaignFinding]:
    names = list(dict.fromkeys(item.label for item in locations.list_destinations()))
    if names:
        yield CampaignFinding(
            GOOD,
            "links",
            _("The same links for all"),
            _("%(names)s: in this order for everybody, whatever they answer.")
            % {"names": ", ".join(names)},
        )
    else:
        yield CampaignFinding(
            WARN,
            "no_links",
            _("No public site to go on to"),
            _("People can answer you, but nothing leads them on. Add a site in the settings."),
        )
    yield CampaignFinding(
        "",
        "yelp",
        _("Yelp is not a destination"),
        _("It forbids asking for reviews, so it cannot be chosen."),
    )


def _check_way_out(steps: Sequence[Step]) -> Iterator[CampaignFinding]:
    channels = {step.channel for step in steps}
    if Channel.EMAIL in channels and not locations.get_brand().postal_address:
        yield CampaignFinding(
            WARN,
            "postal_address",
            _("Mails lack your postal address"),
            _("The law of most countries wants it in each mail. It stands under Brand."),
        )
    if channels:
        yield CampaignFinding(
            GOOD,
            "way_out",
            _("A way out in each message"),
            _("STOP in texts, one click in mails; both are added when you leave them out."),
        )
