"""What people change about themselves: name, clock, password, and where they are signed in."""

from datetime import datetime
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts import queries
from apps.accounts.models import EntryCode, Session, User
from apps.core.errors import AppError


def update_user(*, user: User, name: str, language: str, time_zone: str) -> None:
    """Change how a person is called and which language and clock they see.

    Raises AppError at the field for an empty name or a time zone that does not exist.
    """
    if not name.strip():
        raise AppError(_("Write the name others see."), field="name")
    if time_zone and time_zone not in available_timezones():
        raise AppError(_("There is no such time zone."), field="time_zone")
    user.name, user.language, user.time_zone = name.strip(), language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])


@transaction.atomic
def change_password(*, user: User, current: str, new: str, keep: str) -> None:
    """Set a new password for who knows the present one; ends every session but ``keep``.

    Raises AppError at the field: ``wrong_password``, or what a password must be.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.check_password(current):
        message = _("This is not your present password.")
        raise AppError(message, code="wrong_password", field="current")
    try:
        validate_password(new, locked)
    except ValidationError as error:
        raise AppError(" ".join(error.messages), field="new") from error
    locked.set_password(new)
    locked.save(update_fields=["password"])
    user.password = locked.password
    end_other_sessions(user=user, keep=keep)


def end_session(*, user: User, handle: str, now: datetime) -> bool:
    """Sign a person out in one browser; False when that had been done before."""
    for session in queries.list_sessions(user_id=user.pk, now=now):
        if session.handle == handle:
            return bool(Session.objects.filter(pk=session.pk).delete()[0])
    return False


@transaction.atomic
def end_other_sessions(*, user: User, keep: str) -> int:
    """Sign a person out on every host and browser but the session ``keep``; returns how many."""
    EntryCode.objects.filter(user=user).delete()
    return Session.objects.filter(user_id=user.pk).exclude(pk=keep).delete()[0]
