"""A business on its way: what its founder has typed, until the business is there."""

from datetime import datetime

from django.db import transaction

from apps.accounts.choices import FoundingState
from apps.accounts.models import Founding, User
from apps.tenants.models import Business


@transaction.atomic
def save_founding(*, user: User, now: datetime, **values: str) -> Founding:
    """Keep what a person says of the business they want; one is on its way at a time."""
    # Without the key, which the making of a business needs while it holds the founding.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    begun = Founding.objects.select_for_update().filter(user=user)
    founding = begun.exclude(state=FoundingState.DONE).first()
    founding = founding or Founding(user=user, created_at=now)
    if founding.state == FoundingState.DRAFT:
        for name, value in values.items():
            setattr(founding, name, value)
        founding.save()
    return founding


def place_founding(*, founding: Founding, location_name: str, location_city: str) -> None:
    """Keep where customers are served first, unless the business is made by now."""
    Founding.objects.filter(pk=founding.pk, state=FoundingState.DRAFT).update(
        location_name=location_name, location_city=location_city
    )


def wait_for_place(*, founding: Founding) -> None:
    """Let a founding wait until there is a place for it; nothing more can be changed."""
    _move(founding, FoundingState.ASKED)


def finish_founding(*, founding: Founding, business: Business) -> None:
    """Note the business that came of it."""
    founding.business = business
    founding.save(update_fields=["business"])
    _move(founding, FoundingState.DONE)


def _move(founding: Founding, state: FoundingState) -> None:
    founding.state = state
    founding.save(update_fields=["state"])
