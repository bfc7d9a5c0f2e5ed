"""Putting the list of what is left to set up away, for the whole team, and back."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.core.errors import ForbiddenError
from apps.core.facts import Actor
from apps.staff.models import Checklist


def put_checklist_away(*, actor: Actor, now: datetime) -> None:
    """Show the list on nobody's page any more; again changes nothing."""
    _check(actor)
    if not Checklist.objects.exists():
        Checklist.objects.create(put_away_at=now, put_away_by_id=actor.id)


def bring_checklist_back(*, actor: Actor) -> None:
    """Show the list again, while something is left to do."""
    _check(actor)
    Checklist.objects.all().delete()


def _check(actor: Actor) -> None:
    if not actor.can("settings.change"):
        raise ForbiddenError(_("Only a manager or an owner can do this."))
