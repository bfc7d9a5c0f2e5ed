"""Response templates and replies."""

from django.db import models

from apps.core.models import UuidModel
from apps.replies.choices import ReplyKind, ReplyState


class ResponseTemplate(UuidModel):
    """Words to begin a reply with."""

    name = models.CharField(max_length=80)
    body = models.TextField()
    ratings = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    used_count = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Reply(UuidModel):
    """What the business answers; one public reply at a time per review."""

    review = models.ForeignKey("reviews.Review", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=ReplyKind.choices)
    text = models.TextField()
    state = models.CharField(
        max_length=18, choices=ReplyState.choices, default=ReplyState.DRAFT
    )
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

    def __str__(self) -> str:
        return self.text[:60]
