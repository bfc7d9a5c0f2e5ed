"""What every file on its way in has; each room that takes files has its own tables of these."""

from typing import ClassVar

from django.db import models

from apps.core.models import UuidModel
from apps.core.tables import MAX_CELL
from apps.imports.choices import BUSY_STATES, MAPPABLE_STATES, ImportState


class ImportFile(UuidModel):
    """One file on its way in: uploaded, mapped, checked, committed."""

    longest_cell: ClassVar[int] = MAX_CELL
    objects = models.Manager()

    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=300)
    dialect = models.JSONField(default=dict)
    headers = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(
        max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    # The file as plain rows, and how far into it the work has come.
    staged_path = models.CharField(max_length=300, default="", blank=True)
    offset = models.BigIntegerField(default=0)
    total_rows = models.IntegerField(default=0)
    done_rows = models.IntegerField(default=0)
    new_count = models.IntegerField(default=0)
    duplicate_count = models.IntegerField(default=0)
    rejected_count = models.IntegerField(default=0)
    error = models.CharField(max_length=300, default="", blank=True)
    member = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @property
    def columns(self) -> dict[int, str]:
        """Return what each column holds, by its place in the file."""
        return {int(at): field for at, field in self.mapping.items()}

    @property
    def is_busy(self) -> bool:
        """Tell whether the workers are at it."""
        return self.state in BUSY_STATES

    @property
    def is_mappable(self) -> bool:
        """Tell whether what its columns hold may be said."""
        return self.state in MAPPABLE_STATES


class RejectedRow(models.Model):
    """A row that could not come in, as it stood, with every reason."""

    line = models.IntegerField()
    cells = models.JSONField(default=list)
    reasons = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"line {self.line}"
