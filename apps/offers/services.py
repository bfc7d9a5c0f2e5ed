"""Writes of the room: issuing, approving, taking back, redeeming, sending and expiring offers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.db import uuid7
from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor, Fact
from apps.core.money import Money
from apps.customers import queries as customers
from apps.customers.choices import ContactStatus
from apps.customers.models import ContactPoint, Customer
from apps.failures.models import Failure
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal import services as journal
from apps.locations.models import Location
from apps.messaging import queries as messages
from apps.messaging import services as messaging
from apps.offers import errors, events, queries, rules
from apps.offers.choices import OfferState
from apps.offers.models import Offer, Redemption
from apps.offers.queries import code_of, derive_code, hash_code
from apps.tenants import wall

__all__ = [
    "approve_offer", "code_of", "expire_offer", "issue_offer", "redeem_offer", "revoke_offer",
    "send_offer",
]  # fmt: skip
DOUBLE_CLICK = timedelta(seconds=10)
UNSENT = frozenset({"failed", "bounced", "suppressed", "cancelled", "expired"})


def issue_offer(
    *,
    failure: Failure,
    remedy: str,
    title: str,
    terms: str,
    value_minor: int,
    days: int,
    actor: Actor,
    now: datetime,
    currency: str = "",
) -> Offer:
    """Promise something because of a failure; above the member's limit it waits for approval.

    The same promise by the same person within seconds is one: a button was pressed twice.
    Raises AppError naming the field: what is missing, tied to a review, or above everybody's limit.
    """
    _need(actor, "offers.issue")
    business = wall.current_business()
    _check_currency(currency, business.currency)
    rules.check_offer(title=title, terms=terms, value_minor=value_minor, days=days, remedy=remedy)
    words = {"remedy": remedy, "title": title.strip(), "terms": terms.strip()}
    with transaction.atomic():
        _lock_failures(failure)
        twin = _find_twin(failure, words, value_minor, actor=actor, now=now)
        if twin is not None:
            return twin
        limits = queries.get_limits(failure=failure, member_id=_member_id(actor), now=now)
        within = value_minor <= limits.left
        _check_reach(failure, value_minor, within=within, now=now)
        offer_id = uuid7()
        code = derive_code(business_id=business.uuid, offer_id=offer_id)
        offer = Offer.objects.create(
            id=offer_id,
            failure=failure,
            customer_id=failure.customer_id,
            value_minor=value_minor,
            currency=business.currency,
            state=OfferState.ISSUED if within else OfferState.WAITING_APPROVAL,
            code_hash=hash_code(business_id=business.uuid, code=code),
            issued_by_id=_member_id(actor),
            limit_minor=limits.limit,
            approval_asked_at=None if within else now,
            issued_at=now if within else None,
            expires_at=now + timedelta(days=days),
            created_at=now,
            **words,
        )
        _announce(offer, actor=actor, now=now)
    return offer


def _check_reach(failure: Failure, value_minor: int, *, within: bool, now: datetime) -> None:
    """Refuse what nobody could ever allow: it would wait without end."""
    if within:
        return
    most = queries.find_most(failure=failure, now=now)
    if value_minor > most:
        message = _(
            "Nobody on the team may give this much: %(most)s is the most that is left here. "
            "Limits follow the role in the team; an owner's is the highest."
        )
        money = Money(most, wall.current_business().currency)
        raise errors.AboveLimit(message % {"most": money}, field="value")


def _check_currency(currency: str, own: str) -> None:
    if currency and currency != own:
        message = _("Offers are made in %(currency)s.") % {"currency": own}
        raise AppError(message, code="wrong_currency", field="currency")


def _find_twin(
    failure: Failure, words: dict[str, str], value_minor: int, *, actor: Actor, now: datetime
) -> Offer | None:
    """Return the same promise that the same person made a moment ago."""
    return Offer.objects.filter(
        failure=failure,
        issued_by_id=_member_id(actor),
        value_minor=value_minor,
        state__in=(OfferState.ISSUED, OfferState.WAITING_APPROVAL),
        created_at__range=(now - DOUBLE_CLICK, now),
        **words,
    ).first()


def approve_offer(*, offer: Offer, actor: Actor, now: datetime) -> Offer:
    """Allow an offer that waits; its days begin now.

    Raises AboveLimit when it is worth more than the approver may give, and ConflictError when it
    does not wait any more.
    """
    _need(actor, "offers.approve")
    with transaction.atomic():
        _lock_failures(offer.failure)
        limits = queries.get_limits(failure=offer.failure, member_id=_member_id(actor), now=now)
        if offer.value_minor > limits.left:
            message = _("This is more than you may allow: you have %(left)s left here.") % {
                "left": Money(limits.left, limits.currency)
            }
            raise errors.AboveLimit(message)
        changed = Offer.objects.filter(pk=offer.pk, state=OfferState.WAITING_APPROVAL).update(
            state=OfferState.ISSUED,
            approved_by_id=_member_id(actor),
            issued_at=now,
            expires_at=now + (offer.expires_at - offer.created_at),
        )
        if not changed:
            raise ConflictError(_("This offer does not wait for approval any more."))
        offer.refresh_from_db()
        journal.record(_fact(events.OfferApproved, offer), actor=actor, now=now)
        # It is still the offer of who asked for it.
        maker = Actor(kind="staff", id=offer.issued_by_id) if offer.issued_by_id else actor
        _announce(offer, actor=maker, now=now)
    return offer


def revoke_offer(*, offer: Offer, actor: Actor, now: datetime) -> Offer:
    """Take an offer back; ConflictError when it was used, ran out or was taken back before."""
    _need(actor, "offers.issue")
    # What no member made, a key made; a key alone takes back no person's offer.
    if not (actor.can("offers.approve") or offer.issued_by_id == _member_id(actor)):
        raise ForbiddenError(_("Only who made the offer, a manager or an owner may take it back."))
    with transaction.atomic():
        changed = Offer.objects.filter(
            pk=offer.pk,
            state__in=(OfferState.DRAFT, OfferState.WAITING_APPROVAL, OfferState.ISSUED),
        ).update(state=OfferState.REVOKED, revoked_at=now)
        if not changed:
            raise ConflictError(_("This offer cannot be taken back any more."))
        offer.refresh_from_db()
        journal.record(_fact(events.OfferRevoked, offer), actor=actor, now=now)
    return offer


def redeem_offer(
    *,
    code: str,
    actor: Actor,
    now: datetime,
    location: Location | None = None,
    reference: str = "",
) -> Redemption:
    """Use a code, once; of two at the same moment one wins and the other is told who did.

    Raises CodeMistyped, CodeUnknown, OfferUsed, OfferExpired, OfferRevoked or OfferNotIssued.
    """
    _need(actor, "offers.redeem")
    hashes = queries.read_hashes(code)
    with transaction.atomic():
        won = Offer.objects.filter(
            code_hash__in=hashes, state=OfferState.ISSUED, expires_at__gt=now
        ).update(state=OfferState.REDEEMED, redeemed_at=now)
        offer = Offer.objects.filter(code_hash__in=hashes).first()
        if offer is None or not won:
            raise queries.explain_refusal(offer)
        redemption = Redemption.objects.create(
            offer=offer,
            actor_kind=actor.kind,
            actor_id=actor.id,
            location=location,
            reference=reference.strip()[:120],
            created_at=now,
        )
        journal.record(_fact(events.OfferRedeemed, offer), actor=actor, now=now)
    return redemption


def expire_offer(*, offer_id: UUID, now: datetime) -> bool:
    """End an offer whose time is over; False when it was used or has not run out."""
    with transaction.atomic():
        changed = Offer.objects.filter(
            pk=offer_id, state=OfferState.ISSUED, expires_at__lte=now
        ).update(state=OfferState.EXPIRED)
        if changed:
            offer = Offer.objects.get(pk=offer_id)
            journal.record(_fact(events.OfferExpired, offer), actor=SYSTEM, now=now)
    return bool(changed)


def send_offer(*, offer: Offer, channel: str, actor: Actor, now: datetime) -> None:
    """Send an offer to its customer; the message carries the offer's own link and no other.

    Raises ApologyMissing before somebody has said sorry, and AppError where there is no address.
    """
    _need(actor, "offers.issue")
    if offer.state != OfferState.ISSUED:
        raise errors.OfferNotIssued(_("Only an issued offer can be sent."))
    if not _has_apology(offer):
        message = _("First the apology, then the offer: nobody has said sorry for this yet.")
        raise errors.ApologyMissing(message)
    if offer.customer is None:
        raise AppError(_("There is no customer to send it to. Tell them in person."))
    contact = _find_contact(offer.customer, channel)
    with transaction.atomic():
        queued = messaging.queue_message(
            dedupe_key=f"offer:{offer.pk}:{channel}",
            channel=channel,
            purpose="winback_offer",
            subject_kind="offer",
            subject_id=offer.pk,
            customer=offer.customer,
            contact=contact,
            subject=_("Something to put it right"),
            text=_offer_text(offer),
            link_purpose="o",
            link_id=offer.pk,
            component="offer",
            expires_at=offer.expires_at,
            lane=Lane.TRANSACTIONAL,
            actor=actor,
            now=now,
        )
        Offer.objects.filter(pk=offer.pk).update(message_id=queued.pk)


def _find_contact(customer: Customer, channel: str) -> ContactPoint:
    contacts = customers.list_contacts(customer_ids=[customer.pk]).get(customer.pk, [])
    for contact in contacts:
        if contact.channel == channel and contact.status == ContactStatus.OK:
            return contact
    message = _("We have no address of this kind. Tell them in person.")
    raise AppError(message, code="no_address", field="channel")


def _offer_text(offer: Offer) -> str:
    text = _(
        "Hello %(name)s,\n\nto put right what went wrong we would like to give you this: "
        "%(title)s.\n\nYou can use it until %(until)s. The code and the terms stand on your page."
    )
    return text % {
        "name": offer.customer.first_name if offer.customer else "",
        "title": offer.title,
        "until": queries.show_moment(offer.expires_at, "j F Y"),
    }


def _has_apology(offer: Offer) -> bool:
    if offer.failure.apologised_at is None:
        return False
    sent = [
        message
        for message in messages.list_subject_messages("failure", offer.failure_id)
        if message.component == "apology"
    ]
    return not sent or any(message.state not in UNSENT for message in sent)


def _announce(offer: Offer, *, actor: Actor, now: datetime) -> None:
    """Tell that an offer was made, and let it run out; one above a limit is only asked for."""
    if offer.state != OfferState.ISSUED:
        journal.record(_fact(events.OfferAsked, offer), actor=actor, now=now)
        return
    journal.record(_fact(events.OfferIssued, offer), actor=actor, now=now)
    jobs.enqueue(
        "offers.expire",
        key=offer.pk,
        now=now,
        lane=Lane.BULK,
        not_before=offer.expires_at,
        dedupe_key=f"offers.expire:{offer.pk}",
    )


def _lock_failures(failure: Failure) -> None:
    """Let one offer after the other be weighed against the limits of a failure and a person."""
    theirs = Q(pk=failure.pk)
    if failure.customer_id is not None:
        theirs |= Q(customer_id=failure.customer_id)
    list(Failure.objects.select_for_update().filter(theirs).order_by("pk").values_list("pk"))


def _fact(kind: Callable[..., Fact], offer: Offer) -> Fact:
    return kind(
        offer_id=offer.pk,
        failure_id=offer.failure_id,
        customer_id=offer.customer_id,
        value_minor=offer.value_minor,
        currency=offer.currency,
    )


def _member_id(actor: Actor) -> UUID | None:
    return actor.id if actor.kind == "staff" else None


def _need(actor: Actor, permission: str) -> None:
    if not actor.can(permission):
        raise ForbiddenError(_("You may not do this. Ask a manager or an owner."))
