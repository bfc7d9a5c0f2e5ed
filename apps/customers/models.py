"""Customers, contact points, transactions and imports."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower

from apps.core.models import UuidModel
from apps.customers import rules
from apps.customers.choices import Channel, ContactStatus, TransactionKind
from apps.imports.models import ImportFile, RejectedRow


class Customer(UuidModel):
    """A person whom the business serves."""

    first_name = models.CharField(max_length=150, default="", blank=True)
    last_name = models.CharField(max_length=150, default="", blank=True)
    language = models.CharField(max_length=12, default="", blank=True)
    time_zone = models.CharField(max_length=64, default="", blank=True)
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    last_transaction_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="customer_newest"),
            # Prefix searches need the operators of plain text, whatever the collation.
            models.Index(
                OpClass(Lower("first_name"), "text_pattern_ops"), name="customer_first_name"
            ),
            models.Index(
                OpClass(Lower("last_name"), "text_pattern_ops"), name="customer_last_name"
            ),
            GinIndex(fields=["tags"], name="customer_tags"),
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
        indexes = [
            models.Index(OpClass("address", "text_pattern_ops"), name="contact_address"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def shown(self) -> str:
        """Return the address as people read it: a number in groups."""
        return rules.show_phone(self.address) if self.channel == Channel.SMS else self.address


class ExternalId(models.Model):
    """What another system calls a person."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    system = models.CharField(max_length=40, default="import")
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="external_id_once"),
        ]
        indexes = [
            models.Index(OpClass(Lower("value"), "text_pattern_ops"), name="external_id_value"),
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


class ImportRun(ImportFile):
    """A file of customers on its way in."""

    updated_count = models.IntegerField(default=0)
    unchanged_count = models.IntegerField(default=0)
    transaction_count = models.IntegerField(default=0)
    consent_count = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_newest")]


class ImportKey(models.Model):
    """Which line of a file was the first to name a person: what makes a later one a duplicate."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    line = models.IntegerField()
    marks = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="import_key_once")]

    def __str__(self) -> str:
        return f"line {self.line}"


class ImportReject(RejectedRow):
    """A row of customers that could not come in."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="reject_once")]
