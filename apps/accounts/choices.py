"""Roles of a member, and how far a new business is."""

from django.db import models


class Role(models.TextChoices):
    """What a person may do in a business; one word everywhere."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    AGENT = "agent", "Agent"
    ANALYST = "analyst", "Analyst"


class FoundingState(models.TextChoices):
    """How far a business on its way is."""

    DRAFT = "draft", "Being written"
    ASKED = "asked", "Waiting for its place"
    DONE = "done", "Made"
