"""Facts about campaigns."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CampaignLaunched(Fact):
    """A campaign began to send."""

    kind: ClassVar[str] = "campaign.launched"
    subject: ClassVar[str] = "campaign_id"
    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class CampaignPaused(Fact):
    """A campaign was paused."""

    kind: ClassVar[str] = "campaign.paused"
    subject: ClassVar[str] = "campaign_id"
    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class CampaignFinished(Fact):
    """A campaign has nothing left to send."""

    kind: ClassVar[str] = "campaign.finished"
    subject: ClassVar[str] = "campaign_id"
    campaign_id: UUID
