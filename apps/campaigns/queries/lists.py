"""Campaigns, their steps and the requests they made."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.campaigns import sql
from apps.campaigns.models import Campaign, Request, Step
from apps.campaigns.rules import LINK_LIFE
from apps.core.db import fetch_all
from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.customers.models import Transaction


def get_campaign(*, actor: Actor, campaign_id: UUID) -> Campaign:
    """Return a campaign; NotFoundError without one in the actor's places."""
    campaign = list_campaigns(actor=actor).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFoundError(_("There is no such campaign."))
    return campaign


def list_campaigns(*, actor: Actor) -> QuerySet[Campaign]:
    """Return the campaigns that ask people of the actor's places or of all of them.

    The caller pages them by ``created_at``.
    """
    if actor.location_ids is None:
        return Campaign.objects.all()
    seen = ~Q(audience__has_key="locations") | Q(audience__locations=[])
    for location_id in actor.location_ids:
        seen |= Q(audience__locations__contains=[str(location_id)])
    return Campaign.objects.filter(seen)


def list_steps(*, campaign_id: UUID) -> list[Step]:
    """Return the messages of a campaign in their order."""
    return list(Step.objects.filter(campaign_id=campaign_id).order_by("position"))


def get_request(*, request_id: UUID) -> Request:
    """Return one person's request with the person and the place; NotFoundError without one."""
    request = (
        Request.objects.select_related("customer", "location", "transaction")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise NotFoundError(_("There is no such request."))
    return request


def find_request(*, request_id: UUID, now: datetime) -> Request | None:
    """Return a request whose link still lives: not too old, and its customer not erased."""
    return (
        Request.objects.select_related("customer", "location", "transaction")
        .filter(pk=request_id, customer__erased_at__isnull=True, created_at__gt=now - LINK_LIFE)
        .first()
    )


def list_transactions(*, customer_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, UUID | None]]:
    """Return the last transaction of each customer and the place of it."""
    rows = fetch_all(sql.LAST_TRANSACTIONS, {"ids": list(customer_ids)})
    return {row[0]: (row[1], row[2]) for row in rows}


def transaction_values(transaction: Transaction | None) -> dict[str, object]:
    """Return what a message may say about the last visit."""
    if transaction is None:
        return {}
    return {
        "transaction.description": transaction.description,
        "transaction.date": f"{transaction.happened_at.day} {transaction.happened_at:%B}",
    }
