"""Roles of a member."""

from django.db import models


class Role(models.TextChoices):
    """What a person may do in a business; one word everywhere."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    AGENT = "agent", "Agent"
    ANALYST = "analyst", "Analyst"
