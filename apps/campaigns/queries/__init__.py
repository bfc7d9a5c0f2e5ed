"""Reads of the room: campaigns, their audience, their rules, how far they are."""

from apps.campaigns.queries.audience import (
    ELIGIBLE,
    Audience,
    Person,
    ask_verdict,
    list_left_out,
    list_tags,
    preview_audience,
    sample_people,
    with_conditions,
)
from apps.campaigns.queries.checks import CampaignFinding, check_campaign, is_blocked
from apps.campaigns.queries.lists import (
    find_request,
    get_campaign,
    get_request,
    list_campaigns,
    list_steps,
    list_transactions,
    transaction_values,
)
from apps.campaigns.queries.progress import (
    Funnel,
    count_open,
    count_reached,
    get_funnel,
    list_reached,
    list_waits,
)
from apps.campaigns.rules import ASK_WINDOW_DAYS

__all__ = [
    "ASK_WINDOW_DAYS",
    "ELIGIBLE",
    "Audience",
    "CampaignFinding",
    "Funnel",
    "Person",
    "ask_verdict",
    "check_campaign",
    "count_open",
    "count_reached",
    "find_request",
    "get_campaign",
    "get_funnel",
    "get_request",
    "is_blocked",
    "list_campaigns",
    "list_left_out",
    "list_reached",
    "list_steps",
    "list_tags",
    "list_transactions",
    "list_waits",
    "preview_audience",
    "sample_people",
    "transaction_values",
    "with_conditions",
]
