"""Times as people say them."""

from datetime import datetime

from django.utils.translation import gettext as _

MINUTES_OF_A_DAY = 1440


def time_left(due_at: datetime | None, now: datetime) -> tuple[str, bool]:
    """Return how long is left in words, and whether the time is over."""
    if due_at is None:
        return "", False
    minutes = round((due_at - now).total_seconds() / 60)
    if minutes < 0:
        return _("%(time)s late") % {"time": span(-minutes)}, True
    return span(minutes), False


def span(minutes: int) -> str:
    """Return a stretch of minutes in at most two units."""
    if minutes < 60:  # noqa: PLR2004 - an hour
        return _("%(n)s min") % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if minutes < 10 * 60 and rest:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    if minutes < 2 * MINUTES_OF_A_DAY:
        return _("%(n)s h") % {"n": hours}
    return _("%(n)s days") % {"n": minutes // MINUTES_OF_A_DAY}
