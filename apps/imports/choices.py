"""Where a file on its way in may stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("Uploaded")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Importing")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


BUSY_STATES = frozenset({ImportState.CHECKING, ImportState.RUNNING})
OPEN_STATES = BUSY_STATES | {ImportState.UPLOADED, ImportState.CHECKED}
# Where what the columns hold may be said, or said anew.
MAPPABLE_STATES = frozenset({ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED})
