"""Closed lists of the room."""

from django.db import models


class Channel(models.TextChoices):
    """How a person can be reached."""

    EMAIL = "email", "Email"
    SMS = "sms", "SMS"


class ContactStatus(models.TextChoices):
    """Whether an address still works."""

    OK = "ok", "Works"
    BOUNCED = "bounced", "Bounced"
    INVALID = "invalid", "Invalid"
    LANDLINE = "landline", "Landline"


class TransactionKind(models.TextChoices):
    """What a person had from the business."""

    ORDER = "order", "Order"
    VISIT = "visit", "Visit"
    DELIVERY = "delivery", "Delivery"
    SERVICE = "service", "Service done"


class ImportState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", "Uploaded"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    RUNNING = "running", "Importing"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
