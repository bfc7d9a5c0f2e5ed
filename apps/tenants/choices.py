"""States of a business."""

from django.db import models


class BusinessStatus(models.TextChoices):
    """A business is served only while it is active."""

    PREPARING = "preparing", "Being prepared"
    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"
