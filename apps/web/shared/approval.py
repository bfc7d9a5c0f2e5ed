"""Who may allow an offer that waits, and how that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apps.core.facts import Actor
    from apps.staff.models import Member

NAMED = 3


def may_approve(actor: Actor, approvers: Sequence[Member]) -> bool:
    """Tell whether the actor is among those whose limit reaches as far as the offer."""
    return actor.can("offers.approve") and any(one.pk == actor.id for one in approvers)


def wait_words(actor: Actor, approvers: Sequence[Member]) -> str:
    """Say for whom an offer waits."""
    if not approvers:
        return _(
            "Nobody's limit reaches this far any more. Take the offer back and make a smaller one."
        )
    if may_approve(actor, approvers):
        return _("Above the limit of who made it: you can allow it right here.")
    names = " · ".join(one.name for one in approvers[:NAMED])
    return _("Above the limit of who made it. May allow it: %(names)s.") % {"names": names}
