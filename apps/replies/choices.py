"""Kinds and states of a reply."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReplyState(models.TextChoices):
    """INTERFACE names."""

    DRAFT = "draft", _("Draft")
    WAITING_APPROVAL = "waiting_approval", _("Waits for approval")
    QUEUED = "queued", _("Goes out in a moment")
    SENDING = "sending", _("Sending")
    PENDING = "pending", _("Pending at the site")
    LIVE = "live", _("Live")
    REJECTED = "rejected", _("Rejected")
    FAILED = "failed", _("Failed")
    MARKED_POSTED = "marked_posted", _("Posted by hand")


# Nobody outside has or will have seen these.
UNSENT = (ReplyState.DRAFT.value, ReplyState.REJECTED.value, ReplyState.FAILED.value)


class ReplyKind(models.TextChoices):
    """Who reads it."""

    PUBLIC = "public", _("Public reply")
    PRIVATE = "private", _("Private message")
