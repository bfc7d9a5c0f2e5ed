"""Crossing from one host to another: a code that works once, within 30 seconds."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import EntryCode, Membership, User
from apps.core.errors import AppError, NotFoundError
from apps.tenants.choices import BusinessStatus
from apps.tenants.models import Business

LIFETIME = timedelta(seconds=30)


@dataclass(frozen=True)
class Entry:
    """What the browser carries over, and where to."""

    business: Business
    code: str
    nonce: str


@transaction.atomic
def issue_entry(
    *,
    user: User,
    slug: str,
    origin: str,
    now: datetime,
    proofs: Sequence[Mapping[str, Any]] = (),
) -> Entry:
    """Make a way into a business for one of its members, from the page at ``origin``.

    ``proofs`` says how the person has proved there who they are: it counts on the other side too.

    Raises NotFoundError where the person is no member, as where there is no such business.
    """
    membership = (
        Membership.objects.select_related("business")
        .filter(
            user=user, is_active=True, business__slug=slug, business__status=BusinessStatus.ACTIVE
        )
        .first()
    )
    if membership is None:
        raise NotFoundError(_("You do not belong to a business of this name."))
    EntryCode.objects.filter(user=user, expires_at__lte=now).delete()
    entry = Entry(membership.business, secrets.token_urlsafe(32), secrets.token_urlsafe(16))
    EntryCode.objects.create(
        code_hash=hash_secret(entry.code),
        nonce_hash=hash_secret(entry.nonce),
        user=user,
        business=entry.business,
        origin=origin,
        proofs=list(proofs),
        expires_at=now + LIFETIME,
        created_at=now,
    )
    return entry


@transaction.atomic
def redeem_entry(
    *, code: str, nonce: str, origin: str, business: Business, now: datetime
) -> tuple[User, list[dict[str, Any]]]:
    """Use a code up and return whose it is, and how they have proved on the first host to be it.

    It must come to the business it was made for, from the page it was made on. Raises AppError
    ``entry_refused``, which says no more than that the way in is closed.
    """
    live = EntryCode.objects.filter(
        code_hash=hash_secret(code),
        nonce_hash=hash_secret(nonce),
        origin=origin,
        business=business,
        used_at__isnull=True,
        expires_at__gt=now,
    )
    if live.update(used_at=now):
        used = EntryCode.objects.select_related("user").get(code_hash=hash_secret(code))
        member = Membership.objects.filter(user=used.user, business=business, is_active=True)
        if used.user.is_active and member.exists():
            return used.user, used.proofs
    message = _("This way in works once and for half a minute. Please sign in.")
    raise AppError(message, code="entry_refused")


def hash_secret(secret: str) -> str:
    """Return what is kept of a secret that only its holder knows."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
