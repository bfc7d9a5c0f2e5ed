"""Offers tied to a failure, and their one redemption."""

from django.db import models

from apps.core.models import UuidModel
from apps.offers.choices import OfferState, Remedy


class Offer(UuidModel):
    """A promise worth money, made because of one failure."""

    failure = models.ForeignKey("failures.Failure", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    remedy = models.CharField(max_length=24, choices=Remedy.choices)
    title = models.CharField(max_length=120)
    terms = models.TextField()
    value_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=18, choices=OfferState.choices, default=OfferState.DRAFT)
    # The code itself is derived from the id under the business's key; only its hash is kept.
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    limit_minor = models.BigIntegerField()
    approval_asked_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    message_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(value_minor__gte=0), name="offer_value"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="offer_newest"),
            models.Index(fields=["failure"], name="offer_failure"),
        ]

    def __str__(self) -> str:
        return self.title


class Redemption(UuidModel):
    """That a code was used; once, whoever comes first."""

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="+")
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reference = models.CharField(max_length=120, default="", blank=True)

    def __str__(self) -> str:
        return str(self.offer_id)
