"""States and kinds of messages."""

from django.db import models


class MessageState(models.TextChoices):
    """INTERFACE names; ``unconfirmed``: the provider may or may not have taken it."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Bounced"
    FAILED = "failed", "Failed"
    SUPPRESSED = "suppressed", "Not sent"
    EXPIRED = "expired", "Expired"
    CANCELLED = "cancelled", "Cancelled"
    UNCONFIRMED = "unconfirmed", "Unconfirmed"


class GateState(models.TextChoices):
    """Whether messages behind a gate may leave."""

    OPEN = "open", "Open"
    PAUSED = "paused", "Paused"
    CLOSED = "closed", "Closed"


class ProviderKind(models.TextChoices):
    """How a message leaves."""

    SANDBOX = "sandbox", "Sandbox"
    SMTP = "smtp", "SMTP server"
    TWILIO = "twilio", "Twilio"
