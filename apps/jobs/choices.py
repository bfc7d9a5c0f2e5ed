"""Lanes and states of tickets."""

from django.db import models


class Lane(models.IntegerChoices):
    """How soon a ticket gets its turn; lane 0 has hands of its own."""

    TRANSACTIONAL = 0, "Transactional"
    INTERACTIVE = 1, "Interactive"
    BULK = 2, "Bulk"
    OWNER = 9, "Owner"


class TicketState(models.IntegerChoices):
    """A finished ticket is deleted; a parked one waits for a person."""

    WAITING = 0, "Waiting"
    LEASED = 1, "Leased"
    PARKED = 2, "Parked"
