"""The ledger of messages, the accounts they leave by, and what came back."""

from django.db import models

from apps.core.models import UuidModel
from apps.customers.choices import Channel
from apps.messaging.choices import GateState, MessageState, ProviderKind


class Account(UuidModel):
    """A provider account of this business; secrets are sealed."""

    kind = models.CharField(max_length=12, choices=ProviderKind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    name = models.CharField(max_length=80)
    sender = models.CharField(max_length=254)
    sender_name = models.CharField(max_length=80, default="", blank=True)
    settings = models.JSONField(default=dict)
    sealed_secret = models.TextField(default="", blank=True)
    callback_key = models.CharField(max_length=64, default="", blank=True)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel"], condition=models.Q(is_default=True), name="account_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Message(UuidModel):
    """One message to one person: never lost, never doubled."""

    dedupe_key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    component = models.CharField(max_length=20, default="", blank=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    contact = models.ForeignKey(
        "customers.ContactPoint", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    location_id = models.UUIDField(null=True)
    address = models.CharField(max_length=254)
    address_hash = models.CharField(max_length=64)
    zones = models.JSONField(default=list)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    gate = models.CharField(max_length=80, default="", blank=True)
    template = models.ForeignKey(
        "messaging.Template", null=True, on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField(default=dict)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)
    html = models.TextField(default="", blank=True)
    link_purpose = models.CharField(max_length=2, default="", blank=True)
    link_id = models.UUIDField(null=True)
    state = models.CharField(
        max_length=12, choices=MessageState.choices, default=MessageState.QUEUED
    )
    reason = models.CharField(max_length=40, default="", blank=True)
    deferred_until = models.DateTimeField(null=True)
    deferred_why = models.CharField(max_length=20, default="", blank=True)
    expires_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=120, default="", blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-queued_at", "-id"], name="message_newest"),
            models.Index(fields=["gate", "state"], name="message_gate"),
            models.Index(fields=["subject_kind", "subject_id"], name="message_subject"),
            models.Index(fields=["customer", "-queued_at"], name="message_customer"),
            models.Index(
                fields=["provider_ref"],
                condition=~models.Q(provider_ref=""),
                name="message_provider_ref",
            ),
            models.Index(fields=["address_hash", "channel", "sent_at"], name="message_cap"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Template(UuidModel):
    """A version of a text with merge fields; never changed once a message uses it."""

    channel = models.CharField(max_length=8, choices=Channel.choices)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField()
    html = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return self.subject or self.text[:40]


class Attempt(models.Model):
    """One try to hand a message to its provider."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    number = models.SmallIntegerField()
    lease_owner = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="", blank=True)
    code = models.CharField(max_length=60, default="", blank=True)
    provider_ref = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="attempt_number"),
            models.UniqueConstraint(
                fields=["message"], condition=models.Q(outcome=""), name="attempt_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.number}"


class Gate(models.Model):
    """A switch that an upper room holds over the messages it queued."""

    key = models.CharField(max_length=80, primary_key=True)
    state = models.CharField(max_length=8, choices=GateState.choices, default=GateState.OPEN)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Hit(models.Model):
    """A raw visit to a link of a message; graded later, never a reason for anything by itself."""

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=2)
    object_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    user_agent = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.at}"


class ProviderEvent(models.Model):
    """Something a provider told us, once however often it says it."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=160)
    status = models.CharField(max_length=20)
    provider_ref = models.CharField(max_length=120)
    code = models.CharField(max_length=60, default="", blank=True)
    message_id = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    is_applied = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="provider_event_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Inbound(UuidModel):
    """A message from a customer."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)
    address_hash = models.CharField(max_length=64)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField()
    intent = models.CharField(max_length=10, default="", blank=True)

    def __str__(self) -> str:
        return self.key


class SandboxDelivery(models.Model):
    """What the sandbox phone or mailbox received; links stay masked and are signed when shown."""

    message_id = models.UUIDField(primary_key=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    to = models.CharField(max_length=254)
    sender = models.CharField(max_length=340)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)
    html = models.TextField(default="", blank=True)
    headers = models.JSONField(default=list)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="sandbox_newest")]

    def __str__(self) -> str:
        return f"{self.channel} {self.to}"
