"""Writes about people and their memberships; called with the platform's rights."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from apps.accounts.choices import Role
from apps.accounts.models import Membership, User
from apps.tenants.models import Business


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None, now: datetime) -> User:
    """Return the person with this email, made when new; without a password, unable to log in."""
    existing = User.objects.filter(email__iexact=email).first()
    if existing:
        return existing
    user = User(email=email.lower(), name=name, created_at=now)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def create_membership(*, user: User, business: Business, role: Role, now: datetime) -> Membership:
    """Give a person a role in a business; again changes the role."""
    membership, _ = Membership.objects.update_or_create(
        user=user,
        business=business,
        defaults={"role": role, "is_active": True},
        create_defaults={"role": role, "is_active": True, "created_at": now},
    )
    return membership
