"""The life of a file of reviews: uploaded, mapped, checked, committed or cancelled."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import files, tables
from apps.core.errors import AppError, ConflictError
from apps.core.facts import Actor
from apps.customers.choices import OPEN_STATES, ImportState
from apps.jobs import services as jobs
from apps.reviews import rules
from apps.reviews.models import ImportReject, ImportRun
from apps.tenants import wall

HEAD_BYTES = 65_536
SAMPLES = 12
MAX_CELL = 100_000
_GZIP = b"\x1f\x8b"
# Text packs five to twenty times; what packs better than this was made to burst.
_MAX_RATIO = 100
_MAX_PLAIN = 1024 * 1024 * 1024
_MAPPABLE = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
_ERRORS = {
    "unknown_column": "This column is not in the file.",
    "unknown_field": "This column cannot be used.",
    "twice": "Two columns cannot hold the same; choose one of them.",
    "nothing_to_read": "Choose the column that holds the text, or the one with the rating.",
}


class BoundedReader:
    """The plain contents of a packed file, up to the measure that an honest one keeps."""

    def __init__(self, packed: BinaryIO, plain: BinaryIO) -> None:
        self._packed, self._plain, self._read = packed, plain, 0
        self.closed = False

    def read1(self, size: int = -1) -> bytes:
        """Return at least one byte while there is one (what io.TextIOWrapper asks for)."""
        try:
            piece = self._plain.read(size if 0 < size <= HEAD_BYTES else HEAD_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            message = _("The packed file is damaged; pack it again.")
            raise tables.TableError(message, code="damaged") from error
        self._read += len(piece)
        allowed = HEAD_BYTES + _MAX_RATIO * max(self._packed.tell(), 1)
        if self._read > min(allowed, _MAX_PLAIN):
            message = _("The packed file is far larger inside than it should be.")
            raise tables.TableError(message, code="bomb")
        return piece

    read = read1

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def writable(self) -> bool:
        """Say that it cannot be written."""
        return False

    def seekable(self) -> bool:
        """Say that one cannot go back in it."""
        return False

    def flush(self) -> None:
        """Do nothing: nothing is written."""


@contextmanager
def open_plain(place: str) -> Iterator[BinaryIO]:
    """Open a stored file for reading; one that is packed is unpacked while it is read."""
    with files.open_stored(place) as stream:
        is_packed = stream.read(len(_GZIP)) == _GZIP
        stream.seek(0)
        if not is_packed:
            yield stream
            return
        with gzip.GzipFile(fileobj=stream) as plain:
            yield cast("BinaryIO", BoundedReader(stream, cast("BinaryIO", plain)))


def read_table(place: str, dialect: tables.Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a stored file, the heading first."""
    with open_plain(place) as stream:
        yield from tables.read_rows(stream, dialect, max_cell=MAX_CELL)


def start_import(*, file: files.Upload, file_name: str, actor: Actor, now: datetime) -> ImportRun:
    """Take a file in and read its head; AppError at the field ``file`` when it is no table."""
    place = files.store_upload(wall.current_business().schema_name, file, settings.IMPORT_MAX_BYTES)
    try:
        with open_plain(place) as stream:
            dialect = tables.sniff(_read_head(stream))
        rows = [cells for _line, cells in islice(read_table(place, dialect), SAMPLES)]
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
        mapping=rules.suggest_mapping(rows[0]),
        member_id=actor.id if actor.kind == "staff" else None,
        created_at=now,
    )


def _read_head(stream: BinaryIO) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES - len(head))):
        head += piece
    return head


def _clean_name(file_name: str) -> str:
    name = "".join(sign for sign in file_name if sign.isprintable())
    return name[-200:] or _("A file without a name")


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
        _move(run, _MAPPABLE, ImportState.CHECKING, error="")
        _start_over(run, mapping=dict(mapping), options={**options, "source": source}, total_rows=0)
        _enqueue("reviews.check_import", run.pk, now)


def commit_import(*, run: ImportRun, actor: Actor, now: datetime) -> None:
    """Bring a checked file in; ConflictError when it is not checked, or on its way already."""
    with transaction.atomic():
        _move(run, (ImportState.CHECKED,), ImportState.RUNNING, error="")
        ImportRun.objects.filter(pk=run.pk).update(
            offset=0, done_rows=0, new_count=0, duplicate_count=0
        )
        _enqueue("reviews.import_chunk", run.pk, now)


def cancel_import(*, run: ImportRun, actor: Actor, now: datetime) -> None:
    """Stop an import; what has come in stays. ConflictError when it is over."""
    with transaction.atomic():
        _move(run, OPEN_STATES, ImportState.CANCELLED, finished_at=now)
        let_go(run)


def fail_import(*, run: ImportRun, error: str) -> None:
    """Note why a file cannot be read any further; another mapping may be tried."""
    ImportRun.objects.filter(pk=run.pk, state__in=OPEN_STATES).update(
        state=ImportState.FAILED, error=error[:300]
    )


def let_go(run: ImportRun) -> None:
    """Delete the files of an import that is over; its rejected rows are kept."""
    places = [place for place in (run.path, run.staged_path) if place]

    def delete() -> None:
        for place in places:
            files.delete_stored(place)

    transaction.on_commit(delete, robust=True)


def enqueue_chunk(run: ImportRun, *, now: datetime) -> None:
    """Queue the next chunk, in the transaction of the one before."""
    _enqueue("reviews.import_chunk", run.pk, now)


def _enqueue(kind: str, run_id: UUID, now: datetime) -> None:
    jobs.enqueue(kind, key=run_id, now=now, dedupe_key=f"review-import:{run_id}")


def _move(
    run: ImportRun, before: frozenset[ImportState] | tuple[ImportState, ...], to: str, **values: Any
) -> None:
    # One conditional statement: of two clicks one wins, and a running chunk is waited for.
    moved = ImportRun.objects.filter(pk=run.pk, state__in=before).update(state=to, **values)
    if not moved:
        message = _("This import has moved on meanwhile; look at where it stands now.")
        raise ConflictError(message, code="import_moved_on")


def _start_over(run: ImportRun, **values: Any) -> None:
    counts = dict.fromkeys(
        ("done_rows", "offset", "new_count", "duplicate_count", "rejected_count"), 0
    )
    ImportRun.objects.filter(pk=run.pk).update(**counts, **values)
    ImportReject.objects.filter(run=run).delete()
