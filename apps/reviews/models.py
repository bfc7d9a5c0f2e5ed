"""Inbox items, notes and imports of reviews."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Cast, NullIf, Round

from apps.core.models import UuidModel
from apps.imports.models import ImportFile, RejectedRow
from apps.reviews.choices import WAITING, ReviewKind, ReviewStatus


class Review(UuidModel):
    """Something a customer said, wherever they said it."""

    kind = models.CharField(max_length=10, choices=ReviewKind.choices, default=ReviewKind.REVIEW)
    source = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=160)
    label = models.CharField(max_length=120, default="", blank=True)
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    response = models.OneToOneField(
        "feedback.Response", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=160, default="", blank=True)
    rating = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    rating_max = models.SmallIntegerField(null=True)
    # On the scale of one to five that people filter by, whatever the source's own scale is.
    stars = models.GeneratedField(
        expression=Cast(
            Round(models.F("rating") * 5 / NullIf(models.F("rating_max"), 0)),
            models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )
    title = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)
    language = models.CharField(max_length=12, default="", blank=True)
    written_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    sort_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.NEW)
    assignee = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    sentiment = models.FloatField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    search = models.GeneratedField(
        expression=SearchVector("author_name", "title", "text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "remote_id"], name="review_once"),
        ]
        indexes = [
            models.Index(fields=["-sort_at", "-id"], name="review_newest"),
            models.Index(
                fields=["-sort_at", "-id"],
                condition=models.Q(status__in=WAITING),
                name="review_waiting",
            ),
            models.Index(fields=["status", "-sort_at", "-id"], name="review_status"),
            models.Index(fields=["source", "-sort_at", "-id"], name="review_source"),
            models.Index(fields=["location", "-sort_at", "-id"], name="review_location"),
            models.Index(
                fields=["assignee", "-sort_at", "-id"],
                condition=models.Q(status__in=WAITING),
                name="review_assignee",
            ),
            models.Index(fields=["-sort_at"], condition=~models.Q(tags=[]), name="review_tagged"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(status__in=["new", "open"]),
                name="review_due",
            ),
            models.Index(fields=["customer", "-sort_at"], name="review_customer"),
            GinIndex(fields=["search"], name="review_search"),
            GinIndex(fields=["tags"], name="review_tags"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]


class Note(UuidModel):
    """A word among the staff."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:60]


class ImportRun(ImportFile):
    """A file of reviews on its way into the inbox."""

    longest_cell = 100_000

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="review_import_newest")]


class ImportReject(RejectedRow):
    """A row of reviews that could not come in."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="review_reject_once")]
