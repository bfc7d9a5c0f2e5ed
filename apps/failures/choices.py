"""Kinds and states of failures."""

from django.db import models


class FailureKind(models.TextChoices):
    """What went wrong."""

    SAFETY = "safety", "Safety"
    BROKEN = "broken", "Faulty or not done right"
    WAIT = "wait", "Wait or delay"
    RUDE = "rude", "How we treated them"
    BILLING = "billing", "Price or bill"
    MISSING = "missing", "Not delivered"
    OTHER = "other", "Something else"


class FailureStatus(models.TextChoices):
    """How far we are with it."""

    RECORDED = "recorded", "Recorded"
    UNDERSTOOD = "understood", "Understood"
    CLOSED = "closed", "Closed"


class Evidence(models.TextChoices):
    """How a value is known."""

    MEASURED = "measured", "Measured"
    STATED = "stated", "Stated"
    ESTIMATED = "estimated", "Estimated"
