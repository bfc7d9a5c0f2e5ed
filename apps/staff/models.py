"""Members and API keys of one business."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.choices import Role
from apps.core.models import UuidModel

CALLS_PER_MINUTE = 600


class Member(models.Model):
    """A person as this business knows them; the id is that of the person's account."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    # The places whose things this person sees; none listed: all of them.
    location_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    offer_limit_minor = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def sees_location(self, location_id: UUID | None) -> bool:
        """Tell whether things of a place are shown to this person; those of no place always are."""
        return not self.location_ids or location_id is None or location_id in self.location_ids


class InvitedScope(models.Model):
    """The places that somebody invited will see; the id is that of the invitation."""

    id = models.UUIDField(primary_key=True)
    location_ids = ArrayField(models.UUIDField(), default=list)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Checklist(models.Model):
    """One row at most: the list of what is left to set up was put away."""

    put_away_at = models.DateTimeField()
    put_away_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return str(self.put_away_at)


class SampleRemoval(models.Model):
    """One row at most: somebody had the sample data removed, and how far that is."""

    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    total = models.IntegerField(default=0)
    removed = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.removed} of {self.total}"


class ApiKey(UuidModel):
    """An integrator's key: only its hash is kept."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=24)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # A bucket that fills by ``per_minute`` a minute and holds as many; a request takes one.
    per_minute = models.PositiveIntegerField(default=CALLS_PER_MINUTE)
    tokens = models.FloatField(default=float(CALLS_PER_MINUTE))
    tokens_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class IdempotencyRecord(UuidModel):
    """What a request with an ``Idempotency-Key`` was answered; kept for a day."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    value = models.CharField(max_length=255)
    # Of method, address and body: the same value with another request is refused.
    fingerprint = models.CharField(max_length=64)
    # Nothing until the work is done; no other transaction ever sees such a row.
    status = models.SmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key", "value"], name="idempotency_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.value


class SentForm(UuidModel):
    """A form that somebody sent from one showing of a page; kept for minutes."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    # Of address, contents and the showing of the page.
    fingerprint = models.CharField(max_length=64)
    # Where the work led to; nothing until it is done.
    location = models.CharField(max_length=2000, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "fingerprint"], name="sent_form_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="sent_form_age")]

    def __str__(self) -> str:
        return self.fingerprint
