"""Reads of files on their way in: as a table, as staged lines, and what could not come in."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, BinaryIO, TypeVar, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core import files, tables
from apps.core.errors import NotFoundError
from apps.imports.models import ImportFile, RejectedRow

R = TypeVar("R", bound=ImportFile)
HEAD_BYTES = 65_536
_GZIP = b"\x1f\x8b"
# Text packs five to twenty times; what packs better than this was made to burst.
_MAX_RATIO = 100
_MAX_PLAIN = 1024 * 1024 * 1024
# The two columns that a download of rejected rows adds.
_ADDED = ["Line", "What to mend"]


def get_import(runs: QuerySet[R], *, run_id: UUID) -> R:
    """Return an import; NotFoundError when there is none."""
    run = runs.select_related("member").filter(pk=run_id).first()
    if run is None:
        raise NotFoundError(_("This import does not exist."))
    return run


def list_imports(runs: QuerySet[R]) -> QuerySet[R]:
    """Return all imports, newest first."""
    return runs.select_related("member").order_by("-created_at", "-pk")


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
def _open_plain(place: str) -> Iterator[BinaryIO]:
    """Open a stored file for reading; one that is packed is unpacked while it is read."""
    with files.open_stored(place) as stream:
        is_packed = stream.read(len(_GZIP)) == _GZIP
        stream.seek(0)
        if not is_packed:
            yield stream
            return
        with gzip.GzipFile(fileobj=stream) as plain:
            yield cast("BinaryIO", BoundedReader(stream, cast("BinaryIO", plain)))


def sniff_import(run: ImportFile) -> tables.Dialect:
    """Tell how a file is written; TableError when it is no table."""
    head = b""
    with _open_plain(run.path) as stream:
        while len(head) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES - len(head))):
            head += piece
    return tables.sniff(head)


def read_table(run: ImportFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with their line numbers, the heading first.

    In a file of rejected rows that were mended, the apostrophes that the download set go again.
    """
    dialect, most = tables.Dialect(**run.dialect), run.longest_cell
    with (
        _open_plain(run.path) as stream,
        # Closed before the stream is, also when somebody reads only the first rows.
        closing(tables.read_rows(stream, dialect, max_cell=most)) as rows,
    ):
        is_mended = False
        for number, (line, cells) in enumerate(rows):
            if number == 0:
                is_mended = _is_mended(cells)
            yield line, [tables.unguard(cell) for cell in cells] if is_mended else cells


def read_rows(run: ImportFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file below its heading."""
    return islice(read_table(run), 1, None)


def find_column(run: ImportFile, field: str) -> int | None:
    """Return the column that holds ``field``."""
    return next((at for at, held in run.columns.items() if held == field), None)


def write_line(target: BinaryIO, value: object) -> None:
    """Add a line to a staged file."""
    target.write(json.dumps(value, ensure_ascii=True).encode() + b"\n")


def read_lines(run: ImportFile, *, most: int) -> tuple[list[Any], int]:
    """Return the next lines of the staged file and the place after them."""
    lines: list[Any] = []
    with files.open_stored(run.staged_path) as stream:
        stream.seek(run.offset)
        # Line by line: going through the file itself would forbid tell().
        while len(lines) < most and (raw := stream.readline()):
            lines.append(json.loads(raw))
        return lines, stream.tell()


def read_rejects(run: ImportFile, rejects: QuerySet[Any]) -> Iterator[str]:
    """Yield the rows that could not come in as a file that can be mended and imported again."""
    return tables.write_csv(_list_cells(run, rejects.order_by("line")), has_bom=True)


def _list_cells(run: ImportFile, rejects: QuerySet[RejectedRow]) -> Iterable[list[object]]:
    is_mended = _is_mended(run.headers)
    headers = run.headers[: -len(_ADDED)] if is_mended else run.headers
    width = len(headers)
    yield [*headers, *_ADDED]
    for row in rejects.iterator(chunk_size=1000):
        # Cells beyond the heading would move the reason into another column.
        rest = row.cells[width - 1 : width] if is_mended else row.cells[width - 1 :]
        yield [*row.cells[: width - 1], " ".join(rest), row.line, " ".join(row.reasons)]


def _is_mended(headers: list[str]) -> bool:
    return len(headers) > len(_ADDED) and headers[-len(_ADDED) :] == _ADDED
