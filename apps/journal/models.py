"""The journal's rows; a business's role may add and read them, never change them."""

from django.db import models

from apps.core.db import uuid7


class CurrentTransaction(models.Func):
    """The id of the writing transaction, so that readers stop before those still open."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Entry(models.Model):
    """One fact; ids, codes and numbers only."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    location_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    transaction_id = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        indexes = [
            models.Index(fields=["customer_id", "-id"], name="entry_customer"),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="entry_subject"),
            models.Index(fields=["kind", "id"], name="entry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Handling(models.Model):
    """That a handler has acted on a fact: written in the handler's own transaction, once."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    handler = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "handler"], name="handled_once"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.entry_id}"
