"""Closing a business by its owner, and opening it again: every room at once or none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import queries as people
from apps.accounts import services as accounts
from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.campaigns import queries as asking
from apps.campaigns import services as campaigns
from apps.campaigns.choices import CampaignStatus
from apps.core.errors import AppError, ConflictError, ForbiddenError, NotFoundError
from apps.core.facts import SYSTEM, Actor
from apps.journal import services as journal
from apps.messaging import services as messaging
from apps.staff.events import BusinessClosed, BusinessReopened
from apps.tenants import services as tenants
from apps.tenants import wall
from apps.tenants.models import Business
from apps.tenants.rules import is_same_name

REASON = "business_closed"
CAMPAIGN_GATES = "campaign:"


@transaction.atomic
def close_business(
    *,
    business: Business,
    user: User,
    typed_name: str,
    password: str,
    actor: Actor,
    now: datetime,
) -> datetime:
    """Close the entered business at once, and return until when its data is kept.

    No message leaves any more: campaigns are paused, whatever else waits is cancelled. Everybody
    is signed out and open invitations end. Raises ForbiddenError for others than owners, AppError
    at ``typed_name`` or ``password``, ConflictError where it is closed or suspended.
    """
    if not actor.can("business.close"):
        raise ForbiddenError(_("Only an owner can close the business."))
    if not is_same_name(typed_name, business.name):
        message = _("Type the name as it stands: %(name)s")
        raise AppError(message % {"name": business.name}, code="name", field="typed_name")
    with wall.as_platform():
        accounts.check_password(user=user, password=password)
    _stop_messages(now)
    journal.record(BusinessClosed(business_id=business.uuid), actor=actor, now=now)
    kept_until = tenants.close_own_business(now=now)
    if kept_until is None:
        raise ConflictError(_("This business is not open, so it cannot be closed."))
    with wall.as_platform():
        accounts.shut_doors(business=business, now=now)
        accounts.tell_owners(business=business, who=actor.name, kept_until=kept_until, now=now)
    return kept_until


def _stop_messages(now: datetime) -> None:
    running = asking.list_campaigns(actor=SYSTEM).filter(status=CampaignStatus.RUNNING)
    for campaign in running:
        campaigns.pause_campaign(campaign=campaign, actor=SYSTEM, now=now)
    messaging.cancel_all(but_gate=CAMPAIGN_GATES, reason=REASON, now=now)


@transaction.atomic
def reopen_business(*, slug: str, user: User, now: datetime) -> Business:
    """Open a closed business again for one of its owners; campaigns stay paused.

    What somebody queued in the very moment of the closing is cancelled as well.
    Called on the platform's own host. Raises NotFoundError for strangers, ForbiddenError for
    other members, ConflictError where it is not closed or its time is over.
    """
    with wall.as_platform():
        membership = people.find_shut_place(user_id=user.pk, slug=slug)
    if membership is None:
        raise NotFoundError(_("You do not belong to a closed business of this name."))
    if membership.role != Role.OWNER:
        raise ForbiddenError(_("Only an owner can open the business again."))
    business = membership.business
    if not tenants.reopen_business(business=business, now=now):
        raise ConflictError(_("This business cannot be opened again. Ask whoever runs cxsaas."))
    with wall.as_business(business):
        _stop_messages(now)
        actor = Actor(kind="staff", id=user.pk, name=user.name, role=membership.role)
        journal.record(BusinessReopened(business_id=business.uuid), actor=actor, now=now)
    return business
