"""Answers to review requests."""

from django.db import models

from apps.core.models import UuidModel


class Response(UuidModel):
    """What a customer thinks, in stars and in words; one per request."""

    request = models.OneToOneField(
        "campaigns.Request", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    rating = models.SmallIntegerField()
    text = models.TextField(default="", blank=True)
    submitted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rating__range=(1, 5)), name="rating_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.rating} of 5"


class LinkUse(models.Model):
    """That a person went on to a public site, by pressing its button."""

    request = models.ForeignKey("campaigns.Request", on_delete=models.CASCADE, related_name="+")
    destination = models.ForeignKey(
        "locations.Destination", on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "destination"], name="link_use_once"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.destination_id}"


class ContactRequest(UuidModel):
    """A customer's wish that a person gets in touch."""

    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    request = models.ForeignKey(
        "campaigns.Request", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    location = models.ForeignKey(
        "locations.Location", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    how = models.CharField(max_length=10)
    address = models.CharField(max_length=254, default="", blank=True)
    text = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return self.how
