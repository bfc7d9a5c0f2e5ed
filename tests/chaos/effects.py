"""A job that only the rig knows: it writes one row for each time that it is done."""

import time
from uuid import uuid4

from apps.jobs.registry import job

KIND = "chaos.note"
TABLE = "chaos_effect"
CREATE = (
    f"CREATE TABLE {{schema}}.{TABLE}"
    " (word text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())"
)


def make_key(word: str, *, pause_ms: int) -> str:
    """Return the key of a ticket that takes so long and leaves this word."""
    return f"{pause_ms}:{word}"


def make_word() -> str:
    """Return a word that no other ticket leaves."""
    return uuid4().hex


@job(KIND)
def note(*, key: str, **_rest: object) -> None:
    """Leave the word, then keep the transaction open for a while, so that a kill can hit it."""
    from apps.core.db import execute  # noqa: PLC0415 - after django.setup

    pause, _sign, word = key.partition(":")
    execute(f"INSERT INTO {TABLE} (word) VALUES (%s)", [word])  # noqa: S608 - a constant
    time.sleep(int(pause) / 1000)
