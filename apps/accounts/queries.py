"""Reads about people and their memberships; called with the platform's rights."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import F, QuerySet

from apps.accounts.choices import FoundingState
from apps.accounts.models import (
    Founding,
    Invitation,
    KeptValue,
    Membership,
    PlatformMail,
    Session,
    SignUp,
    User,
)
from apps.tenants.choices import BusinessStatus
from apps.tenants.models import Business


def platform_url() -> str:
    """Return the address of the platform's own host, without a slash at the end."""
    return f"{settings.SCHEME}://{settings.BASE_DOMAIN}{settings.PUBLIC_PORT}"


def find_membership(*, user_id: UUID, business_id: int) -> Membership | None:
    """Return the active membership of a person in a business."""
    return Membership.objects.filter(
        user_id=user_id, business_id=business_id, is_active=True
    ).first()


def list_memberships(*, user_id: UUID) -> QuerySet[Membership]:
    """Return a person's memberships in businesses that are served, with the business."""
    return (
        Membership.objects.filter(
            user_id=user_id, is_active=True, business__status=BusinessStatus.ACTIVE
        )
        .select_related("business")
        .order_by("business__name")
    )


def find_place(*, user_id: UUID, slug: str) -> Business | None:
    """Return the business with this address if it is served and the person belongs to it."""
    mine = list_memberships(user_id=user_id).filter(business__slug=slug).first()
    return mine.business if mine else None


def list_shut_places(*, user_id: UUID) -> QuerySet[Membership]:
    """Return a person's memberships in businesses that are closed or suspended."""
    shut = (BusinessStatus.CLOSED, BusinessStatus.SUSPENDED)
    found = Membership.objects.filter(user_id=user_id, is_active=True, business__status__in=shut)
    return found.select_related("business").order_by("business__name")


def find_shut_place(*, user_id: UUID, slug: str) -> Membership | None:
    """Return a person's membership in a closed or suspended business with this address."""
    return list_shut_places(user_id=user_id).filter(business__slug=slug).first()


def find_user(*, email: str) -> User | None:
    """Return a person by email."""
    return User.objects.filter(email__iexact=email).first()


def list_sessions(*, user_id: UUID, now: datetime) -> QuerySet[Session]:
    """Return where a person is signed in, latest first, with the business."""
    return (
        Session.objects.filter(user_id=user_id, expire_date__gt=now)
        .select_related("business")
        .order_by(F("signed_in_at").desc(nulls_last=True), "pk")
    )


def list_mails() -> QuerySet[PlatformMail]:
    """Return the platform's own mails, newest first."""
    return PlatformMail.objects.order_by("-created_at", "-pk")


def find_mail(*, mail_id: UUID) -> PlatformMail | None:
    """Return one of the platform's own mails."""
    return PlatformMail.objects.filter(pk=mail_id).first()


def list_invitations(*, business_id: int) -> QuerySet[Invitation]:
    """Return what a business has offered and nobody has taken, newest first."""
    return Invitation.objects.filter(
        business_id=business_id, accepted_at__isnull=True, revoked_at__isnull=True
    ).order_by("-created_at", "-pk")


def find_invitation(*, token: str, business_id: int) -> Invitation | None:
    """Return the invitation into a business with this secret, whatever became of it."""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    return Invitation.objects.filter(token_hash=digest, business_id=business_id).first()


def find_value(*, key: str, default: Any, now: datetime) -> Any:
    """Return a value that all processes share, or ``default`` where its time is over."""
    found = KeptValue.objects.filter(key=key, expires_at__gt=now).first()
    return default if found is None else json.loads(found.value)


def find_sign_up(*, sign_up_id: str) -> SignUp | None:
    """Return a sign-up that is not finished yet, whether its code is still good or not."""
    return SignUp.objects.filter(pk=sign_up_id, used_at__isnull=True).first()


def find_open_founding(*, user_id: UUID) -> Founding | None:
    """Return the business that a person has begun to make and that is not there yet."""
    return Founding.objects.filter(user_id=user_id).exclude(state=FoundingState.DONE).first()


def find_founding(*, founding_id: UUID, user_id: UUID) -> Founding | None:
    """Return a business that this person makes or has made."""
    mine = Founding.objects.select_related("business").filter(user_id=user_id)
    return mine.filter(pk=founding_id).first()


@dataclass(frozen=True)
class Factors:
    """What a person needs beside the password, or in its place."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None

    @property
    def count(self) -> int:
        """Return how many there are; recovery codes only stand in for one of them."""
        return len(self.passkeys) + (self.app is not None)


def list_factors(*, user_id: UUID) -> Factors:
    """Return the second factors of a person; ``codes_left`` is None where no codes were made."""
    found = list(Authenticator.objects.filter(user_id=user_id).order_by("created_at", "pk"))
    kinds = Authenticator.Type
    codes = next((one for one in found if one.type == kinds.RECOVERY_CODES), None)
    return Factors(
        app=next((one for one in found if one.type == kinds.TOTP), None),
        passkeys=[one for one in found if one.type == kinds.WEBAUTHN],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def find_factor(*, factor_id: int, user_id: UUID) -> Authenticator | None:
    """Return one of a person's own factors; recovery codes go with the last of them."""
    mine = Authenticator.objects.filter(user_id=user_id, pk=factor_id)
    return mine.exclude(type=Authenticator.Type.RECOVERY_CODES).first()
