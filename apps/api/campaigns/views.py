"""Campaigns: list, write a draft, read, change, throw away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.campaigns.serializers import (
    CampaignBody,
    CampaignDetailSerializer,
    CampaignPatch,
    CampaignQuery,
    CampaignSerializer,
)
from apps.api.shared.lookups import find_place
from apps.api.shared.schema import adding, changing, deleting, listing, reading
from apps.api.shared.versions import answer_made, answer_one, check_version
from apps.api.shared.views import Door, answer_page, read_body, read_query
from apps.campaigns import queries, services
from apps.campaigns.services import StepDraft
from apps.core import clock
from apps.core.errors import AppError
from apps.core.facts import Actor


def show(rows: list[Any]) -> list[Any]:
    """Return campaigns as JSON values."""
    return list(CampaignSerializer(rows, many=True).data)


def show_one(campaign: Any) -> Any:
    """Return one campaign with its messages."""
    steps = queries.list_steps(campaign_id=campaign.pk)
    return CampaignDetailSerializer(campaign, context={"steps": steps}).data


def read_one(actor: Actor, campaign_id: UUID) -> Any:
    """Return one campaign as it is now."""
    return queries.get_campaign(actor=actor, campaign_id=campaign_id)


def _write(campaign: Any, body: dict[str, Any], actor: Actor) -> None:
    """Store what a clean body says of a draft."""
    now = clock.now()
    plain = ("name", "ask_window_days")
    values: dict[str, Any] = {name: body[name] for name in plain if name in body}
    if "audience" in body:
        values["audience"] = _conditions(body["audience"])
    if values:
        with _at_the_field("audience"):
            services.update_campaign(campaign=campaign, actor=actor, now=now, **values)
    if "steps" in body:
        steps = [StepDraft(**step) for step in body["steps"]]
        with _at_the_field("steps"):
            services.save_steps(campaign=campaign, steps=steps, actor=actor, now=now)


def _conditions(audience: dict[str, Any]) -> dict[str, Any]:
    for place in audience.get("locations", []):
        find_place(place)
    values = {name: value for name, value in audience.items() if name != "import_id"}
    return {**values, "import": audience.get("import_id")}


@contextmanager
def _at_the_field(group: str) -> Iterator[None]:
    """Name the field of a refusal as the body does: ``step-2-text`` is ``steps.1.text``."""
    try:
        yield
    except AppError as error:
        error.field = _place(error.field or "", group)
        raise


def _place(field: str, group: str) -> str:
    if field.startswith("step-"):
        _word, number, name = field.split("-", 2)
        return f"steps.{int(number) - 1}.{name}"
    if field in {"since", "until", "locations"}:
        return f"audience.{field}"
    return field or group


class Campaigns(Door):
    """The list."""

    noun = "campaigns"

    @listing(
        CampaignSerializer, CampaignQuery, of="campaigns", words="List campaigns, newest first"
    )
    def get(self, request: Request) -> Response:
        """Answer with a page."""
        query = read_query(request, CampaignQuery)
        rows = queries.list_campaigns(actor=self.actor)
        if "status" in query:
            rows = rows.filter(status=query["status"])
        return answer_page(request, rows, query=query, by="created_at", show=show)

    @adding(
        CampaignDetailSerializer, CampaignBody, named="create_campaign", words="Write a campaign"
    )
    def post(self, request: Request) -> Response:
        """Make a draft; nothing leaves before it is launched."""
        read_query(request)
        body = read_body(CampaignBody, request)
        with transaction.atomic():
            campaign = services.create_campaign(
                name=body.pop("name"), actor=self.actor, now=clock.now()
            )
            _write(campaign, body, self.actor)
        made = show_one(read_one(self.actor, campaign.pk))
        return answer_made(request, made, "campaigns:campaign")


class OneCampaign(Door):
    """One campaign."""

    noun = "campaigns"

    @reading(CampaignDetailSerializer, of="campaign", words="Read a campaign with its messages")
    def get(self, request: Request, campaign_id: UUID) -> Response:
        """Answer with the campaign."""
        read_query(request)
        return answer_one(request, show_one(read_one(self.actor, campaign_id)))

    @changing(CampaignDetailSerializer, CampaignPatch, of="campaign", words="Change a draft")
    def patch(self, request: Request, campaign_id: UUID) -> Response:
        """Change what is given of a draft; 409 once it has been launched."""
        read_query(request)
        body = read_body(CampaignPatch, request)
        with transaction.atomic():
            campaign = self._hold(request, campaign_id)
            _write(campaign, body, self.actor)
        return answer_one(request, show_one(read_one(self.actor, campaign_id)))

    @deleting(of="campaign", words="Throw a draft away")
    def delete(self, request: Request, campaign_id: UUID) -> Response:
        """Delete a draft; 409 once it has been launched: that stays on record."""
        read_query(request)
        with transaction.atomic():
            campaign = self._hold(request, campaign_id)
            services.delete_campaign(campaign=campaign, actor=self.actor)
        return Response(status=204)

    def _hold(self, request: Request, campaign_id: UUID) -> Any:
        """Return the campaign, locked, if it is the version that the caller means."""
        services.hold_campaign(campaign_id=campaign_id)
        campaign = read_one(self.actor, campaign_id)
        check_version(request, show_one(campaign))
        return campaign
