"""What reaches through many rooms at once: facts to their handlers, and closing a business."""

from apps.flows.services.closing import close_business, reopen_business
from apps.flows.services.facts import fan_out, handle_entry

__all__ = ["close_business", "fan_out", "handle_entry", "reopen_business"]
