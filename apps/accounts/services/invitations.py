"""Invitations into a business: offered by mail, good for a week, taken once."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.accounts import queries
from apps.accounts.models import Invitation
from apps.accounts.services.entry import hash_secret
from apps.accounts.services.mails import queue_mail
from apps.core.errors import AppError, NotFoundError
from apps.core.facts import Actor
from apps.tenants import queries as tenants
from apps.tenants.models import Business

LIFETIME = timedelta(days=7)
PAUSE = timedelta(minutes=1)
MOST_OPEN = 50


def open_invitation(
    *,
    business: Business,
    email: str,
    role: str,
    invited_by: Actor,
    now: datetime,
    places: Sequence[str] = (),
) -> Invitation:
    """Offer a place to an address by mail; the same words whether it has a log-in or not.

    The mail names the ``places`` that they will be limited to.

    Raises AppError ``invited`` for an open one, ``too_many`` where too many are open.
    """
    waiting = queries.list_invitations(business_id=business.pk)
    if waiting.filter(email__iexact=email).exists():
        message = _("This address has been invited; send it again from the list.")
        raise AppError(message, code="invited", field="email")
    if waiting.count() >= MOST_OPEN:
        message = _("%(n)s invitations are open. Revoke some first.") % {"n": MOST_OPEN}
        raise AppError(message, code="too_many")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        business=business,
        email=email.lower(),
        role=role,
        token_hash=hash_secret(token),
        invited_by=invited_by.name,
        inviter_id=invited_by.id,
        sent_at=now,
        expires_at=now + LIFETIME,
        created_at=now,
    )
    _mail(invitation, token, places, now)
    return invitation


def get_invitation(*, business: Business, invitation_id: UUID) -> Invitation:
    """Return an open invitation of a business, locked; NotFoundError when there is none."""
    found = (
        queries.list_invitations(business_id=business.pk)
        .select_for_update()
        .filter(pk=invitation_id)
        .first()
    )
    if found is None:
        raise NotFoundError(_("This invitation is not open any more."))
    return found


def renew_invitation(
    *, invitation: Invitation, invited_by: Actor, now: datetime, places: Sequence[str] = ()
) -> None:
    """Send it again with a new link, good for another week; the link of before ends.

    From now on it is the word of who sent it again. Raises AppError ``too_soon`` within a minute
    of the last mail.
    """
    if now - invitation.sent_at < PAUSE:
        message = _("A mail went out just now. Please wait a minute.")
        raise AppError(message, code="too_soon")
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_secret(token)
    invitation.sent_at, invitation.expires_at = now, now + LIFETIME
    invitation.invited_by, invitation.inviter_id = invited_by.name, invited_by.id
    changed = ["token_hash", "sent_at", "expires_at", "invited_by", "inviter_id"]
    invitation.save(update_fields=changed)
    _mail(invitation, token, places, now)


def revoke_invitation(*, invitation: Invitation, now: datetime) -> None:
    """Take an offered place back."""
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])


def claim_invitation(*, business: Business, token: str, now: datetime) -> Invitation:
    """Use an invitation up and return it; AppError ``invitation_over`` where it cannot be."""
    digest = hash_secret(token)
    live = Invitation.objects.filter(
        business=business,
        token_hash=digest,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
    )
    if not live.update(accepted_at=now):
        raise AppError(_("This invitation is not open any more."), code="invitation_over")
    return Invitation.objects.get(token_hash=digest)


def _mail(invitation: Invitation, token: str, places: Sequence[str], now: datetime) -> None:
    url = f"{tenants.base_url(invitation.business)}/account/invitation/{token}/"
    context = {
        "invitation": invitation,
        "business": invitation.business,
        "url": url,
        "places": ", ".join(places),
    }
    queue_mail(
        to=invitation.email,
        subject=_("Your invitation to %(name)s") % {"name": invitation.business.name},
        text=render_to_string("account/email/invitation.txt", context),
        now=now,
    )
