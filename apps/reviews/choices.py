"""Kinds, statuses and views of inbox items, and the sites they come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewStatus(models.TextChoices):
    """INTERFACE names."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waits for the customer")
    REPLIED = "replied", _("Replied")
    RESOLVED = "resolved", _("Resolved")
    SNOOZED = "snoozed", _("Snoozed")


# What somebody in the house still has to look after.
WAITING = (ReviewStatus.NEW.value, ReviewStatus.OPEN.value, ReviewStatus.WAITING.value)
# Where the clock of the first reply runs.
UNANSWERED = (ReviewStatus.NEW.value, ReviewStatus.OPEN.value)
DONE = (ReviewStatus.REPLIED.value, ReviewStatus.RESOLVED.value)


class ReviewKind(models.TextChoices):
    """What stands in the inbox."""

    REVIEW = "review", _("Review")
    RESPONSE = "response", _("Answer to a request")
    CONTACT = "contact", _("Wish to be contacted")
    MESSAGE = "message", _("Message")


class InboxView(models.TextChoices):
    """The lists of the inbox."""

    ALL = "all", _("All")
    MINE = "mine", _("Mine")
    LATE = "late", _("Late soon")
    SNOOZED = "snoozed", _("Snoozed")
    DONE = "done", _("Done")
    EVERYTHING = "everything", _("Everything")


class Site(models.TextChoices):
    """Where reviews are written; a file may name others."""

    OWN = "own", _("Own page")
    GOOGLE = "google", "Google"
    FACEBOOK = "facebook", "Facebook"
    TRUSTPILOT = "trustpilot", "Trustpilot"
    TRIPADVISOR = "tripadvisor", "Tripadvisor"
    YELP = "yelp", "Yelp"
    BOOKING = "booking", "Booking.com"
    AIRBNB = "airbnb", "Airbnb"
    APP_STORE = "app_store", "App Store"
    GOOGLE_PLAY = "google_play", "Google Play"


class Flag(models.TextChoices):
    """Kinds of trouble that a text names (``text.severity``)."""

    SAFETY = "safety", _("Safety")
    BILLING = "billing", _("Billing")
    REFUND = "refund", _("Refund")
    RUDE = "rude", _("Manners")
    WAIT = "wait", _("Wait")
    BROKEN = "broken", _("Broken")
    MISSING = "missing", _("Missing")


class Field(models.TextChoices):
    """What a column of a file of reviews may hold."""

    REMOTE_ID = "remote_id", _("The review's own number")
    SOURCE = "source", _("Site")
    LABEL = "label", _("Place or product")
    LOCATION = "location", _("Location (by name)")
    AUTHOR = "author_name", _("Who wrote it")
    WRITTEN = "written_at", _("Date")
    RATING = "rating", _("Rating")
    RATING_MAX = "rating_max", _("Highest rating")
    TITLE = "title", _("Title")
    TEXT = "text", _("Text")
    LANGUAGE = "language", _("Language")
