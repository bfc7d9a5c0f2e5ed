"""Places, brand and destinations of one business."""

from django.db import models

from apps.core.models import UuidModel


class Location(UuidModel):
    """A place where customers are served."""

    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, default="", blank=True)
    city = models.CharField(max_length=80, default="", blank=True)
    postal_code = models.CharField(max_length=20, default="", blank=True)
    country = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=64)
    phone = models.CharField(max_length=20, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """One row: how the business looks and who speaks for it."""

    name = models.CharField(max_length=120)
    colour = models.CharField(max_length=7, default="#1f5fd0")
    postal_address = models.CharField(max_length=300, default="", blank=True)
    contact_name = models.CharField(max_length=120, default="", blank=True)
    contact_title = models.CharField(max_length=80, default="", blank=True)
    contact_phone = models.CharField(max_length=20, default="", blank=True)
    contact_email = models.EmailField(default="", blank=True)
    sender_email = models.EmailField(default="", blank=True)
    privacy_url = models.URLField(default="", blank=True)

    def __str__(self) -> str:
        return self.name


class Destination(UuidModel):
    """A public site where anyone who is asked may write; the same ones for everybody."""

    site = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    url = models.URLField(max_length=500)
    position = models.SmallIntegerField(default=0)
    location = models.ForeignKey(Location, null=True, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # Yelp forbids asking for reviews, so it can never be a destination.
            models.CheckConstraint(condition=~models.Q(site="yelp"), name="destination_not_yelp"),
        ]

    def __str__(self) -> str:
        return self.label
