"""The file as plain rows: written once, then read from any point, so that chunks stay cheap."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.core import files, tables
from apps.core.errors import NotFoundError
from apps.customers import rules
from apps.customers.models import ImportRun
from apps.customers.services.imports import enqueue_next
from apps.imports import queries as stored
from apps.imports import services as imports
from apps.imports.choices import ImportState
from apps.tenants import wall


@dataclass(frozen=True)
class Line:
    """One row as it stood in the file, and the number of its line."""

    number: int
    cells: list[str]


def stage_import(*, run_id: UUID, now: datetime) -> None:
    """Read the whole file once: count its rows, see how it writes dates, make it seekable."""
    run = imports.hold_import(model=ImportRun, run_id=run_id, states={ImportState.CHECKING})
    if run is None:
        return
    place = run.staged_path or files.new_place(wall.current_business().schema_name)
    try:
        run.total_rows = _write_lines(run, place)
    except (tables.TableError, NotFoundError) as error:
        imports.fail_import(run=run, error=error.message)
        return
    run.staged_path = place
    run.options["date_order"] = run.options.get("date_order") or _find_order(run)
    run.save(update_fields=["total_rows", "staged_path", "options"])
    enqueue_next(run, now=now)


def _write_lines(run: ImportRun, place: str) -> int:
    count = 0
    with files.create_stored(place) as target:
        for count, row in enumerate(stored.read_rows(run), start=1):  # noqa: B007 - the last counts
            stored.write_line(target, row)
    return count


def _find_order(run: ImportRun) -> str:
    column = stored.find_column(run, "visited_on")
    if column is None:
        return ""
    with files.open_stored(run.staged_path) as stream:
        cells = (row[1] for row in map(json.loads, stream))
        return rules.date_order(row[column] for row in cells if column < len(row)) or ""


def read_lines(run: ImportRun, *, most: int) -> tuple[list[Line], int]:
    """Return the next rows and the place after them."""
    lines, offset = stored.read_lines(run, most=most)
    return [Line(*line) for line in lines], offset
