"""Closed lists of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactWay(models.TextChoices):
    """How a customer wants to be reached."""

    CALL = "call", _("Call me")
    TEXT = "text", _("Text me")
    WRITE = "write", _("Write to me")
