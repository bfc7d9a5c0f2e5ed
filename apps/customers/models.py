"""Customers, contact points, transactions and imports."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from apps.core.models import UuidModel
from apps.customers.choices import Channel, ContactStatus, ImportState, TransactionKind


class Customer(UuidModel):
    """A person whom the business serves."""

    first_name = models.CharField(max_length=80, default="", blank=True)
    last_name = models.CharField(max_length=80, default="", blank=True)
    language = models.CharField(max_length=12, default="", blank=True)
    time_zone = models.CharField(max_length=64, default="", blank=True)
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    last_transaction_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="customer_newest"),
            models.Index(Lower("last_name"), name="customer_last_name"),
            models.Index(fields=["last_transaction_at"], name="customer_last_transaction"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the full name, or what stands in for one."""
        return f"{self.first_name} {self.last_name}".strip() or "A customer"


class ContactPoint(UuidModel):
    """One address of a person; an address belongs to one person."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)
    address_hash = models.CharField(max_length=64, db_index=True)
    region = models.CharField(max_length=2, default="", blank=True)
    zones = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    status = models.CharField(
        max_length=12, choices=ContactStatus.choices, default=ContactStatus.OK
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "address"], name="contact_once"),
        ]
        indexes = [models.Index(fields=["customer"], name="contact_customer")]

    def __str__(self) -> str:
        return self.address


class ExternalId(models.Model):
    """What another system calls a person."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    system = models.CharField(max_length=40, default="import")
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="external_id_once"),
        ]

    def __str__(self) -> str:
        return self.value


class Transaction(UuidModel):
    """An order, visit, delivery or service done, once per external id."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=TransactionKind.choices)
    external_id = models.CharField(max_length=120, unique=True)
    happened_at = models.DateTimeField()
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    description = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-happened_at"], name="transaction_customer")]

    def __str__(self) -> str:
        return self.external_id


class ImportRun(UuidModel):
    """One file on its way in: uploaded, mapped, checked, committed."""

    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=300)
    dialect = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(
        max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    total_rows = models.IntegerField(default=0)
    done_rows = models.IntegerField(default=0)
    new_count = models.IntegerField(default=0)
    updated_count = models.IntegerField(default=0)
    unchanged_count = models.IntegerField(default=0)
    duplicate_count = models.IntegerField(default=0)
    rejected_count = models.IntegerField(default=0)
    error = models.CharField(max_length=300, default="", blank=True)
    member = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class ImportReject(models.Model):
    """A row that could not come in, as it stood, with every reason."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    line = models.IntegerField()
    cells = models.JSONField(default=list)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="reject_once")]

    def __str__(self) -> str:
        return f"line {self.line}"
