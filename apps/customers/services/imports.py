"""The life of an import: uploaded, mapped, checked, committed or cancelled."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import files, tables
from apps.core.db import execute
from apps.core.errors import AppError, ConflictError
from apps.core.facts import Actor
from apps.customers import rules, sql
from apps.customers.choices import OPEN_STATES, ImportState
from apps.customers.models import ImportRun
from apps.jobs import services as jobs
from apps.tenants import wall

HEAD_BYTES = 65_536
SAMPLES = 20
_COUNTS = (
    "done_rows", "offset", "new_count", "updated_count", "unchanged_count", "duplicate_count",
    "rejected_count", "transaction_count", "consent_count",
)  # fmt: skip
_MAPPABLE = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


def start_import(*, file: files.Upload, file_name: str, actor: Actor, now: datetime) -> ImportRun:
    """Take a file in and read its head; AppError at the field ``file`` when it is no table."""
    place = files.store_upload(wall.current_business().schema_name, file, settings.IMPORT_MAX_BYTES)
    try:
        with files.open_stored(place) as stream:
            dialect = tables.sniff(stream.read(HEAD_BYTES))
            stream.seek(0)
            rows = [cells for _line, cells in islice(tables.read_rows(stream, dialect), SAMPLES)]
    except tables.TableError as error:
        files.delete_stored(place)
        raise AppError(error.message, code=error.code, field="file") from error
    except BaseException:
        files.delete_stored(place)
        raise
    return ImportRun.objects.create(
        file_name=_clean_name(file_name),
        path=place,
        dialect=vars(dialect),
        headers=rows[0],
        samples=rows[1:],
        member_id=actor.id if actor.kind == "staff" else None,
        created_at=now,
    )


def _clean_name(file_name: str) -> str:
    name = "".join(sign for sign in file_name if sign.isprintable())
    return name[-200:] or _("A file without a name")


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
        _move(run, _MAPPABLE, ImportState.CHECKING, error="")
        ImportRun.objects.filter(pk=run.pk).update(
            mapping={str(index): field for index, field in sorted(mapping.items())},
            options=dict(options),
            total_rows=0,
        )
        _start_over(run)
        _enqueue("customers.stage_import", run.pk, now)


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
        _move(run, (ImportState.CHECKED,), ImportState.RUNNING, error="")
        _start_over(run)
        _enqueue("customers.import_chunk", run.pk, now)


def cancel_import(*, run: ImportRun, actor: Actor, now: datetime) -> None:
    """Stop an import; what has come in stays. ConflictError when it is over."""
    with transaction.atomic():
        _move(run, OPEN_STATES, ImportState.CANCELLED, finished_at=now)
        let_go(run)


def fail_import(*, run: ImportRun, error: str, now: datetime) -> None:
    """Note why a file cannot be read any further; another mapping may be tried."""
    ImportRun.objects.filter(pk=run.pk, state__in=OPEN_STATES).update(
        state=ImportState.FAILED, error=error[:300]
    )


def let_go(run: ImportRun) -> None:
    """Delete the files and keys of an import that is over; its rejected rows are kept."""
    execute(sql.DELETE_KEYS, [run.pk])
    places = [place for place in (run.path, run.staged_path) if place]

    def delete() -> None:
        for place in places:
            files.delete_stored(place)

    transaction.on_commit(delete, robust=True)


def enqueue_next(run: ImportRun, *, now: datetime) -> None:
    """Queue the next chunk of the file, in the transaction of the one before."""
    is_check = run.state == ImportState.CHECKING
    _enqueue("customers.check_chunk" if is_check else "customers.import_chunk", run.pk, now)


def _enqueue(kind: str, run_id: UUID, now: datetime) -> None:
    jobs.enqueue(kind, key=run_id, now=now, dedupe_key=f"import:{run_id}")


def _move(
    run: ImportRun, before: frozenset[ImportState] | tuple[ImportState, ...], to: str, **values: Any
) -> None:
    # One conditional statement: of two clicks one wins, and a running chunk is waited for.
    moved = ImportRun.objects.filter(pk=run.pk, state__in=before).update(state=to, **values)
    if not moved:
        message = _("This import has moved on meanwhile; look at where it stands now.")
        raise ConflictError(message, code="import_moved_on")


def _start_over(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(**dict.fromkeys(_COUNTS, 0))
    execute(sql.DELETE_REJECTS, [run.pk])
    execute(sql.DELETE_KEYS, [run.pk])
