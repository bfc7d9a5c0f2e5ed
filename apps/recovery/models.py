"""Cases, what was done in them, and what was promised."""

from django.db import models

from apps.core.models import UuidModel
from apps.recovery.choices import (
    Answer,
    ApologyWay,
    CaseStatus,
    Outcome,
    Plan,
    PromiseState,
    Stage,
)


class Case(UuidModel):
    """One failure on its way to being put right."""

    number = models.BigIntegerField(unique=True)
    failure = models.OneToOneField("failures.Failure", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(max_length=160)
    playbook = models.CharField(max_length=80, default="", blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.COLLECT)
    status = models.CharField(max_length=8, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="", blank=True)
    severity = models.SmallIntegerField()
    owner = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()
    stage_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_note = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "due_at"], name="case_due"),
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["customer"], name="case_customer"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanItem(UuidModel):
    """One thing to do for this person, or so that it does not happen again."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    plan = models.CharField(max_length=10, choices=Plan.choices)
    position = models.SmallIntegerField(default=0)
    text = models.CharField(max_length=200)
    owner = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text


class Promise(UuidModel):
    """What somebody told the customer would happen, and by when."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    made_by = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PromiseState.choices, default=PromiseState.OPEN)
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text


class Apology(UuidModel):
    """That somebody said sorry, how, and in which words."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("staff.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    how = models.CharField(max_length=12, choices=ApologyWay.choices)
    text = models.TextField()
    message_id = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.how


class CaseNote(UuidModel):
    """A word about a case, from the staff or from the customer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_from_customer = models.BooleanField(default=False)
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:60]
