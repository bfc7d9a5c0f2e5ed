"""Reads about files on their way in."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import NotFoundError
from apps.core.tables import write_csv
from apps.customers import rules
from apps.customers.models import ImportReject, ImportRun


def get_import(*, run_id: UUID) -> ImportRun:
    """Return an import; NotFoundError when there is none."""
    run = ImportRun.objects.select_related("member").filter(pk=run_id).first()
    if run is None:
        raise NotFoundError(_("This import does not exist."))
    return run


def list_imports() -> QuerySet[ImportRun]:
    """Return all imports, newest first."""
    return ImportRun.objects.select_related("member").order_by("-created_at", "-pk")


def suggest_import(run: ImportRun) -> dict[int, str]:
    """Return what each column holds: as chosen, else as its heading and cells suggest."""
    if run.mapping:
        return {int(index): field for index, field in run.mapping.items()}
    return rules.suggest_mapping(run.headers, run.samples)


def list_first_rejects(run: ImportRun, *, most: int = 20) -> list[ImportReject]:
    """Return the first rows that cannot come in, in the order of the file."""
    return list(ImportReject.objects.filter(run=run).order_by("line")[:most])


def read_rejects(run: ImportRun) -> Iterator[str]:
    """Yield the rows that could not come in as a file that can be mended and imported again."""
    rows = ImportReject.objects.filter(run=run).order_by("line")

    def table() -> Iterator[list[object]]:
        yield [*run.headers, _("Line"), _("What to mend")]
        width = len(run.headers)
        for row in rows.iterator(chunk_size=1000):
            # Cells beyond the heading would move the reason into another column.
            cells = [*row.cells[: width - 1], *_last_cell(row.cells, width)]
            yield [*cells, row.line, " ".join(row.reasons)]

    return write_csv(table(), has_bom=True)


def _last_cell(cells: list[str], width: int) -> list[str]:
    rest = cells[width - 1 :]
    return [" ".join(rest)] if rest else []
