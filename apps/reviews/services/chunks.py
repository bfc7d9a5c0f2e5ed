"""The work on a file of reviews: checked in one pass, then brought in a thousand rows at a time."""

import hashlib
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
from apps.customers.rules import DateOrder, date_order
from apps.imports import queries as stored
from apps.imports import services as imports
from apps.imports.choices import ImportState
from apps.locations import queries as locations
from apps.reviews import rules
from apps.reviews.choices import Field
from apps.reviews.models import ImportReject, ImportRun, Review
from apps.reviews.services.intake import Incoming, import_batch
from apps.tenants import wall

CHUNK = 1000
MAX_ROWS = 200_000
_SAMPLE_ROWS = 20_000


class _Checker:
    """Sorts the rows of one file into those understood and those rejected.

    Of what it has seen it keeps sixteen bytes a row, so that the largest file stays cheap.
    """

    def __init__(self, run: ImportRun, target: BinaryIO, now: datetime) -> None:
        self._run, self._target = run, target
        self._mapping = run.columns
        self._places = {
            p.name.casefold(): str(p.pk) for p in locations.list_locations(actor=SYSTEM)
        }
        self._place_id = run.options.get("location") or None
        self._options = _read_options(run, now)
        self._seen: set[bytes] = set()
        self.total = self.known = self.rejected = 0

    def take(self, lines: list[tuple[int, list[str]]]) -> None:
        """Sort the next rows."""
        rejects: list[ImportReject] = []
        rows: list[dict[str, Any]] = []
        for number, cells in lines:
            read = rules.read_row(number, cells, self._mapping, self._options)
            row = self._place(read) if isinstance(read, rules.StagedRow) else read
            if isinstance(row, list):
                rejects.append(ImportReject(run=self._run, line=number, cells=cells, reasons=row))
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
        stored_before = set(known)
        for row in rows:
            key = (row["source"], row["remote_id"])
            mark = hashlib.blake2b("\0".join(key).encode(), digest_size=16).digest()
            self.known += key in stored_before or mark in self._seen
            self._seen.add(mark)
            stored.write_line(self._target, row)


def check_import(*, run_id: UUID, now: datetime) -> None:
    """Read the whole file once: count it, note what cannot come in, make the rest seekable."""
    run = imports.hold_import(model=ImportRun, run_id=run_id, states={ImportState.CHECKING})
    if run is None:
        return
    place = run.staged_path or files.new_place(wall.current_business().schema_name)
    try:
        run.options["date_order"] = run.options.get("date_order") or _find_order(run)
        with files.create_stored(place) as target:
            checker = _Checker(run, target, now)
            rows = stored.read_rows(run)
            while lines := list(islice(rows, CHUNK)):
                checker.take(lines)
    except (tables.TableError, NotFoundError) as error:
        ImportReject.objects.filter(run=run).delete()
        imports.fail_import(run=run, error=error.message)
        return
    run.staged_path = place
    run.total_rows, run.rejected_count = checker.total, checker.rejected
    run.duplicate_count = checker.known
    run.new_count = checker.total - checker.rejected - checker.known
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
    column = stored.find_column(run, Field.WRITTEN)
    if column is None:
        return ""
    rows = islice(stored.read_rows(run), _SAMPLE_ROWS)
    return date_order(cells[column] for _line, cells in rows if column < len(cells)) or ""


def import_chunk(*, run_id: UUID, now: datetime) -> None:
    """Bring the next thousand rows in, note how far it came, and queue the rest."""
    run = imports.hold_import(model=ImportRun, run_id=run_id, states={ImportState.RUNNING})
    if run is None:
        return
    try:
        lines, offset = stored.read_lines(run, most=CHUNK)
    except NotFoundError as error:
        imports.fail_import(run=run, error=error.message)
        return
    if not lines:
        imports.finish_import(run=run, now=now)
        return
    new = import_batch(
        rows=[_to_incoming(line) for line in lines],
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
    imports.enqueue("reviews.import_chunk", run=run, now=now)


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
