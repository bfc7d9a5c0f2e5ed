"""Kinds and statuses of inbox items."""

from django.db import models


class ReviewStatus(models.TextChoices):
    """INTERFACE names."""

    NEW = "new", "New"
    OPEN = "open", "Open"
    WAITING = "waiting", "Waiting for the customer"
    REPLIED = "replied", "Replied"
    RESOLVED = "resolved", "Resolved"
    SNOOZED = "snoozed", "Snoozed"


class ReviewKind(models.TextChoices):
    """What stands in the inbox."""

    REVIEW = "review", "Review"
    RESPONSE = "response", "Answer to a request"
    CONTACT = "contact", "Wish to be contacted"
    MESSAGE = "message", "Message"
