"""The time, read at the edges (doors and tasks) and passed down as ``now``."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()
