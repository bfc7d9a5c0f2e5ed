"""Closed lists of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Site(models.TextChoices):
    """Public sites that allow asking for reviews; Yelp forbids it, so it is not here."""

    GOOGLE = "google", "Google"
    FACEBOOK = "facebook", "Facebook"
    TRUSTPILOT = "trustpilot", "Trustpilot"
    TRIPADVISOR = "tripadvisor", "Tripadvisor"
    OWN = "own", _("Your own site")
    OTHER = "other", _("Another site")
