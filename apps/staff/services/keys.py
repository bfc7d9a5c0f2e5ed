"""Writes about the people of a business, its keys, and founding a business."""

import hashlib
import secrets
import string
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import services as accounts
from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.errors import AppError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.journal import services as journal
from apps.staff.events import KeyCreated, KeyRevoked
from apps.staff.models import ApiKey, Member
from apps.staff.rules import DEFAULT_LIMIT_MINOR
from apps.tenants import wall
from apps.tenants.models import Business

SCOPES = (
    "customers:read", "customers:write", "transactions:read", "transactions:write",
    "consents:read", "consents:write", "locations:read", "locations:write", "staff:read",
    "campaigns:read", "campaigns:write", "campaigns:launch", "messages:read", "messages:write",
    "responses:read", "reviews:read", "reviews:write",
    "response-templates:read", "response-templates:write", "text-checks:read",
    "failures:read", "failures:write", "cases:read", "cases:write",
    "promises:read", "promises:write",
    "offers:read", "offers:write", "offers:approve", "offers:code", "redemptions:write",
    "kpis:read", "events:read",
)  # fmt: skip
_ALPHABET = string.digits + string.ascii_letters


def create_member(
    *,
    business: Business,
    email: str,
    name: str,
    role: Role,
    password: str | None,
    now: datetime,
    location_ids: Sequence[UUID] = (),
) -> User:
    """Give a person a log-in and a place in a business; again changes role, limit and locations.

    Without ``location_ids`` they see every location.
    """
    with wall.as_platform():
        user = accounts.create_user(email=email, name=name, password=password, now=now)
        accounts.create_membership(user=user, business=business, role=role, now=now)
    with wall.as_business(business):
        known = {
            "name": name,
            "email": email,
            "role": role,
            "is_active": True,
            "location_ids": list(location_ids),
            "offer_limit_minor": DEFAULT_LIMIT_MINOR[role],
        }
        Member.objects.update_or_create(
            pk=user.pk, defaults=known, create_defaults={**known, "created_at": now}
        )
    return user


@transaction.atomic
def create_api_key(
    *,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    days: int | None = None,
    actor: Actor = SYSTEM,
) -> str:
    """Make a key of the entered business and return its secret, which is shown this once.

    Raises AppError ``unknown_scope`` naming the scopes there are.
    """
    unknown = set(scopes) - {*SCOPES, "*"}
    if unknown:
        message = f"Unknown: {', '.join(sorted(unknown))}. Choose from {', '.join(SCOPES)} or *."
        raise AppError(message, code="unknown_scope", field="scopes")
    prefix = "cx_live_" + "".join(secrets.choice(_ALPHABET) for _ in range(8))
    body = "".join(secrets.choice(_ALPHABET) for _ in range(43))
    secret = f"{prefix}_{body}{zlib.crc32(body.encode()) & 0xFFFFFF:06x}"
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        scopes=list(scopes),
        expires_at=now + timedelta(days=days) if days else None,
        created_at=now,
    )
    fact = KeyCreated(key_id=key.pk, scopes=" ".join(scopes))
    journal.record(fact, actor=actor, now=now)
    return secret


@transaction.atomic
def revoke_api_key(*, key: ApiKey, actor: Actor, now: datetime) -> bool:
    """End a key for good; False when it had been ended before.

    Raises ForbiddenError for those who may not change the settings.
    """
    if not actor.can("settings.change"):
        raise ForbiddenError(_("Only a manager or an owner can revoke a key."))
    ended = ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now)
    if ended:
        journal.record(KeyRevoked(key_id=key.pk), actor=actor, now=now)
    return bool(ended)


def record_key_use(*, key: ApiKey, now: datetime) -> None:
    """Note that a key was used, at most once a minute."""
    if key.last_used_at is None or now - key.last_used_at > timedelta(minutes=1):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
