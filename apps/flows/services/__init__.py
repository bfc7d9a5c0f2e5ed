"""What reaches through many rooms at once: facts to their handlers, and closing a business."""

from apps.flows.services.closing import close_business, reopen_business
from apps.flows.services.details import change_business, has_money
from apps.flows.services.facts import fan_out, handle_entry

__all__ = [
    "change_business",
    "close_business",
    "fan_out",
    "handle_entry",
    "has_money",
    "reopen_business",
]
