"""Pure decisions about messages: length, plain form, states, and what a provider's word means."""

from apps.messaging.rules.outcomes import (
    Action,
    ErrorClass,
    Outcome,
    classify_smtp,
    classify_twilio,
)
from apps.messaging.rules.plain import html_to_text, mask_links
from apps.messaging.rules.segments import Segments, sms_segments
from apps.messaging.rules.states import (
    FINAL,
    MOVES,
    RECEIPT_RANK,
    Capability,
    SilenceStep,
    apply_receipt,
    can_move,
    retry_delay,
    step_after_silence,
)

__all__ = [
    "FINAL",
    "MOVES",
    "RECEIPT_RANK",
    "Action",
    "Capability",
    "ErrorClass",
    "Outcome",
    "Segments",
    "SilenceStep",
    "apply_receipt",
    "can_move",
    "classify_smtp",
    "classify_twilio",
    "html_to_text",
    "mask_links",
    "retry_delay",
    "sms_segments",
    "step_after_silence",
]
