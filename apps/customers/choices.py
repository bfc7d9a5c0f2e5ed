"""Closed lists of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a person can be reached."""

    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")


class ContactStatus(models.TextChoices):
    """Whether an address still works."""

    OK = "ok", _("Works")
    BOUNCED = "bounced", _("Bounced")
    INVALID = "invalid", _("Invalid")
    LANDLINE = "landline", _("Landline")


class TransactionKind(models.TextChoices):
    """What a person had from the business."""

    ORDER = "order", _("Order")
    VISIT = "visit", _("Visit")
    DELIVERY = "delivery", _("Delivery")
    SERVICE = "service", _("Service done")


# The system that external ids of files belong to.
IMPORT_SYSTEM = "import"
