"""What becomes of the ways into a business that is closed."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import EntryCode, Invitation, Membership, Session, User
from apps.accounts.services.mails import queue_mail
from apps.core.errors import AppError
from apps.tenants import queries as tenants
from apps.tenants.models import Business


def check_password(*, user: User, password: str) -> None:
    """Make sure that it is this person who asks; AppError at ``password`` where it is not."""
    if not user.check_password(password):
        message = _("This is not your password.")
        raise AppError(message, code="wrong_password", field="password")


def shut_doors(*, business: Business, now: datetime) -> None:
    """Sign everybody out of a business and let open invitations end."""
    Session.objects.filter(business=business).delete()
    EntryCode.objects.filter(business=business).delete()
    waiting = Invitation.objects.filter(
        business=business, accepted_at__isnull=True, revoked_at__isnull=True
    )
    waiting.update(revoked_at=now)


def tell_owners(*, business: Business, who: str, kept_until: datetime, now: datetime) -> None:
    """Tell all owners by mail that a business was closed, by whom, and how to open it again."""
    context = {
        "business": business,
        "who": who,
        "kept_until": kept_until,
        "url": f"{tenants.platform_url()}/",
    }
    owners = Membership.objects.filter(business=business, role=Role.OWNER, is_active=True)
    for owner in owners.select_related("user"):
        queue_mail(
            to=owner.user.email,
            subject=_("%(name)s is closed") % {"name": business.name},
            text=render_to_string("account/email/closed.txt", context),
            now=now,
        )
