"""What happens to a campaign: looked at, launched, held, ended, counted; people enrolled."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.campaigns.serializers import (
    CampaignDetailSerializer,
    CampaignPreviewSerializer,
    EnrollBody,
    PreviewQuery,
    StatsSerializer,
    VerdictsSerializer,
)
from apps.api.campaigns.views import read_one, show_one
from apps.api.shared.schema import reading, writing
from apps.api.shared.serializers import NoBody
from apps.api.shared.versions import answer_one
from apps.api.shared.views import Door, read_body, read_query
from apps.campaigns import queries, services
from apps.campaigns.choices import CampaignStatus
from apps.core import clock
from apps.core.errors import AppError, ConflictError
from apps.customers import queries as customers
from apps.feedback import queries as feedback
from apps.messaging import queries as messaging
from apps.messaging import services as texts

COUNTED = ("eligible", "left_out", "asked", "sent", "delivered", "opened", "waiting_steps")


class _Move(Door):
    """A campaign on its way into another state."""

    noun = "campaigns"
    scope = "campaigns:launch"

    def begin(self, request: Request, campaign_id: UUID) -> Any:
        """Return the campaign of a request that says all by its address."""
        read_query(request)
        read_body(NoBody, request)
        return read_one(self.actor, campaign_id)

    def end(self, request: Request, campaign_id: UUID, status: str = "") -> Response:
        """Answer with the campaign, or with a conflict when it has not come where it should."""
        campaign = read_one(self.actor, campaign_id)
        if status and campaign.status != status:
            message = f"This campaign is {campaign.get_status_display().lower()}."
            raise ConflictError(message, code="wrong_status")
        return answer_one(request, show_one(campaign))


class LaunchCampaign(_Move):
    """The start."""

    @writing(CampaignDetailSerializer, NoBody, named="launch_campaign", words="Launch a campaign")
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Start to send, once however often it is asked; 422 `rules` when the rules forbid it."""
        campaign = self.begin(request, campaign_id)
        services.launch_campaign(campaign=campaign, actor=self.actor, now=clock.now())
        return self.end(request, campaign_id)


class PauseCampaign(_Move):
    """A pause."""

    @writing(CampaignDetailSerializer, NoBody, named="pause_campaign", words="Hold a campaign")
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Hold what has not left yet; 409 when it does not run."""
        campaign = self.begin(request, campaign_id)
        services.pause_campaign(campaign=campaign, actor=self.actor, now=clock.now())
        return self.end(request, campaign_id, CampaignStatus.PAUSED)


class ResumeCampaign(_Move):
    """The end of a pause."""

    @writing(CampaignDetailSerializer, NoBody, named="resume_campaign", words="Go on")
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Go on where the pause began; 409 when there is nothing to go on with."""
        campaign = self.begin(request, campaign_id)
        services.resume_campaign(campaign=campaign, actor=self.actor, now=clock.now())
        return self.end(request, campaign_id, CampaignStatus.RUNNING)


class CancelCampaign(_Move):
    """The end before its time."""

    @writing(CampaignDetailSerializer, NoBody, named="cancel_campaign", words="Stop for good")
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Stop for good: what has not left never leaves; 409 for a draft or a finished one."""
        campaign = self.begin(request, campaign_id)
        services.cancel_campaign(campaign=campaign, actor=self.actor, now=clock.now())
        return self.end(request, campaign_id, CampaignStatus.CANCELLED)


class EnrollPeople(Door):
    """More people for a running campaign."""

    noun = "campaigns"
    scope = "campaigns:launch"

    @writing(VerdictsSerializer, EnrollBody, named="enroll_people", words="Ask more people")
    def post(self, request: Request, campaign_id: UUID) -> Response:
        """Ask these people too, whatever the conditions say; consent and the rest bind as ever."""
        read_query(request)
        ids = read_body(EnrollBody, request)["customer_ids"]
        verdicts = services.enrol_people(
            campaign=read_one(self.actor, campaign_id),
            customer_ids=ids,
            actor=self.actor,
            now=clock.now(),
        )
        rows = [{"customer_id": one, "verdict": verdicts[one]} for one in dict.fromkeys(ids)]
        return Response(VerdictsSerializer({"results": rows}).data)


class CampaignStats(Door):
    """How far it is."""

    noun = "campaigns"

    @reading(StatsSerializer, of="campaign_stats", words="Count its messages and people")
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Answer with the counts as they are now."""
        read_query(request)
        funnel = queries.get_funnel(campaign=read_one(self.actor, campaign_id))
        answers = feedback.count_answers(campaign_id=campaign_id)
        counts = {name: getattr(funnel, name) for name in COUNTED}
        counts |= {"answered": answers.rated, "went_on": answers.went_on}
        counts |= {"next_step_at": funnel.next_step_at, "messages": dict(funnel.states)}
        return Response(StatsSerializer(counts).data)


class CampaignPreview(Door):
    """What a launch would do."""

    noun = "campaigns"

    @reading(
        CampaignPreviewSerializer,
        PreviewQuery,
        of="campaign_preview",
        words="See whom it would ask, what it would say, and what stands against it",
    )
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Answer with the audience, the findings and the messages as they are now."""
        query, now = read_query(request, PreviewQuery), clock.now()
        campaign = read_one(self.actor, campaign_id)
        person = None
        if "customer_id" in query:
            person = customers.get_customer(actor=self.actor, customer_id=query["customer_id"])
        steps = queries.list_steps(campaign_id=campaign.pk)
        audience = queries.preview_audience(campaign=campaign, steps=steps, now=now)
        findings = queries.check_campaign(campaign=campaign, now=now, audience=audience)
        shown = {
            "eligible": audience.eligible,
            "left_out": audience.left_out,
            "by_channel": audience.by_channel,
            "reach": audience.reach,
            "is_blocked": queries.is_blocked(findings),
            "findings": findings,
            "messages": [_show_step(step, person) for step in steps],
        }
        return Response(CampaignPreviewSerializer(shown).data)


def _show_step(step: Any, person: Any) -> dict[str, Any]:
    source = texts.TemplateSource(channel=step.channel, subject=step.subject, text=step.text)
    plain = {"position": step.position, "channel": step.channel}
    try:
        preview = messaging.render_preview(source, person)
    except AppError:
        # What is wrong with it stands among the findings.
        return {**plain, "subject": step.subject, "text": step.text, "segments": None}
    count = preview.segments.parts if preview.segments else None
    return {**plain, "subject": preview.subject, "text": preview.text, "segments": count}
