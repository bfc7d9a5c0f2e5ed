"""Writes about the people of a business that reach into their accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import queries as accounts
from apps.accounts import services
from apps.accounts.choices import Role
from apps.accounts.models import Invitation, User
from apps.core.errors import AppError, ForbiddenError, NotFoundError
from apps.core.facts import SYSTEM, Actor
from apps.journal import services as journal
from apps.locations import queries as locations
from apps.staff import queries
from apps.staff.events import MemberChanged
from apps.staff.models import InvitedScope, Member
from apps.staff.rules import DEFAULT_LIMIT_MINOR
from apps.staff.services.keys import create_member
from apps.tenants import wall
from apps.tenants.models import Business


def update_profile(*, user: User, name: str, language: str, time_zone: str) -> None:
    """Change how a person is called, in every business they belong to, and what they see.

    Raises AppError at the field, as ``accounts.update_user`` does.
    """
    with wall.as_platform():
        services.update_user(user=user, name=name, language=language, time_zone=time_zone)
        places = [row.business for row in accounts.list_memberships(user_id=user.pk)]
    for business in places:
        with wall.as_business(business):
            Member.objects.filter(pk=user.pk).update(name=user.name)


@transaction.atomic
def invite_member(
    *,
    business: Business,
    email: str,
    role: str,
    actor: Actor,
    now: datetime,
    location_ids: Sequence[UUID] = (),
) -> None:
    """Invite an address into the business by mail, for some locations or for all of them.

    Raises ForbiddenError without the right, AppError at the field for a member or an open one.
    """
    _check_right(actor, role)
    places = _read_places(role, location_ids)
    if Member.objects.filter(email__iexact=email, is_active=True).exists():
        raise AppError(_("This person works here already."), code="member", field="email")
    names = _name_places(places)
    with wall.as_platform():
        invitation = services.open_invitation(
            business=business,
            email=email,
            role=role,
            invited_by=actor,
            now=now,
            places=names,
        )
    if places:
        InvitedScope.objects.create(pk=invitation.pk, location_ids=places, created_at=now)


@transaction.atomic
def resend_invitation(
    *, business: Business, invitation_id: UUID, actor: Actor, now: datetime
) -> None:
    """Send an open invitation again with a new link; AppError ``too_soon`` within a minute."""
    names = _name_places(queries.list_invited_scopes().get(invitation_id, []))
    with wall.as_platform():
        found = services.get_invitation(business=business, invitation_id=invitation_id)
        _check_right(actor, found.role)
        services.renew_invitation(invitation=found, invited_by=actor, now=now, places=names)


@transaction.atomic
def revoke_invitation(
    *, business: Business, invitation_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take an open invitation back."""
    with wall.as_platform():
        found = services.get_invitation(business=business, invitation_id=invitation_id)
        _check_right(actor, found.role)
        services.revoke_invitation(invitation=found, now=now)
    InvitedScope.objects.filter(pk=invitation_id).delete()


@transaction.atomic
def accept_invitation(
    *,
    business: Business,
    token: str,
    user: User | None,
    name: str = "",
    password: str = "",
    now: datetime,
) -> User:
    """Take an offered place: as ``user``, or with a new log-in of ``name`` and ``password``.

    Raises AppError ``invitation_over``, also where who invited has lost the right to; at the field
    for a new log-in that cannot be; ForbiddenError where the invitation is for another address.
    Then nothing was used up.
    """
    with wall.as_platform():
        invitation = services.claim_invitation(business=business, token=token, now=now)
        if user is None:
            user = services.register(email=invitation.email, name=name, password=password, now=now)
        elif user.email.lower() != invitation.email.lower():
            raise ForbiddenError(_("This invitation is for another address."))
    with wall.as_business(business):
        _check_inviter(invitation)
        scopes = queries.list_invited_scopes()
        InvitedScope.objects.filter(pk=invitation.pk).delete()
    create_member(
        business=business,
        email=user.email,
        name=user.name or user.email.split("@")[0],
        role=Role(invitation.role),
        password=None,
        now=now,
        location_ids=scopes.get(invitation.pk, ()),
    )
    return user


def _check_inviter(invitation: Invitation) -> None:
    """Refuse what was offered by somebody who could not offer it any more."""
    if invitation.inviter_id is None:
        return
    # Whoever lowers them in this moment comes before or after.
    list(Member.objects.select_for_update().filter(pk=invitation.inviter_id))
    inviter = queries.find_actor(member_id=invitation.inviter_id)
    try:
        if inviter is not None:
            _check_right(inviter, invitation.role)
            return
    except ForbiddenError:
        pass
    message = _("This invitation is not good any more. Ask for a new one.")
    raise AppError(message, code="invitation_over")


@transaction.atomic
def change_role(
    *, business: Business, member_id: UUID, role: str, actor: Actor, now: datetime
) -> Member:
    """Give a member another role, from their next request on.

    Raises ForbiddenError without the right, AppError ``last_owner`` where nobody would own it.
    """
    member = _lock_member(member_id, actor)
    _check_right(actor, role)
    if role != Role.OWNER:
        _keep_an_owner(member)
    member.role = role
    member.offer_limit_minor = DEFAULT_LIMIT_MINOR[Role(role)]
    if role == Role.OWNER:
        member.location_ids = []
    member.save(update_fields=["role", "offer_limit_minor", "location_ids"])
    with wall.as_platform():
        services.set_membership(user_id=member.pk, business=business, role=role, is_active=True)
    _record(member, "role", actor, now)
    return member


@transaction.atomic
def limit_member(
    *, member_id: UUID, location_ids: Sequence[UUID], actor: Actor, now: datetime
) -> Member:
    """Show a member the things of some locations only, from their next request on; none: all.

    Raises ForbiddenError without the right, AppError at ``locations`` for an owner, an unknown
    location or oneself.
    """
    member = _lock_member(member_id, actor)
    if member.pk == actor.id:
        message = _("Nobody can change what they themselves see.")
        raise AppError(message, code="yourself", field="locations")
    member.location_ids = _read_places(member.role, location_ids)
    member.save(update_fields=["location_ids"])
    _record(member, "locations", actor, now)
    return member


def _name_places(location_ids: Sequence[UUID]) -> list[str]:
    """Return the names of these locations, in their order on every page."""
    found = locations.list_all_locations(actor=SYSTEM)
    wanted = set(location_ids)
    return [place.name for place in found if place.pk in wanted]


def _read_places(role: str, location_ids: Sequence[UUID]) -> list[UUID]:
    wanted = sorted(set(location_ids))
    if wanted and role == Role.OWNER:
        message = _("An owner sees every location. Choose another role, or all locations.")
        raise AppError(message, code="owner", field="locations")
    known = locations.list_all_locations(actor=SYSTEM).filter(pk__in=wanted)
    if known.count() != len(wanted):
        message = _("Choose among the locations of this business.")
        raise AppError(message, code="unknown_location", field="locations")
    return wanted


@transaction.atomic
def deactivate_member(
    *, business: Business, member_id: UUID, actor: Actor, now: datetime
) -> Member:
    """Let a member in no more, from their next request on; what they did keeps their name.

    Raises ForbiddenError without the right, AppError ``last_owner`` or ``yourself``.
    """
    member = _lock_member(member_id, actor)
    _keep_an_owner(member)
    if member.pk == actor.id:
        raise AppError(_("Nobody can take away their own place."), code="yourself")
    member.is_active = False
    member.save(update_fields=["is_active"])
    with wall.as_platform():
        services.set_membership(
            user_id=member.pk, business=business, role=member.role, is_active=False
        )
    _record(member, "ended", actor, now)
    return member


def _record(member: Member, what: str, actor: Actor, now: datetime) -> None:
    fact = MemberChanged(
        member_id=member.pk, what=what, role=member.role, locations=len(member.location_ids)
    )
    journal.record(fact, actor=actor, now=now)


def _lock_member(member_id: UUID, actor: Actor) -> Member:
    # All owners are locked in one order: two who demote each other must not both succeed.
    list(Member.objects.select_for_update().filter(role=Role.OWNER).order_by("pk"))
    member = Member.objects.select_for_update().filter(pk=member_id, is_active=True).first()
    if member is None:
        raise NotFoundError(_("This person is not a member of the team."))
    _check_right(actor, member.role)
    return member


def _keep_an_owner(member: Member) -> None:
    others = Member.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        message = _("%(name)s is the last owner. Make somebody else an owner first.")
        raise AppError(message % {"name": member.name}, code="last_owner")


def _check_right(actor: Actor, role: str) -> None:
    if role not in Role.values:
        raise AppError(_("There is no such role."), code="role", field="role")
    if not actor.can("staff.change"):
        raise ForbiddenError(_("Only a manager or an owner can change the team."))
    if role == Role.OWNER and not actor.can("staff.owners"):
        raise ForbiddenError(_("Only an owner can change owners."))
