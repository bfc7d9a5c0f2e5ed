"""The life of a file on its way in: taken, moved on, given up, finished."""

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import files, tables
from apps.core.errors import AppError, ConflictError
from apps.core.facts import SYSTEM, Actor
from apps.imports import queries
from apps.imports.choices import OPEN_STATES, ImportState
from apps.imports.events import ImportFinished
from apps.imports.models import ImportFile
from apps.jobs import services as jobs
from apps.journal import services as journal
from apps.tenants import wall

R = TypeVar("R", bound=ImportFile)
Suggest = Callable[[list[str], list[list[str]]], dict[str, str]]
SAMPLES = 20
_LONGEST_NAME = 200


def start_import(
    *,
    model: type[R],
    file: files.Upload,
    file_name: str,
    suggest: Suggest,
    actor: Actor,
    now: datetime,
) -> R:
    """Take a file in, read its head, and guess what its columns hold.

    AppError at the field ``file`` when it is no table.
    """
    place = files.store_upload(wall.current_business().schema_name, file, settings.IMPORT_MAX_BYTES)
    run = model(
        file_name=_clean_name(file_name),
        path=place,
        member_id=actor.id if actor.kind == "staff" else None,
        created_at=now,
    )
    try:
        run.dialect = vars(queries.sniff_import(run))
        rows = [cells for _line, cells in islice(queries.read_table(run), SAMPLES)]
    except tables.TableError as error:
        files.delete_stored(place)
        raise AppError(error.message, code=error.code, field="file") from error
    except BaseException:
        files.delete_stored(place)
        raise
    run.headers, run.samples = rows[0], rows[1:]
    run.mapping = suggest(run.headers, run.samples)
    run.save(force_insert=True)
    return run


def _clean_name(file_name: str) -> str:
    """Return a name as it can be kept and shown: a long one keeps its beginning and its ending."""
    name = "".join(sign for sign in file_name if sign.isprintable()).strip()
    if len(name) > _LONGEST_NAME:
        half = _LONGEST_NAME // 2
        name = f"{name[: half - 1]}…{name[-half:]}"
    return name or _("A file without a name")


def hold_import(*, model: type[R], run_id: UUID, states: Collection[str]) -> R | None:
    """Lock an import for a piece of work; None when it is gone or stands elsewhere."""
    runs = model.objects.select_for_update()
    return runs.filter(pk=run_id, state__in=states).first()


def move_import(
    *, run: ImportFile, before: Collection[str], to: ImportState, **values: Any
) -> None:
    """Move an import on; ConflictError when it stands elsewhere meanwhile.

    One conditional statement: of two clicks one wins, and a running chunk is waited for.
    """
    runs = type(run).objects.filter(pk=run.pk, state__in=before)
    if not runs.update(state=to, **values):
        message = _("This import has moved on meanwhile; look at where it stands now.")
        raise ConflictError(message, code="import_moved_on")


def cancel_import(*, run: ImportFile, now: datetime) -> None:
    """Stop an import; what has come in stays. ConflictError when it is over."""
    with transaction.atomic():
        move_import(run=run, before=OPEN_STATES, to=ImportState.CANCELLED, finished_at=now)
        _let_go(run)


def fail_import(*, run: ImportFile, error: str) -> None:
    """Note why a file cannot be read any further; another mapping may be tried."""
    runs = type(run).objects.filter(pk=run.pk, state__in=OPEN_STATES)
    runs.update(state=ImportState.FAILED, error=error[:300])


def finish_import(*, run: ImportFile, now: datetime, updated: int = 0) -> None:
    """Note that a file is in, and let its contents go."""
    run.state, run.finished_at = ImportState.DONE, now
    run.save(update_fields=["state", "finished_at"])
    _let_go(run)
    fact = ImportFinished(
        import_id=run.pk, new=run.new_count, updated=updated, rejected=run.rejected_count
    )
    journal.record(fact, actor=actor_of(run=run), now=now)


def actor_of(*, run: ImportFile) -> Actor:
    """Return in whose name a file comes in."""
    return Actor(kind="staff", id=run.member_id) if run.member_id else SYSTEM


def enqueue(kind: str, /, *, run: ImportFile, now: datetime) -> None:
    """Queue the next piece of work, in the transaction of the one before."""
    jobs.enqueue(kind, key=run.pk, now=now, dedupe_key=f"import:{run.pk}")


def _let_go(run: ImportFile) -> None:
    """Delete the contents of a file that is over; its rejected rows are kept."""
    places = [place for place in (run.path, run.staged_path) if place]

    def delete() -> None:
        for place in places:
            files.delete_stored(place)

    transaction.on_commit(delete, robust=True)
