"""Service failures."""

from django.db import models

from apps.core.models import UuidModel
from apps.failures.choices import Evidence, FailureKind, FailureStatus


class Failure(UuidModel):
    """One thing that went wrong for one person; a review gives rise to at most one."""

    review = models.OneToOneField(
        "reviews.Review", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=FailureKind.choices)
    title = models.CharField(max_length=160)
    quote = models.TextField(default="", blank=True)
    severity = models.SmallIntegerField()
    severity_evidence = models.CharField(max_length=10, choices=Evidence.choices)
    what_happened = models.TextField(default="", blank=True)
    cause = models.CharField(max_length=200, default="", blank=True)
    status = models.CharField(
        max_length=12, choices=FailureStatus.choices, default=FailureStatus.RECORDED
    )
    happened_on = models.DateField(null=True)
    # When somebody said sorry; rooms above need it before an offer may go out.
    apologised_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(severity__range=(1, 5)), name="severity_1_to_5"
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="failure_newest")]

    def __str__(self) -> str:
        return self.title
