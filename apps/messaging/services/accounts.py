"""Accounts at providers: one for each channel, the sandbox until somebody chooses another."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import crypto
from apps.core.errors import AppError
from apps.customers.choices import Channel
from apps.locations import queries as locations
from apps.messaging.choices import ProviderKind
from apps.messaging.models import Account
from apps.messaging.providers import registry
from apps.messaging.providers.base import Outgoing, Provider, ProviderMisconfigured
from apps.messaging.providers.sandbox import Deliver
from apps.tenants import wall

PLACE = "messaging_account.sealed_secret"
SANDBOX_NUMBER = "+15005550006"
CHANNEL_OF = {ProviderKind.SMTP: Channel.EMAIL, ProviderKind.TWILIO: Channel.SMS}


def ensure_default_accounts(*, now: datetime, kind: str = ProviderKind.SANDBOX) -> list[Account]:
    """Make sure that each channel has an account; returns them.

    With kind ``smtp`` or ``twilio`` that channel's account becomes one at the installation's
    server (``SMTP_URL``, ``TWILIO_BASE_URL``), as the rigs and a local mail catcher need it.
    """
    for channel in Channel.values:
        _ensure_sandbox(channel, now)
    if kind == ProviderKind.SMTP:
        parts = urlsplit(settings.SMTP_URL)
        values = {
            "host": parts.hostname or "",
            "port": str(parts.port or 25),
            "security": "tls" if parts.scheme == "smtps" else "none",
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
        }
        save_account(kind=kind, values=values, sender=_default_email(), now=now)
    elif kind == ProviderKind.TWILIO:
        values = {
            "account_sid": "AC" + "0" * 32,
            "auth_token": "loopback",
            "base_url": settings.TWILIO_BASE_URL,
        }
        save_account(kind=kind, values=values, sender=SANDBOX_NUMBER, now=now)
    return list(Account.objects.filter(is_default=True).order_by("channel"))


def _ensure_sandbox(channel: str, now: datetime) -> Account:
    is_mail = channel == Channel.EMAIL
    account, _created = Account.objects.get_or_create(
        channel=channel,
        is_default=True,
        defaults={
            "kind": ProviderKind.SANDBOX,
            "name": "Sandbox mailbox" if is_mail else "Sandbox phone",
            "sender": _default_email() if is_mail else SANDBOX_NUMBER,
            "sender_name": wall.current_business().name[:80],
            "settings": {"channel": channel},
            "callback_key": secrets.token_urlsafe(24),
            "created_at": now,
        },
    )
    return account


def _default_email() -> str:
    brand = locations.get_brand()
    if brand.sender_email:
        return brand.sender_email
    business = wall.current_business()
    domain = settings.BASE_DOMAIN if "." in settings.BASE_DOMAIN else "sandbox.example"
    return f"hello@{business.slug}.{domain}"


@transaction.atomic
def save_account(
    *,
    kind: str,
    values: Mapping[str, str],
    sender: str,
    now: datetime,
    channel: str = "",
    sender_name: str = "",
) -> Account:
    """Make this the account of its channel; secrets left empty keep what was there.

    A change of provider makes a new account, so that open questions stay with the old one.
    AppError with the field when the settings cannot work.
    """
    if kind not in ProviderKind.values:
        raise AppError(_("Choose a provider."), code="unknown_provider", field="kind")
    way = CHANNEL_OF.get(ProviderKind(kind), channel)
    if way not in Channel.values:
        raise AppError(_("Choose email or text message."), code="channel", field="channel")
    before = Account.objects.select_for_update().filter(channel=way, is_default=True).first()
    same = before if before is not None and before.kind == kind else None
    plain, secret = _split(kind, values, same, way)
    _check(kind, {**plain, **secret})
    if not sender.strip() and not plain.get("messaging_service_sid"):
        raise AppError(_("Say who the messages come from."), code="empty", field="sender")
    account = same or Account(
        kind=kind,
        channel=way,
        name=str(ProviderKind(kind).label),
        callback_key=secrets.token_urlsafe(24),
        created_at=now,
    )
    account.settings = plain
    account.sealed_secret = _seal(secret)
    account.sender = sender.strip()
    account.sender_name = sender_name or account.sender_name or wall.current_business().name[:80]
    if before is not None and same is None:
        before.is_default = before.is_active = False
        before.save(update_fields=["is_default", "is_active"])
    account.is_default = account.is_active = True
    account.save()
    return account


def _split(
    kind: str, values: Mapping[str, str], same: Account | None, channel: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return plain settings and secrets apart."""
    if kind == ProviderKind.SANDBOX:
        return {"channel": channel}, {}
    known = secrets_of(same) if same else {}
    plain: dict[str, str] = {}
    secret: dict[str, str] = {}
    for setting in registry.SETTINGS[kind]:
        value = (values.get(setting.name) or "").strip()
        if setting.secret:
            value = value or known.get(setting.name, "")
            if value:
                secret[setting.name] = value
        elif value:
            plain[setting.name] = value
    return plain, secret


def _check(kind: str, values: Mapping[str, str]) -> None:
    url = values.get("base_url", "")
    if url.startswith("http:") and not settings.ALLOW_LOOPBACK_PROVIDERS:
        raise AppError(_("The address must begin with https."), code="https", field="base_url")
    try:
        registry.make(
            kind,
            values,
            sandbox=_refuse,
            allow_local=settings.ALLOW_LOOPBACK_PROVIDERS,
        )
    except ProviderMisconfigured as error:
        raise AppError(str(error), code="provider_misconfigured", field=error.field) from error


def _refuse(outgoing: Outgoing) -> None:
    raise AssertionError(outgoing.message_id)


def _seal(secret: Mapping[str, str]) -> str:
    if not secret:
        return ""
    return crypto.seal(wall.current_business().uuid, json.dumps(secret), place=PLACE)


def secrets_of(account: Account) -> dict[str, str]:
    """Return the secrets of an account, opened."""
    if not account.sealed_secret:
        return {}
    opened = crypto.unseal(wall.current_business().uuid, account.sealed_secret, place=PLACE)
    return dict(json.loads(opened))


def provider_of(account: Account, *, sandbox: Deliver) -> Provider:
    """Return the provider that an account's messages leave by."""
    return registry.make(
        account.kind,
        {**account.settings, **secrets_of(account)},
        sandbox=sandbox,
        allow_local=settings.ALLOW_LOOPBACK_PROVIDERS,
    )


def default_accounts(*, channels: set[str], now: datetime) -> dict[str, Account]:
    """Return the account of each channel, made when it is needed for the first time."""
    found = {row.channel: row for row in Account.objects.filter(is_default=True)}
    for channel in channels - found.keys():
        found[channel] = _ensure_sandbox(channel, now)
    return found
