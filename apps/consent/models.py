"""Consent as it was given and withdrawn, where it stands now, and who must not be contacted."""

from django.db import models

from apps.core.models import UuidModel


class Event(models.Model):
    """Consent given or withdrawn; append-only, and kept by a hash of the address."""

    id = models.BigAutoField(primary_key=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    customer_id = models.UUIDField(null=True, db_index=True)
    channel = models.CharField(max_length=8)
    purpose = models.CharField(max_length=20)
    action = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    source = models.CharField(max_length=80)
    wording = models.TextField(default="", blank=True)
    evidence = models.JSONField(default=dict)
    expires_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "consent_event"

    def __str__(self) -> str:
        return f"{self.action} {self.channel} {self.purpose}"


class Standing(models.Model):
    """Where consent stands now for one address, channel and purpose: the sum of its events."""

    address_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    purpose = models.CharField(max_length=20)
    is_granted = models.BooleanField()
    basis = models.CharField(max_length=10)
    source = models.CharField(max_length=80)
    expires_at = models.DateTimeField(null=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "channel", "purpose"], name="standing_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.purpose}"


class Suppression(UuidModel):
    """An address that gets nothing more on a channel; outlives the person's erasure."""

    address_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=8)
    reason = models.CharField(max_length=20)
    source = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "channel"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.reason}"


class Policy(models.Model):
    """One row: the hours and the caps of this business."""

    opens = models.TimeField(default="09:00")
    closes = models.TimeField(default="20:00")
    sunday_opens = models.TimeField(default="12:00")
    sunday_closes = models.TimeField(default="20:00")
    cap_messages = models.SmallIntegerField(default=3)
    cap_days = models.SmallIntegerField(default=7)

    def __str__(self) -> str:
        return "policy"
