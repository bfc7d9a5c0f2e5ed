"""The states of a message, who may follow whom, and when another try is due."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum

_FROM_PROVIDER = frozenset({"sent", "delivered", "bounced", "failed"})

# A receipt may overtake the answer of the call that it belongs to, so each state in which the
# provider may have the message already is open to every receipt.
MOVES: Mapping[str, frozenset[str]] = {
    "queued": _FROM_PROVIDER | {"sending", "suppressed", "expired", "cancelled"},
    "sending": _FROM_PROVIDER | {"queued", "unconfirmed", "suppressed", "expired", "cancelled"},
    "unconfirmed": _FROM_PROVIDER | {"queued", "expired", "cancelled"},
    "sent": frozenset({"delivered", "bounced", "failed"}),
    "delivered": frozenset({"bounced", "failed"}),
    "failed": frozenset({"bounced"}),
    "bounced": frozenset(),
    "suppressed": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
}
FINAL = frozenset({"delivered", "bounced", "failed", "suppressed", "expired", "cancelled"})

# The higher word stays, whichever came first: a late bounce is truer than an early delivery.
RECEIPT_RANK: Mapping[str, int] = {"sent": 1, "delivered": 2, "failed": 3, "bounced": 4}
_CLOSED = frozenset({"suppressed", "expired", "cancelled"})
# A complaint proves the delivery; what follows from it is a suppression, not a state.
_RECEIPT_STATES: Mapping[str, str] = {"complained": "delivered", "read": "delivered"}

_FIRST_DELAY = timedelta(seconds=5)
_LONGEST_DELAY = timedelta(hours=1)
_GROWTH = 4
_MOST_DOUBLINGS = 12

_RECEIPT_WAIT = timedelta(minutes=15)
_KEY_MARGIN = timedelta(hours=1)
_SHORTEST_ASK = timedelta(seconds=60)


class Capability(StrEnum):
    """What a provider offers when a call stays without an answer."""

    SAME_KEY = "A"  # the same idempotency key may be used again
    CAN_BE_ASKED = "B"  # it can be asked by our reference
    NEITHER = "C"


class SilenceStep(StrEnum):
    """What to do about a message whose fate is unknown."""

    WAIT = "wait"
    SEND_AGAIN = "send_again"
    ASK = "ask"
    LEAVE = "leave"


def can_move(current: str, following: str) -> bool:
    """Tell whether a message may go from one state into another."""
    return following in MOVES.get(current, frozenset())


def apply_receipt(current: str, receipt: str) -> str:
    """Return the state after a receipt; any order of the same receipts ends the same."""
    following = _RECEIPT_STATES.get(receipt, receipt)
    rank = RECEIPT_RANK.get(following, 0)
    if current in _CLOSED or rank <= RECEIPT_RANK.get(current, 0):
        return current
    return following


def retry_delay(tries: int, *, random: Callable[[], float]) -> timedelta:
    """Return the wait after the given number of failed tries: full jitter, at most an hour.

    ``random`` gives numbers from 0 up to 1, such as ``random.random``.
    """
    steps = min(max(tries - 1, 0), _MOST_DOUBLINGS)
    factor: int = _GROWTH**steps
    return min(_FIRST_DELAY * factor, _LONGEST_DELAY) * random()


def step_after_silence(
    capability: Capability,
    *,
    waited: timedelta,
    timeout: timedelta,
    key_lives: timedelta = timedelta(hours=24),
    can_ask: bool = False,
) -> SilenceStep:
    """Return the next step for an unconfirmed message, never a blind second send.

    Class A sends again under the same key while the provider surely remembers it, and is treated
    as B (with ``can_ask``) or C afterwards. LEAVE means: a receipt or a person settles it.
    """
    if capability == Capability.SAME_KEY and waited < key_lives - _KEY_MARGIN:
        return SilenceStep.SEND_AGAIN
    if capability == Capability.CAN_BE_ASKED or (capability == Capability.SAME_KEY and can_ask):
        ready = waited >= max(_SHORTEST_ASK, 2 * timeout)
        return SilenceStep.ASK if ready else SilenceStep.WAIT
    return SilenceStep.WAIT if waited < _RECEIPT_WAIT else SilenceStep.LEAVE
