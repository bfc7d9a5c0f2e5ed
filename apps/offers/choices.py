"""Remedies and states of offers."""

from django.db import models


class OfferState(models.TextChoices):
    """INTERFACE names."""

    DRAFT = "draft", "Draft"
    WAITING_APPROVAL = "waiting_approval", "Waits for approval"
    ISSUED = "issued", "Issued"
    REDEEMED = "redeemed", "Redeemed"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


class Remedy(models.TextChoices):
    """What is put right with; related remedies answer the very thing that failed."""

    REDO = "redo", "Do it again, free"
    REPLACE = "replace", "Replace it"
    REFUND_PART = "refund_part", "Refund the failed part"
    CREDIT_SAME = "credit_same_service", "Credit for the same service"
    DISCOUNT_SAME = "discount_same_service", "Discount on the same service"
    OTHER = "other", "Something else"
