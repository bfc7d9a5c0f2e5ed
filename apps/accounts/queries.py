"""Reads about people and their memberships; called with the platform's rights."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from apps.accounts.models import Invitation, Membership, PlatformMail, Session, User
from apps.tenants.choices import BusinessStatus


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
