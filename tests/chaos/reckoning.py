"""What became of each message: the ledger held against the journal of the fake provider."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

OPEN = frozenset({"queued", "sending"})
TAKEN = frozenset({"sent", "delivered", "bounced"})
UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Row:
    """A message as the ledger knows it."""

    message: str
    state: str
    provider_ref: str = ""


@dataclass(frozen=True)
class Reckoning:
    """Counts of messages; `lost`, `doubled`, `denied` and `stuck` must be 0."""

    queued: int
    accepted: int
    doubled: int  # copies beyond the first that a provider took
    lost: int  # gone from the ledger, or called sent though no provider took them
    denied: int  # taken by a provider, called not sent by the ledger
    stuck: int  # neither final nor shown to staff
    unconfirmed: int
    unconfirmed_taken: int  # of these, really taken

    def faults(self, *, allowed_unconfirmed: int) -> list[str]:
        """List what breaks the promise."""
        wrong = [
            f"{name}: {getattr(self, name)}"
            for name in ("lost", "doubled", "denied", "stuck")
            if getattr(self, name)
        ]
        if self.unconfirmed > allowed_unconfirmed:
            wrong.append(f"unconfirmed: {self.unconfirmed}, allowed {allowed_unconfirmed}")
        return wrong


def reckon(
    *, expected: int, rows: Iterable[Row], journal: Iterable[Mapping[str, object]]
) -> Reckoning:
    """Hold the ledger against the journal; a line without our id is matched by its reference."""
    ledger = {row.message: row for row in rows}
    by_reference = {row.provider_ref: row.message for row in ledger.values() if row.provider_ref}
    taken = Counter(
        str(line.get("message") or by_reference.get(str(line.get("sid", "")), ""))
        for line in journal
    )
    states = {message: row.state for message, row in ledger.items()}
    unconfirmed = {message for message, state in states.items() if state == UNCONFIRMED}
    return Reckoning(
        queued=expected,
        accepted=len(taken),
        doubled=sum(count - 1 for count in taken.values()),
        lost=expected
        - len(ledger)
        + sum(state in TAKEN and message not in taken for message, state in states.items()),
        denied=sum(states.get(message, "") not in TAKEN | {UNCONFIRMED} for message in taken),
        stuck=sum(state in OPEN for state in states.values()),
        unconfirmed=len(unconfirmed),
        unconfirmed_taken=len(unconfirmed & set(taken)),
    )
