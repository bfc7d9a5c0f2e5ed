"""Members and API keys of one business."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.choices import Role
from apps.core.models import UuidModel


class Member(models.Model):
    """A person as this business knows them; the id is that of the person's account."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    offer_limit_minor = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ApiKey(UuidModel):
    """An integrator's key: only its hash is kept."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=24)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
