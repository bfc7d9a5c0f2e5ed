"""The ticket: a promise that one piece of work of one business will be done."""

from django.db import models

from apps.jobs.choices import Lane, TicketState


class Ticket(models.Model):
    """Carries no personal data: a job's name, the key of what it is about, and when.

    ``tenant`` is the database role of the business; row-level security keeps others' rows away.
    """

    tenant = models.CharField(max_length=63)
    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    lane = models.SmallIntegerField(choices=Lane.choices)
    gate = models.CharField(max_length=80, default="", blank=True)
    state = models.SmallIntegerField(choices=TicketState.choices, default=TicketState.WAITING)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 - unique where given
    lease_owner = models.CharField(max_length=80, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_epoch = models.IntegerField(default=0)
    tries = models.SmallIntegerField(default=0)
    deaths = models.SmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "dedupe_key"], name="ticket_once"),
        ]
        indexes = [
            models.Index(
                fields=["lane", "tenant", "not_before", "id"],
                condition=models.Q(state=TicketState.WAITING),
                name="ticket_waiting",
            ),
            models.Index(
                fields=["lane", "tenant", "not_before", "id"],
                condition=models.Q(state=TicketState.WAITING, deaths__gt=0),
                name="ticket_suspect",
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(state=TicketState.PARKED),
                name="ticket_parked",
            ),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state=TicketState.LEASED),
                name="ticket_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
