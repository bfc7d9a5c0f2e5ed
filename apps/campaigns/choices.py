"""States of campaigns and requests."""

from django.db import models


class CampaignStatus(models.TextChoices):
    """INTERFACE names."""

    DRAFT = "draft", "Draft"
    NEEDS_APPROVAL = "needs_approval", "Needs approval"
    SCHEDULED = "scheduled", "Scheduled"
    RUNNING = "running", "Running"
    STOPPING = "stopping", "Stopping"
    PAUSED = "paused", "Paused"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"


class RequestState(models.TextChoices):
    """Where one person's request stands."""

    ACTIVE = "active", "Active"
    DONE = "done", "Done"
    LEFT = "left", "Left"


class LeaveReason(models.TextChoices):
    """Why a request ended before its last step."""

    ANSWERED = "answered", "Answered"
    LINK_USED = "link_used", "Went on to a public site"
    OPTED_OUT = "opted_out", "Opted out"
    REPLIED = "replied", "Replied"
    BY_HAND = "by_hand", "Taken out by hand"
    CANCELLED = "cancelled", "Campaign cancelled"
