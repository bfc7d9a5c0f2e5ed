"""Stages, statuses and outcomes of a case."""

from django.db import models


class Stage(models.TextChoices):
    """C.A.R.E."""

    COLLECT = "collect", "Collect"
    APOLOGISE = "apologise", "Apologise"
    RESPOND = "respond", "Respond"
    ESCALATE = "escalate", "Escalate"


class CaseStatus(models.TextChoices):
    """INTERFACE names."""

    OPEN = "open", "Open"
    WAITING = "waiting", "Waiting for the customer"
    CLOSED = "closed", "Closed"


class Outcome(models.TextChoices):
    """How a case ended."""

    RETURNED = "returned", "Came back"
    SETTLED = "settled", "Put right"
    NO_ANSWER = "no_answer", "No answer"
    NOT_OURS = "not_ours", "Not ours"
    PARTED = "parted", "Parted ways"


class Plan(models.TextChoices):
    """The two plans of a case."""

    MAKE_RIGHT = "make_right", "Make it right"
    PREVENT = "prevent", "Keep it from happening again"


class PromiseState(models.TextChoices):
    """Whether a promise was kept."""

    OPEN = "open", "Open"
    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"


class Answer(models.TextChoices):
    """What the customer says when asked whether it is good again."""

    GOOD = "good", "Good again"
    NOT_GOOD = "not_good", "Not good yet"


class ApologyWay(models.TextChoices):
    """How somebody said sorry, or asked."""

    EMAIL = "email", "By email"
    SMS = "sms", "By text"
    PHONE = "phone", "On the phone"
    IN_PERSON = "in_person", "In person"
