"""States of a reply."""

from django.db import models


class ReplyState(models.TextChoices):
    """INTERFACE names."""

    DRAFT = "draft", "Draft"
    WAITING_APPROVAL = "waiting_approval", "Waits for approval"
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Sending"
    PENDING = "pending", "Pending at the site"
    LIVE = "live", "Live"
    REJECTED = "rejected", "Rejected"
    FAILED = "failed", "Failed"
    MARKED_POSTED = "marked_posted", "Posted by hand"


class ReplyKind(models.TextChoices):
    """Who reads it."""

    PUBLIC = "public", "Public reply"
    PRIVATE = "private", "Private message"
