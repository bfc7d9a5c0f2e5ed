"""The work on a file of reviews: checked in one pass, then brought in a thousand rows at a time."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.core import files, tables
from apps.core.errors import NotFoundError
from apps.core.facts import SYSTEM
from apps.core.failpoints import failpoint
from apps.customers.choices import ImportState
from apps.customers.events import ImportFinished
from apps.customers.rules import DateOrder, date_order
from apps.journal import services as journal
from apps.locations import queries as locations
from apps.reviews import rules
from apps.reviews.choices import Field
from apps.reviews.models import ImportReject, ImportRun, Review
from apps.reviews.services.imports import enqueue_chunk, fail_import, let_go, read_table
from apps.reviews.services.intake import Incoming, import_batch
from apps.tenants import wall

CHUNK = 1000
MAX_ROWS = 200_000
# The head of the second of the two columns that a download of rejected rows adds.
MENDED = "What to mend"


class _Checker:
    """Sorts the rows of one file into those understood and those rejected; flat in memory."""

    def __init__(self, run: ImportRun, target: BinaryIO, now: datetime) -> None:
        self._run, self._target = run, target
        self._mapping = {int(index): field for index, field in run.mapping.items()}
        self._places = {p.name.casefold(): str(p.pk) for p in locations.list_locations()}
        self._place_id = run.options.get("location") or None
        self._options = _read_options(run, now)
        self._is_guarded = MENDED in run.headers
        self.total = self.known = self.rejected = 0

    def take(self, lines: list[tuple[int, list[str]]]) -> None:
        """Sort the next rows."""
        rejects: list[ImportReject] = []
        rows: list[dict[str, Any]] = []
        for number, cells in lines:
            plain = [tables.unguard(cell) for cell in cells] if self._is_guarded else cells
            read = rules.read_row(number, plain, self._mapping, self._options)
            row = self._place(read) if isinstance(read, rules.StagedRow) else read
            if isinstance(row, list):
                rejects.append(
                    ImportReject(run=self._run, line=number, cells=_storable(plain), reasons=row)
                )
            else:
                rows.append(row)
        ImportReject.objects.bulk_create(rejects, batch_size=CHUNK)
        self._write(rows)
        self.total += len(lines)
        self.rejected += len(rejects)
        if self.total > MAX_ROWS:
            message = _("The file has more than %(most)d rows; split it.")
            raise tables.TableError(message % {"most": MAX_ROWS}, code="too_many_rows")

    def _place(self, row: rules.StagedRow) -> dict[str, Any] | list[str]:
        values = asdict(row)
        name = values.pop("location")
        values["location_id"] = self._places.get(name.casefold()) if name else self._place_id
        if name and values["location_id"] is None:
            return [_("There is no location “%(name)s”; add it in the settings.") % {"name": name}]
        return values

    def _write(self, rows: list[dict[str, Any]]) -> None:
        known = Review.objects.filter(
            source__in={row["source"] for row in rows},
            remote_id__in={row["remote_id"] for row in rows},
        ).values_list("source", "remote_id")
        seen = set(known)
        self.known += sum((row["source"], row["remote_id"]) in seen for row in rows)
        for row in rows:
            self._target.write(json.dumps(row, ensure_ascii=True).encode() + b"\n")


def check_import(*, run_id: UUID, now: datetime) -> None:
    """Read the whole file once: count it, note what cannot come in, make the rest seekable."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.state != ImportState.CHECKING:
        return
    place = run.staged_path or files.new_place(wall.current_business().schema_name)
    try:
        run.options["date_order"] = run.options.get("date_order") or _find_order(run)
        with files.create_stored(place) as target:
            checker = _Checker(run, target, now)
            rows = read_table(run.path, tables.Dialect(**run.dialect))
            next(rows, None)
            while lines := list(islice(rows, CHUNK)):
                checker.take(lines)
    except (tables.TableError, NotFoundError) as error:
        ImportReject.objects.filter(run=run).delete()
        fail_import(run=run, error=error.message)
        return
    run.staged_path = place
    run.total_rows, run.rejected_count = checker.total, checker.rejected
    run.duplicate_count = checker.known
    run.state = ImportState.CHECKED
    run.save()


def _read_options(run: ImportRun, now: datetime) -> rules.RowOptions:
    zone = wall.current_business().time_zone
    order: DateOrder | None = run.options.get("date_order") or None
    return rules.RowOptions(
        source=run.options.get("source", ""),
        rating_max=int(run.options.get("rating_max") or rules.USUAL_SCALE),
        date_order=order,
        zone=zone,
        today=now.astimezone(ZoneInfo(zone)).date(),
    )


def _find_order(run: ImportRun) -> str:
    """Return whether the file writes days or months first, by the first rows that tell."""
    column = next((int(at) for at, field in run.mapping.items() if field == Field.WRITTEN), None)
    if column is None:
        return ""
    rows = read_table(run.path, tables.Dialect(**run.dialect))
    cells = (cells[column] for _line, cells in islice(rows, 1, 20_000) if column < len(cells))
    return date_order(cells) or ""


def _storable(cells: list[str]) -> list[str]:
    return [cell.replace("\x00", "").encode("utf-8", "replace").decode() for cell in cells]


def import_chunk(*, run_id: UUID, now: datetime) -> None:
    """Bring the next thousand rows in, note how far it came, and queue the rest."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or run.state != ImportState.RUNNING:
        return
    try:
        with files.open_stored(run.staged_path) as stream:
            stream.seek(run.offset)
            lines = list(_take(stream))
            offset = stream.tell()
    except NotFoundError as error:
        fail_import(run=run, error=error.message)
        return
    if not lines:
        _finish(run, now)
        return
    new = import_batch(
        rows=[_to_incoming(json.loads(line)) for line in lines],
        actor=SYSTEM,
        now=now,
        is_history=bool(run.options.get("is_history", True)),
    )
    failpoint("before_checkpoint")
    run.offset = offset
    run.done_rows += len(lines)
    run.new_count += new
    run.duplicate_count += len(lines) - new
    run.save(update_fields=["offset", "done_rows", "new_count", "duplicate_count"])
    enqueue_chunk(run, now=now)


def _take(stream: BinaryIO) -> Iterator[bytes]:
    # Line by line: going through the file itself would forbid tell().
    for _number in range(CHUNK):
        line = stream.readline()
        if not line:
            return
        yield line


def _to_incoming(row: dict[str, Any]) -> Incoming:
    written_at = row["written_at"]
    return Incoming(
        source=row["source"],
        remote_id=row["remote_id"],
        text=row["text"],
        title=row["title"],
        author_name=row["author_name"],
        rating=Decimal(row["rating"]) if row["rating"] else None,
        rating_max=row["rating_max"],
        written_at=datetime.fromisoformat(written_at) if written_at else None,
        language=row["language"],
        label=row["label"],
        location_id=UUID(row["location_id"]) if row["location_id"] else None,
    )


def _finish(run: ImportRun, now: datetime) -> None:
    run.state = ImportState.DONE
    run.finished_at = now
    run.save(update_fields=["state", "finished_at"])
    fact = ImportFinished(
        import_id=run.pk, new=run.new_count, updated=0, rejected=run.rejected_count
    )
    journal.record(fact, actor=SYSTEM, now=now)
    let_go(run)
