"""Writes about people and their memberships; called with the platform's rights."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Membership, Session, User
from apps.core.errors import AppError
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


def register(*, email: str, name: str, password: str, now: datetime) -> User:
    """Make a log-in for an address that has none.

    Raises AppError at the field for an empty name, a weak password, or an address in use.
    """
    if not name.strip():
        raise AppError(_("Write the name others see."), field="name")
    if User.objects.filter(email__iexact=email).exists():
        raise AppError(_("There is a log-in with this address: sign in."), code="has_login")
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise AppError(" ".join(error.messages), field="password") from error
    return create_user(email=email, name=name.strip(), password=password, now=now)


def set_membership(*, user_id: UUID, business: Business, role: str, is_active: bool) -> None:
    """Change what a person may do in a business; leaving ends their sessions there."""
    Membership.objects.filter(user_id=user_id, business=business).update(
        role=role, is_active=is_active
    )
    if not is_active:
        Session.objects.filter(user_id=user_id, business=business).delete()
