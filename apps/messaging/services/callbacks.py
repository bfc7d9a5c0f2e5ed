"""What providers tell us: receipts and customers' messages, each applied once, in any order."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.consent import queries as consents
from apps.consent import services as consent
from apps.consent.choices import Intent
from apps.consent.rules import read_inbound
from apps.core import crypto
from apps.core.errors import ForbiddenError, NotFoundError
from apps.core.facts import SYSTEM, customer_actor
from apps.customers.choices import Channel, ContactStatus
from apps.customers.models import ContactPoint
from apps.journal import services as journal
from apps.messaging.choices import MessageState
from apps.messaging.events import MessageReplied
from apps.messaging.models import Account, Inbound, Message, ProviderEvent
from apps.messaging.providers import base
from apps.messaging.providers.base import OptIntent, Receipt, Result, Status, StatusEvent
from apps.messaging.rules import FINAL, apply_receipt
from apps.messaging.services.accounts import provider_of
from apps.messaging.services.ledger import fact_of
from apps.messaging.services.outcomes import blame, needs_blame
from apps.tenants import wall

KEY_LENGTH = 160
MOST_TEXT = 10_000


def receive_callback(
    *,
    provider: str,
    account_key: str,
    kind: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> int:
    """Take a provider's call about receipts (``status``) or messages (``inbound``).

    ``url`` is the address as we gave it out, never as the request names it. Returns how many were
    new. NotFoundError for an unknown account or kind, ForbiddenError for a wrong signature: then
    nothing has changed.
    """
    account = Account.objects.filter(callback_key=account_key, kind=provider).first()
    if account is None or not account_key or kind not in ("status", "inbound"):
        raise NotFoundError(_("There is nothing at this address."))
    vendor = provider_of(account, sandbox=_refuse)
    if not vendor.verify(url, headers, body):
        raise ForbiddenError(_("The signature is not right."), code="bad_signature")
    if kind == "status":
        events = vendor.parse_status(body, request_url=url)
        return sum(record_status(account=account, event=event, now=now) for event in events)
    texts = vendor.parse_inbound(body)
    return sum(record_inbound(account=account, text=text, now=now) for text in texts)


def _refuse(outgoing: base.Outgoing) -> None:
    raise AssertionError(outgoing.message_id)


@transaction.atomic
def record_status(*, account: Account, event: StatusEvent, now: datetime) -> bool:
    """Apply a receipt once; of several the one that says most stays, whatever their order."""
    row, _created = ProviderEvent.objects.get_or_create(
        account=account,
        key=event.key[:KEY_LENGTH],
        defaults={
            "status": event.status,
            "provider_ref": event.provider_ref[: base.MAX_REFERENCE],
            "code": event.code[:60],
            "message_id": event.message_id,
            "received_at": now,
        },
    )
    message = None if row.is_applied else _find(account, event)
    if message is None:
        return False
    _suppress(message, event, now)
    locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    _apply(locked, event, now)
    ProviderEvent.objects.filter(pk=row.pk).update(is_applied=True)
    return True


def _find(account: Account, event: StatusEvent) -> Message | None:
    rows = Message.objects.filter(account=account)
    found = rows.filter(pk=event.message_id).first() if event.message_id else None
    if found is None and event.provider_ref:
        found = rows.filter(provider_ref=event.provider_ref[: base.MAX_REFERENCE]).first()
    return found


def _suppress(message: Message, event: StatusEvent, now: datetime) -> None:
    """Send nothing more where a receipt says so; the contact rows are locked before messages."""
    result = Result(
        status=Status.REJECTED,
        code=event.code,
        error_class=event.error_class,
        opted_out=event.opted_out and event.status is not Receipt.COMPLAINED,
        invalid_address=event.invalid_address,
    )
    if needs_blame(result):
        blame(message=message, result=result, now=now)
    elif event.status is Receipt.COMPLAINED or (
        event.status is Receipt.BOUNCED and event.permanent
    ):
        is_complaint = event.status is Receipt.COMPLAINED
        consent.suppress(
            address_hash=message.address_hash,
            channel=message.channel,
            reason="complained" if is_complaint else "bounced",
            source=f"provider {event.code}",
            now=now,
        )
        if not is_complaint:
            ContactPoint.objects.filter(
                address_hash=message.address_hash, channel=message.channel
            ).update(status=ContactStatus.BOUNCED)


def _apply(message: Message, event: StatusEvent, now: datetime) -> None:
    state = apply_receipt(message.state, event.status)
    if not message.provider_ref:
        message.provider_ref = event.provider_ref[: base.MAX_REFERENCE]
    is_new = state != message.state
    if is_new:
        message.state = state
        message.reason = (event.error_class or event.code)[:40]
        message.deferred_until, message.deferred_why = None, ""
        message.sent_at = message.sent_at or now
        if state in FINAL:
            message.settled_at = now
    message.save(
        update_fields=[
            *("state", "reason", "provider_ref", "sent_at", "settled_at"),
            *("deferred_until", "deferred_why"),
        ]
    )
    fact = fact_of(message, state, message.reason) if is_new else None
    if fact is not None and state != MessageState.SENT:
        journal.record(fact, actor=SYSTEM, now=now)


@transaction.atomic
def record_inbound(*, account: Account, text: base.Inbound, now: datetime) -> bool:
    """Take a customer's message once: a stop is obeyed at once, anything else goes to people."""
    address_hash = crypto.keyed_hash(wall.current_business().uuid, text.from_)
    contact = (
        ContactPoint.objects.select_related("customer")
        .filter(channel=account.channel, address_hash=address_hash)
        .first()
    )
    intent = _read(text, address_hash, account.channel)
    row, created = Inbound.objects.get_or_create(
        key=f"{account.pk}:{text.key}"[:KEY_LENGTH],
        defaults={
            "account": account,
            "channel": account.channel,
            "address": text.from_[:254],
            "address_hash": address_hash,
            "customer": contact.customer if contact else None,
            "text": text.text[:MOST_TEXT].replace("\0", ""),
            "intent": intent,
            "created_at": now,
        },
    )
    if created:
        _act(row, intent, now)
    return created


def _read(text: base.Inbound, address_hash: str, channel: str) -> Intent:
    stop = consents.find_suppression(address_hash=address_hash, channel=channel)
    is_opted_out = stop is not None and stop.reason == consents.OPTED_OUT
    if text.opt is not OptIntent.NONE:
        own = Intent(str(text.opt))
        return own if own is not Intent.START or is_opted_out else Intent.NONE
    return read_inbound(text.text, is_opted_out=is_opted_out)


def _act(row: Inbound, intent: Intent, now: datetime) -> None:
    actor = customer_actor(row.customer_id)
    if intent is Intent.STOP:
        consent.withdraw(
            address_hash=row.address_hash,
            channel=row.channel,
            customer_id=row.customer_id,
            source="answer by text message",
            actor=actor,
            now=now,
        )
    elif intent is Intent.START:
        consent.allow_again(
            address_hash=row.address_hash,
            channel=row.channel,
            customer_id=row.customer_id,
            source="answer by text message",
            actor=actor,
            now=now,
        )
    else:
        fact = MessageReplied(inbound_id=row.pk, customer_id=row.customer_id, channel=row.channel)
        journal.record(fact, actor=actor, now=now)


def receive_sandbox_reply(*, address: str, text: str, key: str, now: datetime) -> bool:
    """Take what was typed on the sandbox phone, as if the customer had answered."""
    account = Account.objects.filter(channel=Channel.SMS).order_by("-is_default").first()
    if account is None:
        raise NotFoundError(_("There is no sandbox phone yet."))
    typed = base.Inbound(
        provider_ref=key, from_=address, to=account.sender, text=text, opt=OptIntent.NONE, key=key
    )
    return record_inbound(account=account, text=typed, now=now)
