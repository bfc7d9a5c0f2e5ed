"""Writes of consent: given, withdrawn, suppressed; each locks the rows that the send gate locks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.consent.choices import Basis, Purpose
from apps.consent.events import ConsentGranted, ConsentWithdrawn, PolicyChanged
from apps.consent.models import Event, Policy, Standing, Suppression
from apps.consent.queries import OPTED_OUT, Contact, find_suppression, get_policy
from apps.consent.rules import HARD_WINDOW, Window
from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.customers.models import ContactPoint
from apps.journal import services as journal
from apps.tenants import wall

IMPLIED_FOR = timedelta(days=730)
MOST_CAPPED = 50
MOST_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Consent of one contact point to some purposes, and how we know."""

    contact: Contact
    purposes: Collection[str]
    basis: str
    source: str
    wording: str = ""
    evidence: Mapping[str, object] = field(default_factory=dict)
    expires_at: datetime | None = None


def record_consent(
    *,
    contact: Contact,
    purposes: Collection[str],
    channel: str = "",
    basis: str,
    source: str,
    wording: str = "",
    evidence: Mapping[str, object] | None = None,
    expires_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Write down consent of one person; an express yes counts even after an earlier withdrawal.

    An opt-out stays in force until ``allow_again``. Returns how many purposes are new.
    """
    if channel and channel != contact.channel:
        raise AppError(_("This contact point is of another kind."), code="wrong_channel")
    grant = Grant(
        contact=contact,
        purposes=purposes,
        basis=basis,
        source=source,
        wording=wording,
        evidence=evidence or {},
        expires_at=expires_at,
    )
    return _record([grant], revives=basis == Basis.EXPRESS, actor=actor, now=now)


def record_many(grants: Sequence[Grant], *, actor: Actor, now: datetime) -> int:
    """Write down consent of many people at once, as an import does; returns how many were new.

    What was withdrawn stays withdrawn, what is known already is not written again, and an express
    yes is never weakened to an implied one.
    """
    return _record(grants, revives=False, actor=actor, now=now)


@transaction.atomic
def _record(grants: Sequence[Grant], *, revives: bool, actor: Actor, now: datetime) -> int:
    _check(grants)
    hashes = {grant.contact.address_hash for grant in grants}
    known = {
        (row.address_hash, row.channel, row.purpose): row
        for row in Standing.objects.select_for_update()
        .filter(address_hash__in=hashes)
        .order_by("pk")
    }
    fresh: dict[tuple[str, str, str], tuple[Grant, Standing]] = {}
    for grant in grants:
        for purpose in dict.fromkeys(grant.purposes):
            key = (grant.contact.address_hash, grant.contact.channel, purpose)
            standing = _standing(grant, purpose, now)
            if _is_news(known.get(key), standing, revives=revives, now=now):
                fresh[key] = (grant, standing)
    if not fresh:
        return 0
    Standing.objects.bulk_create(
        [standing for _grant, standing in fresh.values()],
        update_conflicts=True,
        unique_fields=["address_hash", "channel", "purpose"],
        update_fields=["is_granted", "basis", "source", "expires_at", "since"],
        batch_size=500,
    )
    Event.objects.bulk_create(
        [_given(grant, standing, now) for grant, standing in fresh.values()], batch_size=500
    )
    facts = [
        ConsentGranted(
            customer_id=grant.contact.customer_id,
            channel=standing.channel,
            purpose=standing.purpose,
            basis=standing.basis,
        )
        for grant, standing in fresh.values()
    ]
    journal.record_many(facts, actor=actor, now=now)
    return len(fresh)


def _check(grants: Sequence[Grant]) -> None:
    for grant in grants:
        if grant.basis not in Basis.values:
            raise AppError(_("Say how these people agreed."), code="unknown_basis", field="basis")
        if not grant.purposes or not set(grant.purposes) <= set(Purpose.values):
            raise AppError(
                _("Say what these people agreed to."), code="unknown_purpose", field="purposes"
            )


def _standing(grant: Grant, purpose: str, now: datetime) -> Standing:
    expires_at = grant.expires_at
    if expires_at is None and grant.basis == Basis.IMPLIED:
        expires_at = now + IMPLIED_FOR
    return Standing(
        address_hash=grant.contact.address_hash,
        channel=grant.contact.channel,
        purpose=purpose,
        is_granted=True,
        basis=grant.basis,
        source=grant.source[:80],
        expires_at=expires_at,
        since=now,
    )


def _is_news(known: Standing | None, standing: Standing, *, revives: bool, now: datetime) -> bool:
    if known is None:
        return True
    if not known.is_granted:
        return revives
    is_over = known.expires_at is not None and known.expires_at <= now
    if is_over:
        return True
    return known.basis == Basis.IMPLIED and standing.basis == Basis.EXPRESS


def _given(grant: Grant, standing: Standing, now: datetime) -> Event:
    return Event(
        address_hash=standing.address_hash,
        customer_id=grant.contact.customer_id,
        channel=standing.channel,
        purpose=standing.purpose,
        action="granted",
        basis=standing.basis,
        source=standing.source,
        wording=grant.wording,
        evidence=dict(grant.evidence),
        expires_at=standing.expires_at,
        at=now,
    )


def lock_contacts(*, address_hash: str, channel: str) -> list[ContactPoint]:
    """Lock the contact rows of an address, as the send gate does: one waits for the other."""
    return list(
        ContactPoint.objects.select_for_update(no_key=True)
        .filter(address_hash=address_hash, channel=channel)
        .order_by("pk")
    )


@transaction.atomic
def withdraw(
    *,
    address_hash: str,
    channel: str,
    customer_id: UUID | None = None,
    source: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Stop everything on a channel at once: suppression and withdrawal in one transaction.

    Once this has returned no message passes the gate any more. False when it had been stopped.
    """
    contacts = lock_contacts(address_hash=address_hash, channel=channel)
    who = customer_id or (contacts[0].customer_id if contacts else None)
    is_new = _suppress(address_hash, channel, OPTED_OUT, source, now)
    standings = list(
        Standing.objects.select_for_update().filter(
            address_hash=address_hash, channel=channel, is_granted=True
        )
    )
    if not is_new and not standings:
        return False
    Standing.objects.filter(pk__in=[row.pk for row in standings]).update(
        is_granted=False, since=now
    )
    where = (address_hash, channel, who)
    _write_events(where, "withdrawn", standings, source=source, now=now)
    fact = ConsentWithdrawn(customer_id=who, channel=channel, purpose="all", source=source[:80])
    journal.record(fact, actor=actor, now=now)
    return True


def _write_events(
    where: tuple[str, str, UUID | None],
    action: str,
    standings: Sequence[Standing],
    *,
    source: str,
    now: datetime,
) -> None:
    """Write down that a channel was stopped or allowed again, purpose by purpose."""
    address_hash, channel, customer_id = where
    Event.objects.bulk_create(
        [
            Event(
                address_hash=address_hash,
                customer_id=customer_id,
                channel=channel,
                purpose=purpose,
                action=action,
                basis=basis,
                source=source[:80],
                at=now,
            )
            for purpose, basis in [(row.purpose, row.basis) for row in standings] or [("all", "")]
        ]
    )


def _suppress(address_hash: str, channel: str, reason: str, source: str, now: datetime) -> bool:
    """Write a suppression; a person's own word stands above an address that failed."""
    row, created = Suppression.objects.get_or_create(
        address_hash=address_hash,
        channel=channel,
        defaults={"reason": reason, "source": source[:80], "created_at": now},
    )
    if created or row.reason == OPTED_OUT or reason != OPTED_OUT:
        return created
    Suppression.objects.filter(pk=row.pk).update(reason=reason, source=source[:80], created_at=now)
    return True


@transaction.atomic
def suppress(*, address_hash: str, channel: str, reason: str, source: str, now: datetime) -> bool:
    """Send nothing more to an address that does not work or complained; False when known."""
    lock_contacts(address_hash=address_hash, channel=channel)
    return _suppress(address_hash, channel, reason, source, now)


@transaction.atomic
def allow_again(
    *,
    address_hash: str,
    channel: str,
    customer_id: UUID | None = None,
    source: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Take a person's own opt-out back, with the purposes it took away; False without one.

    An address that failed or complained stays suppressed: no word of the person mends it.
    """
    contacts = lock_contacts(address_hash=address_hash, channel=channel)
    stop = find_suppression(address_hash=address_hash, channel=channel)
    if stop is None or stop.reason != OPTED_OUT:
        return False
    who = customer_id or (contacts[0].customer_id if contacts else None)
    rows = list(
        Standing.objects.select_for_update().filter(
            address_hash=address_hash, channel=channel, is_granted=False, since=stop.created_at
        )
    )
    stop.delete()
    Standing.objects.filter(pk__in=[row.pk for row in rows]).update(
        is_granted=True, since=now, source=source[:80]
    )
    where = (address_hash, channel, who)
    _write_events(where, "granted", rows, source=source, now=now)
    journal.record_many(
        [
            ConsentGranted(customer_id=who, channel=channel, purpose=row.purpose, basis=row.basis)
            for row in rows
        ],
        actor=actor,
        now=now,
    )
    return True


def update_policy(
    *,
    opens: time,
    closes: time,
    sunday_opens: time,
    sunday_closes: time,
    cap_messages: int,
    cap_days: int,
    actor: Actor,
    now: datetime,
) -> Policy:
    """Set the hours and the cap of this business.

    AppError at the field for hours that end before they begin or that no message can meet, and
    for a cap that is out of bounds.
    """
    _check_hours(opens, closes, sunday_opens, sunday_closes)
    if not 1 <= cap_messages <= MOST_CAPPED:
        message = _("Choose between 1 and %(most)d messages.") % {"most": MOST_CAPPED}
        raise AppError(message, code="cap_invalid", field="cap_messages")
    if not 1 <= cap_days <= MOST_DAYS:
        message = _("Choose between 1 and %(most)d days.") % {"most": MOST_DAYS}
        raise AppError(message, code="cap_invalid", field="cap_days")
    policy = get_policy()
    policy.opens, policy.closes = opens, closes
    policy.sunday_opens, policy.sunday_closes = sunday_opens, sunday_closes
    policy.cap_messages, policy.cap_days = cap_messages, cap_days
    with transaction.atomic():
        policy.save()
        journal.record(_policy_changed(policy), actor=actor, now=now)
    return policy


def _policy_changed(policy: Policy) -> PolicyChanged:
    return PolicyChanged(
        business_id=wall.current_business().uuid,
        hours=f"{policy.opens:%H:%M}-{policy.closes:%H:%M}",
        sunday_hours=f"{policy.sunday_opens:%H:%M}-{policy.sunday_closes:%H:%M}",
        cap_messages=policy.cap_messages,
        cap_days=policy.cap_days,
    )


def _check_hours(opens: time, closes: time, sunday_opens: time, sunday_closes: time) -> None:
    for begin, end, name in (
        (opens, closes, "closes"),
        (sunday_opens, sunday_closes, "sunday_closes"),
    ):
        if begin > end:
            message = _("The hours must end after they begin.")
            raise AppError(message, code="window_invalid", field=name)
    hours = Window(opens, closes, sunday_opens, sunday_closes).within(HARD_WINDOW)
    if hours.start == hours.end and hours.sunday_start == hours.sunday_end:
        message = _(
            "These hours leave no time in which a message could be sent: it never leaves before "
            "%(first)s or after %(last)s."
        ) % {"first": f"{HARD_WINDOW.start:%H:%M}", "last": f"{HARD_WINDOW.end:%H:%M}"}
        raise AppError(message, code="window_empty", field="closes")


@transaction.atomic
def choose(
    *, customer_id: UUID, wanted: Mapping[UUID, bool], source: str, actor: Actor, now: datetime
) -> int:
    """Turn ways to reach a person on or off as they wish; returns how many have changed.

    Contact points of other people are passed over.
    """
    contacts = ContactPoint.objects.filter(customer_id=customer_id, pk__in=wanted).order_by("pk")
    changed = 0
    for contact in contacts:
        change = allow_again if wanted[contact.pk] else withdraw
        changed += change(
            address_hash=contact.address_hash,
            channel=contact.channel,
            customer_id=customer_id,
            source=source,
            actor=actor,
            now=now,
        )
    return changed
