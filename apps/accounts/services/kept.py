"""Values that all processes share for a while; each write is one statement, so none is lost."""

import json
from datetime import datetime, timedelta
from typing import Any

from apps.accounts import sql
from apps.accounts.models import EntryCode, KeptValue, Session, SignUp
from apps.core.db import execute

KEPT_SIGN_UPS = timedelta(days=1)


def keep_value(*, key: str, value: Any, until: datetime) -> None:
    """Keep a value, in place of the one there was."""
    execute(sql.SET_VALUE, {"key": key, "value": json.dumps(value), "until": until})


def add_value(*, key: str, value: Any, until: datetime, now: datetime) -> bool:
    """Keep a value unless there is one; of several who try at once, one is told True."""
    values = {"key": key, "value": json.dumps(value), "until": until, "now": now}
    return bool(execute(sql.ADD_VALUE, values))


def drop_value(*, key: str) -> bool:
    """Forget a value; False when there was none."""
    return bool(KeptValue.objects.filter(key=key).delete()[0])


def drop_values() -> None:
    """Forget them all."""
    KeptValue.objects.all().delete()


def sweep(*, now: datetime) -> None:
    """Remove what has had its day: values, ways in, sessions, sign-ups nobody finished."""
    KeptValue.objects.filter(expires_at__lte=now).delete()
    EntryCode.objects.filter(expires_at__lte=now).delete()
    Session.objects.filter(expire_date__lte=now).delete()
    SignUp.objects.filter(created_at__lte=now - KEPT_SIGN_UPS).delete()
