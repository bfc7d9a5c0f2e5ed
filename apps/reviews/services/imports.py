"""The life of a file of reviews: uploaded, mapped, checked, committed or cancelled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import files
from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.imports import services as imports
from apps.imports.choices import MAPPABLE_STATES, ImportState
from apps.reviews import rules
from apps.reviews.models import ImportReject, ImportRun

_ERRORS = {
    "unknown_column": "This column is not in the file.",
    "unknown_field": "This column cannot be used.",
    "twice": "Two columns cannot hold the same; choose one of them.",
    "nothing_to_read": "Choose the column that holds the text, or the one with the rating.",
}
_COUNTS = ("offset", "done_rows", "new_count", "duplicate_count")


def start_import(*, file: files.Upload, file_name: str, actor: Actor, now: datetime) -> ImportRun:
    """Take a file in and read its head; AppError at the field ``file`` when it is no table."""
    return imports.start_import(
        model=ImportRun,
        file=file,
        file_name=file_name,
        suggest=lambda headers, _samples: rules.suggest_mapping(headers),
        actor=actor,
        now=now,
    )


def map_import(
    *,
    run: ImportRun,
    mapping: Mapping[str, str],
    options: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    """Say what each column holds; the check begins at once.

    AppError when nothing in the file could be read; ConflictError when the import has gone
    further meanwhile.
    """
    wrong = rules.check_mapping(mapping, columns=len(run.headers))
    if wrong:
        raise AppError(_(_ERRORS[wrong]), code=wrong)
    source = rules.source_code(str(options.get("source", "")))
    if "source" not in mapping.values() and not source:
        message = _("Choose the site these reviews are from, or the column that names it.")
        raise AppError(message, code="no_source", field="source")
    with transaction.atomic():
        imports.move_import(
            run=run,
            before=MAPPABLE_STATES,
            to=ImportState.CHECKING,
            mapping=dict(mapping),
            options={**options, "source": source},
            error="",
            total_rows=0,
            rejected_count=0,
            **dict.fromkeys(_COUNTS, 0),
        )
        ImportReject.objects.filter(run=run).delete()
        imports.enqueue("reviews.check_import", run=run, now=now)


def commit_import(*, run: ImportRun, actor: Actor, now: datetime) -> None:
    """Bring a checked file in; ConflictError when it is not checked, or on its way already."""
    with transaction.atomic():
        imports.move_import(
            run=run,
            before={ImportState.CHECKED},
            to=ImportState.RUNNING,
            error="",
            **dict.fromkeys(_COUNTS, 0),
        )
        imports.enqueue("reviews.import_chunk", run=run, now=now)


def cancel_import(*, run: ImportRun, actor: Actor, now: datetime) -> None:
    """Stop an import; what has come in stays. ConflictError when it is over."""
    imports.cancel_import(run=run, now=now)
