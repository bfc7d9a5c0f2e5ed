"""Abstract bases of models."""

from django.db import models

from apps.core.db import uuid7


class UuidModel(models.Model):
    """A row with a time-ordered UUID, safe to show in addresses."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True
