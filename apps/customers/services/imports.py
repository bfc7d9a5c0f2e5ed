"""The life of an import: uploaded, mapped, checked, committed or cancelled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import files
from apps.core.db import execute
from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.customers import rules, sql
from apps.customers.models import ImportRun
from apps.imports import services as imports
from apps.imports.choices import MAPPABLE_STATES, ImportState

_COUNTS = (
    "done_rows", "offset", "new_count", "updated_count", "unchanged_count", "duplicate_count",
    "rejected_count", "transaction_count", "consent_count",
)  # fmt: skip


def start_import(*, file: files.Upload, file_name: str, actor: Actor, now: datetime) -> ImportRun:
    """Take a file in and read its head; AppError at the field ``file`` when it is no table."""
    return imports.start_import(
        model=ImportRun, file=file, file_name=file_name, suggest=_suggest, actor=actor, now=now
    )


def _suggest(headers: list[str], samples: list[list[str]]) -> dict[str, str]:
    return {str(at): field for at, field in rules.suggest_mapping(headers, samples).items()}


def map_import(
    *,
    run: ImportRun,
    mapping: Mapping[int, str],
    options: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    """Say what each column holds and how these people agreed; the check begins at once.

    AppError when no column can reach anybody or a field is given twice; ConflictError when the
    import has gone further meanwhile.
    """
    _check_mapping(run, mapping)
    with transaction.atomic():
        imports.move_import(
            run=run,
            before=MAPPABLE_STATES,
            to=ImportState.CHECKING,
            mapping={str(index): field for index, field in sorted(mapping.items())},
            options=dict(options),
            error="",
            total_rows=0,
            **dict.fromkeys(_COUNTS, 0),
        )
        _forget_rows(run)
        imports.enqueue("customers.stage_import", run=run, now=now)


def _check_mapping(run: ImportRun, mapping: Mapping[int, str]) -> None:
    fields = list(mapping.values())
    if not {"email", "phone"} & set(fields):
        message = _("Choose the column that holds the email address or the phone number.")
        raise AppError(message, code="nothing_to_reach")
    for index, field in mapping.items():
        if field not in rules.FIELDS or not 0 <= index < len(run.headers):
            raise AppError(_("This column cannot be used."), code="unknown_field")
        if fields.count(field) > 1:
            message = _("Two columns cannot hold the same; choose one of them.")
            raise AppError(message, code="field_twice", field=f"column_{index}")
    if "amount" in fields and "visited_on" not in fields:
        message = _("An amount needs the day it was paid: choose the column with the date as well.")
        raise AppError(message, code="amount_without_day")


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
        _forget_rows(run)
        imports.enqueue("customers.import_chunk", run=run, now=now)


def _forget_rows(run: ImportRun) -> None:
    execute(sql.DELETE_REJECTS, [run.pk])
    forget_keys(run)


def forget_keys(run: ImportRun) -> None:
    """Delete what told rows of a file apart."""
    execute(sql.DELETE_KEYS, [run.pk])


def cancel_import(*, run: ImportRun, actor: Actor, now: datetime) -> None:
    """Stop an import; what has come in stays. ConflictError when it is over."""
    with transaction.atomic():
        imports.cancel_import(run=run, now=now)
        forget_keys(run)


def enqueue_next(run: ImportRun, *, now: datetime) -> None:
    """Queue the next chunk of the file, in the transaction of the one before."""
    if run.state == ImportState.CHECKING:
        imports.enqueue("customers.check_chunk", run=run, now=now)
    else:
        imports.enqueue("customers.import_chunk", run=run, now=now)
