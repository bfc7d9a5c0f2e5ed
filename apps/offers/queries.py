"""Reads about offers: lists, codes, and how much of a limit is used."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.core.crypto import business_key
from apps.core.db import within
from apps.core.errors import AppError, NotFoundError
from apps.core.facts import Actor
from apps.failures.models import Failure
from apps.offers import errors, rules
from apps.offers.choices import OfferState, Remedy
from apps.offers.models import Offer, Redemption
from apps.staff import queries as staff
from apps.staff.models import Member
from apps.tenants import wall

YEAR = timedelta(days=365)
# In a year one person may get this many times what a single failure may cost.
YEAR_FACTOR = 3
COUNTED = (OfferState.ISSUED, OfferState.REDEEMED)
_RELATED = ("failure", "customer", "issued_by", "approved_by")


def _visible(actor: Actor) -> QuerySet[Offer]:
    return within(actor, Offer.objects.select_related(*_RELATED), "failure__location_id")


def list_offers(*, actor: Actor, state: str = "") -> QuerySet[Offer]:
    """Return the offers in the actor's places, newest first, of one state or of all."""
    offers = _visible(actor).order_by("-created_at", "-id")
    return offers.filter(state=state) if state else offers


def count_states(*, actor: Actor) -> dict[str, int]:
    """Return how many offers stand in each state."""
    rows = _visible(actor).order_by().values_list("state").annotate(n=Count("id"))
    return dict.fromkeys(OfferState.values, 0) | dict(rows)


def get_offer(*, actor: Actor, offer_id: UUID) -> Offer:
    """Return one offer; NotFoundError when it is not there or not in the actor's places."""
    offer = _visible(actor).filter(pk=offer_id).first()
    if offer is None:
        message = "This offer does not exist."
        raise NotFoundError(message)
    return offer


def find_offer(*, offer_id: UUID) -> Offer | None:
    """Return the offer that a customer's own link leads to."""
    return Offer.objects.select_related(*_RELATED, "failure__location").filter(pk=offer_id).first()


def list_for_failure(*, failure_id: UUID) -> QuerySet[Offer]:
    """Return the offers made because of one failure, newest first."""
    return (
        Offer.objects.select_related(*_RELATED)
        .filter(failure_id=failure_id)
        .order_by("-created_at", "-id")
    )


def find_redemption(*, offer_id: UUID) -> Redemption | None:
    """Return when and where an offer was used."""
    return Redemption.objects.select_related("location").filter(offer_id=offer_id).first()


def derive_code(*, business_id: UUID, offer_id: UUID, generation: int = 0) -> str:
    """Return the code that belongs to an id; ``generation`` counts back through ``MASTER_KEYS``."""
    key = business_key(business_id, "offer-codes", generation=generation)
    return rules.make_code(hmac.new(key, offer_id.bytes, hashlib.sha256).digest())


def hash_code(*, business_id: UUID, code: str, generation: int = 0) -> str:
    """Return the hash by which a code is found."""
    key = business_key(business_id, "offer-code-hashes", generation=generation)
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def find_code(*, business_id: UUID, offer_id: UUID, code_hash: str) -> str:
    """Return the code behind a stored hash; nothing when its master key is no longer listed."""
    for generation in range(len(settings.MASTER_KEYS)):
        code = derive_code(business_id=business_id, offer_id=offer_id, generation=generation)
        found = hash_code(business_id=business_id, code=code, generation=generation)
        if hmac.compare_digest(found, code_hash):
            return code
    return ""


def list_hashes(*, business_id: UUID, code: str) -> list[str]:
    """Return the hashes under which a code may be stored, one for each listed master key."""
    return [
        hash_code(business_id=business_id, code=code, generation=generation)
        for generation in range(len(settings.MASTER_KEYS))
    ]


def show_code(offer: Offer) -> str:
    """Return the code of an offer in two groups, as it is read aloud; nothing without its key."""
    code = code_of(offer)
    return rules.show_code(code) if code else ""


def code_of(offer: Offer) -> str:
    """Return the code of an offer, as it is read out at the till."""
    business = wall.current_business()
    return find_code(business_id=business.uuid, offer_id=offer.pk, code_hash=offer.code_hash)


def list_remedies(*, failure_kind: str) -> list[tuple[str, str, bool]]:
    """Return remedies as (value, words, related to this failure), related ones first."""
    rows = [
        (remedy.value, str(remedy.label), rules.is_related(remedy.value, failure_kind))
        for remedy in Remedy
    ]
    return sorted(rows, key=lambda row: not row[2])


@dataclass(frozen=True)
class Limits:
    """How much has been given away for one failure and to one person, and how much may be."""

    currency: str
    limit: int
    case_used: int
    year_used: int
    year_limit: int

    @property
    def left(self) -> int:
        """Return what may still be given without asking anybody."""
        return max(0, min(self.limit - self.case_used, self.year_limit - self.year_used))


def find_most(*, failure: Failure, now: datetime) -> int:
    """Return the most that anybody on the team may still give because of a failure."""
    approvers = staff.list_approvers(location_id=failure.location_id)
    highest = approvers.order_by("-offer_limit_minor", "pk").first()
    member_id = highest.pk if highest else None
    return get_limits(failure=failure, member_id=member_id, now=now).left


def map_approvers(offers: Sequence[Offer], now: datetime) -> dict[UUID, list[Member]]:
    """Return by offer who may allow those that wait: whose own limit reaches as far."""
    waiting = [offer for offer in offers if offer.state == OfferState.WAITING_APPROVAL]
    if not waiting:
        return {}
    given = Offer.objects.filter(
        Q(failure_id__in={offer.failure_id for offer in waiting})
        | Q(
            customer_id__in={offer.customer_id for offer in waiting if offer.customer_id},
            issued_at__gt=now - YEAR,
        ),
        state__in=COUNTED,
    )
    rows = list(given.values_list("failure_id", "customer_id", "value_minor", "issued_at"))
    approvers = list(staff.list_approvers(location_id=None))
    found = {}
    for offer in waiting:
        needed = _needed_limit(offer, rows, now)
        found[offer.pk] = [
            member
            for member in approvers
            if member.offer_limit_minor >= needed
            if member.sees_location(offer.failure.location_id)
        ]
    return found


def _needed_limit(
    offer: Offer, rows: Sequence[tuple[UUID, UUID | None, int, datetime | None]], now: datetime
) -> int:
    """Return how high the limit of a member must be to allow an offer."""
    in_case = in_year = offer.value_minor
    for failure_id, customer_id, value, issued_at in rows:
        is_case = failure_id == offer.failure_id
        is_theirs = offer.customer_id is not None and customer_id == offer.customer_id
        in_case += value if is_case else 0
        is_fresh = issued_at is not None and issued_at > now - YEAR
        in_year += value if is_fresh and (is_case or is_theirs) else 0
    return max(in_case, -(-in_year // YEAR_FACTOR))


def get_limits(*, failure: Failure, member_id: UUID | None, now: datetime) -> Limits:
    """Return what a member may still give because of a failure without asking anybody."""
    member = Member.objects.filter(pk=member_id, is_active=True).first() if member_id else None
    limit = member.offer_limit_minor if member else 0
    theirs = Q(failure=failure)
    if failure.customer_id is not None:
        theirs |= Q(customer_id=failure.customer_id, issued_at__gt=now - YEAR)
    sums = Offer.objects.filter(theirs, state__in=COUNTED).aggregate(
        case=Sum("value_minor", filter=Q(failure=failure), default=0),
        year=Sum("value_minor", filter=Q(issued_at__gt=now - YEAR), default=0),
    )
    return Limits(
        currency=wall.current_business().currency,
        limit=limit,
        case_used=sums["case"],
        year_used=sums["year"],
        year_limit=limit * YEAR_FACTOR,
    )


def read_hashes(code: str) -> list[str]:
    """Return the hashes of a typed code; CodeMistyped when it cannot be one of ours."""
    clean = rules.read_code(code)
    if clean is None:
        message = _("This is not one of our codes. Check it letter by letter.")
        raise errors.CodeMistyped(message, field="code")
    return list_hashes(business_id=wall.current_business().uuid, code=clean)


def check_code(*, code: str, now: datetime) -> Offer:
    """Return the offer that a code stands for; raises what redeeming it now would raise."""
    offer = Offer.objects.select_related(*_RELATED).filter(code_hash__in=read_hashes(code)).first()
    if offer is None or rules.may_redeem(offer.state, offer.expires_at, now):
        raise explain_refusal(offer)
    return offer


def explain_refusal(offer: Offer | None) -> AppError:
    """Return why a code cannot be used, in words for the till."""
    if offer is None:
        return errors.CodeUnknown(_("No offer has this code."), field="code")
    if offer.state == OfferState.REDEEMED:
        return errors.OfferUsed(_used_words(offer), field="code")
    if offer.state == OfferState.REVOKED:
        message = _("This offer was taken back on %(when)s.")
        return errors.OfferRevoked(message % {"when": _when(offer.revoked_at)}, field="code")
    if offer.state in (OfferState.DRAFT, OfferState.WAITING_APPROVAL):
        message = _("This offer still waits for approval. A manager or an owner can allow it.")
        return errors.OfferNotIssued(message, field="code")
    message = _("This offer ran out on %(when)s.") % {"when": _when(offer.expires_at)}
    return errors.OfferExpired(message, field="code")


def _used_words(offer: Offer) -> str:
    used = find_redemption(offer_id=offer.pk)
    values = {"when": _when(offer.redeemed_at), "where": ""}
    if used and used.location:
        values["where"] = used.location.name
        return _("This code was used on %(when)s at %(where)s. Each code works once.") % values
    return _("This code was used on %(when)s. Each code works once.") % values


def _when(moment: datetime | None) -> str:
    return show_moment(moment, "j F Y, H:i") if moment else ""


def show_moment(moment: datetime, shape: str) -> str:
    """Return a moment in the business's own time."""
    zone = ZoneInfo(wall.current_business().time_zone)
    return date_format(localtime(moment, zone), shape)
