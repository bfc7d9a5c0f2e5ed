"""Businesses, the hosts they are found by, and the mark of this installation."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from apps.core.db import uuid7
from apps.tenants.choices import BusinessStatus


class Installation(models.Model):
    """One row: the mark that keeps role names of two databases of one cluster apart."""

    mark = models.CharField(max_length=8)
    fingerprint = models.CharField(max_length=64, default="", blank=True)


class Business(TenantMixin):
    """A tenant: a schema, a role and what the wall needs to know before it is entered."""

    auto_create_schema = False

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    role_name = models.CharField(max_length=63, unique=True)
    status = models.CharField(
        max_length=12, choices=BusinessStatus.choices, default=BusinessStatus.PREPARING
    )
    country = models.CharField(max_length=2, default="GB")
    currency = models.CharField(max_length=3, default="GBP")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    language = models.CharField(max_length=12, default="en")
    fingerprint = models.CharField(max_length=64, default="", blank=True)
    created_at = models.DateTimeField()
    # Why it is suspended, in words for its own people.
    suspended_why = models.CharField(max_length=200, db_default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    # From then on a closed business is removed with all that it owns.
    kept_until = models.DateTimeField(null=True)
    # Between which keys the sample data lies, if it was given any: only the owner's role writes it.
    sample = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=BusinessStatus.values), name="business_status_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Tell whether this business is served."""
        return self.status == BusinessStatus.ACTIVE

    @property
    def is_closed(self) -> bool:
        """Tell whether its owners have closed this business."""
        return self.status == BusinessStatus.CLOSED


class Domain(DomainMixin):
    """A host that leads to a business; only a verified one does."""

    verified_at = models.DateTimeField(null=True)


class Snapshot(models.Model):
    """The statements that make a new business's tables, recorded once per set of migrations."""

    fingerprint = models.CharField(max_length=64, unique=True)
    statements = models.TextField()
    created_at = models.DateTimeField()


class ReadySchema(models.Model):
    """A schema made ahead with its role and tables, that nobody's business is in yet."""

    schema_name = models.CharField(max_length=63, unique=True)
    role_name = models.CharField(max_length=63, unique=True)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.schema_name
