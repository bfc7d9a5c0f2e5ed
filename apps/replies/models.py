"""Response templates and replies."""

from django.db import models

from apps.core.models import UuidModel
from apps.replies.choices import ReplyKind, ReplyState


class ResponseTemplate(UuidModel):
    """Words to begin a reply with."""

    name = models.CharField(max_length=80)
    body = models.TextField()
    # For which stars and which kinds of trouble it suits; none chosen: for any.
    ratings = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    used_count = models.IntegerField(default=0)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Reply(UuidModel):
    """What the business answers; one public reply at a time per review."""

    review = models.ForeignKey("reviews.Review", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=ReplyKind.choices)
    # For a private reply: where it goes, and the subject of a mail.
    contact = models.ForeignKey(
        "customers.ContactPoint", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.CharField(max_length=200, default="", blank=True)
    text = models.TextField()
    state = models.CharField(max_length=18, choices=ReplyState.choices, default=ReplyState.DRAFT)
    message_id = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(kind="public")
                & ~models.Q(state__in=["draft", "rejected", "failed"]),
                name="reply_one_public",
            ),
            models.UniqueConstraint(
                fields=["review", "author", "kind"],
                condition=models.Q(state="draft"),
                name="reply_one_draft",
            ),
        ]

        indexes = [models.Index(fields=["review", "created_at"], name="reply_of_review")]

    def __str__(self) -> str:
        return self.text[:60]
