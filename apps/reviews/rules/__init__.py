"""Decisions about inbox items: when a reply is due, and what a row of a file says."""

from apps.reviews.rules.columns import check_mapping, suggest_mapping
from apps.reviews.rules.due import GRAVE, LATE_SOON, due_at, is_grave, is_recent, late_before
from apps.reviews.rules.rows import USUAL_SCALE, RowOptions, StagedRow, read_row, source_code

__all__ = [
    "GRAVE",
    "LATE_SOON",
    "USUAL_SCALE",
    "RowOptions",
    "StagedRow",
    "check_mapping",
    "due_at",
    "is_grave",
    "is_recent",
    "late_before",
    "read_row",
    "source_code",
    "suggest_mapping",
]
