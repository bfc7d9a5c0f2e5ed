"""Whether an offer that is being sent reaches its customer, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.consent import queries as consent
from apps.consent.choices import Reason
from apps.customers import queries as customers

if TYPE_CHECKING:
    from datetime import datetime

    from apps.offers.models import Offer

LATER = frozenset({Reason.QUIET, Reason.CAPPED})


def foretell(offer: Offer, channel: str, now: datetime) -> tuple[str, bool]:
    """Return what becomes of an offer sent by this channel, and whether it goes at all."""
    points = []
    if offer.customer_id is not None:
        points = customers.list_contacts([offer.customer_id]).get(offer.customer_id, [])
    point = next((one for one in points if one.channel == channel and one.status == "ok"), None)
    if point is None:
        return "", True
    question = consent.GateQuestion(
        key=point.pk,
        channel=channel,
        purpose="winback_offer",
        address_hash=point.address_hash,
        zones=point.zones,
    )
    decision = consent.bars([question], now)[point.pk]
    if decision.allowed or decision.reason is None:
        return _("On its way."), True
    values = {"why": Reason(decision.reason).label}
    if decision.reason in LATER:
        return _("On its way. It waits: %(why)s.") % values, True
    return _("It does not go out. %(why)s: tell them in person.") % values, False
