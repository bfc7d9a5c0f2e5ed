"""Campaigns, their steps and the requests they make."""

from django.db import models

from apps.campaigns.choices import CampaignStatus, LeaveReason, RequestState
from apps.core.models import UuidModel
from apps.customers.choices import Channel


class Campaign(UuidModel):
    """A sequence of messages that asks people for their review; blind to what they think."""

    name = models.CharField(max_length=120)
    status = models.CharField(
        max_length=16, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT
    )
    # Sentiment-blind conditions only: {"locations": [ids], "tags": [..], "since": "date",
    # "until": "date", "import": id}. Ratings, cases and failures live on floors above this room.
    audience = models.JSONField(default=dict)
    ask_window_days = models.SmallIntegerField(default=180)
    left_out = models.JSONField(default=dict)
    eligible_count = models.IntegerField(default=0)
    enrolled_count = models.IntegerField(default=0)
    enrol_after = models.UUIDField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    launched_by = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    launched_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Step(UuidModel):
    """One message of a campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    position = models.SmallIntegerField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    delay_hours = models.IntegerField(default=0)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField()
    template_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="step_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.channel}"


class Request(UuidModel):
    """One person asked once; its id is what the link in the message carries."""

    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    transaction = models.ForeignKey(
        "customers.Transaction", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(
        max_length=8, choices=RequestState.choices, default=RequestState.ACTIVE
    )
    left_reason = models.CharField(
        max_length=12, choices=LeaveReason.choices, default="", blank=True
    )
    # The step that comes next and when; without a moment nothing more will come.
    next_position = models.SmallIntegerField(default=1)
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "customer"], name="request_once"),
        ]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="request_customer"),
            models.Index(fields=["campaign", "next_at"], name="request_next"),
        ]

    def __str__(self) -> str:
        return str(self.id)
