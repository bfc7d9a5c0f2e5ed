"""The file as plain rows: written once, then read from any point, so that chunks stay cheap."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.core import files, tables
from apps.core.errors import NotFoundError
from apps.customers import rules
from apps.customers.choices import ImportState
from apps.customers.models import ImportRun
from apps.customers.services.imports import enqueue_next, fail_import
from apps.tenants import wall


@dataclass(frozen=True)
class Line:
    """One row as it stood in the file, and the number of its line."""

    number: int
    cells: list[str]


def stage_import(*, run_id: UUID, now: datetime) -> None:
    """Read the whole file once: count its rows, see how it writes dates, make it seekable."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.state != ImportState.CHECKING:
        return
    place = run.staged_path or files.new_place(wall.current_business().schema_name)
    try:
        run.total_rows = _write_lines(run, place)
    except (tables.TableError, NotFoundError) as error:
        fail_import(run=run, error=error.message, now=now)
        return
    run.staged_path = place
    run.options["date_order"] = run.options.get("date_order") or _find_order(run)
    run.save(update_fields=["total_rows", "staged_path", "options"])
    enqueue_next(run, now=now)


def _write_lines(run: ImportRun, place: str) -> int:
    count = 0
    with files.open_stored(run.path) as stream, files.create_stored(place) as target:
        rows = tables.read_rows(stream, tables.Dialect(**run.dialect))
        next(rows, None)
        for count, (number, cells) in enumerate(rows, start=1):  # noqa: B007 - the last one counts
            target.write(json.dumps([number, cells], ensure_ascii=True).encode() + b"\n")
    return count


def _find_order(run: ImportRun) -> str:
    column = next((int(at) for at, field in run.mapping.items() if field == "visited_on"), None)
    if column is None:
        return ""
    with files.open_stored(run.staged_path) as stream:
        cells = (row[1] for row in map(json.loads, stream))
        return rules.date_order(row[column] for row in cells if column < len(row)) or ""


def read_lines(run: ImportRun, *, most: int) -> tuple[list[Line], int]:
    """Return the next rows and the place after them."""
    with files.open_stored(run.staged_path) as stream:
        stream.seek(run.offset)
        lines = [Line(*json.loads(raw)) for raw in _take(stream, most)]
        return lines, stream.tell()


def _take(stream: Iterator[bytes], most: int) -> Iterator[bytes]:
    for _number in range(most):
        raw = stream.readline()  # type: ignore[attr-defined]  # iterating would forbid tell()
        if not raw:
            return
        yield raw
