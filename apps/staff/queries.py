"""Reads about the people of a business."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import AppError, NotFoundError
from apps.core.facts import Actor
from apps.staff.models import ApiKey, InvitedScope, Member
from apps.staff.rules import permissions_of


def find_actor(*, member_id: UUID) -> Actor | None:
    """Return the actor for a member who may act now."""
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if member is None:
        return None
    return Actor(
        kind="staff",
        id=member.pk,
        name=member.name,
        role=member.role,
        permissions=permissions_of(member.role, is_limited=bool(member.location_ids)),
        location_ids=frozenset(member.location_ids) or None,
    )


def get_member(*, member_id: UUID) -> Member:
    """Return a member; NotFoundError when there is none."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        message = "This person is not a member of the team."
        raise NotFoundError(message)
    return member


def list_members() -> QuerySet[Member]:
    """Return the active members by name."""
    return Member.objects.filter(is_active=True).order_by("name", "pk")


def list_assignable(*, location_id: UUID | None) -> QuerySet[Member]:
    """Return the active members to whom things of a place are shown, by name."""
    members = list_members()
    if location_id is None:
        return members
    return members.filter(Q(location_ids=[]) | Q(location_ids__contains=[location_id]))


def list_approvers(*, location_id: UUID | None) -> QuerySet[Member]:
    """Return those who may approve above others' limits at a place."""
    return list_assignable(location_id=location_id).filter(role__in=("owner", "manager"))


def get_assignable(*, member_id: UUID, location_id: UUID | None) -> Member:
    """Return a member who can be given a thing of a place.

    NotFoundError when there is none, AppError ``left`` or ``elsewhere`` at the field ``member``.
    """
    member = get_member(member_id=member_id)
    if not member.is_active:
        raise AppError(_("This person is no longer in the team."), code="left", field="member")
    if not member.sees_location(location_id):
        message = _("%(name)s does not see this location. Choose somebody who does.")
        raise AppError(message % {"name": member.name}, code="elsewhere", field="member")
    return member


def list_invited_scopes() -> dict[UUID, list[UUID]]:
    """Return the places that those invited will see, by invitation; all of them, where unnamed."""
    return dict(InvitedScope.objects.values_list("pk", "location_ids"))


def list_all_members() -> QuerySet[Member]:
    """Return everybody who is or was on the team; order it with ``keyset_page``."""
    return Member.objects.all()


def find_key(*, secret: str, now: datetime) -> ApiKey | None:
    """Return the live key with this secret."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    key = ApiKey.objects.filter(secret_hash=digest, revoked_at__isnull=True).first()
    if key is None or (key.expires_at is not None and key.expires_at <= now):
        return None
    return key


def list_keys() -> QuerySet[ApiKey]:
    """Return all keys ever made, newest first."""
    return ApiKey.objects.order_by("-created_at", "-pk")


def get_key(*, key_id: UUID) -> ApiKey:
    """Return a key; NotFoundError when there is none."""
    key = ApiKey.objects.filter(pk=key_id).first()
    if key is None:
        raise NotFoundError(_("There is no such key."))
    return key
