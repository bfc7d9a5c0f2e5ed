"""Reads about files of reviews on their way in."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import NotFoundError
from apps.core.tables import write_csv
from apps.reviews.models import ImportReject, ImportRun


def get_import(*, run_id: UUID) -> ImportRun:
    """Return an import; NotFoundError when there is none."""
    run = ImportRun.objects.select_related("member").filter(pk=run_id).first()
    if run is None:
        raise NotFoundError(_("This import does not exist."))
    return run


def list_imports() -> QuerySet[ImportRun]:
    """Return all imports, newest first."""
    return ImportRun.objects.select_related("member").order_by("-created_at", "-pk")


def list_first_rejects(run: ImportRun, *, most: int = 20) -> list[ImportReject]:
    """Return the first rows that cannot come in, in the order of the file."""
    return list(ImportReject.objects.filter(run=run).order_by("line")[:most])


def read_rejects(run: ImportRun) -> Iterator[str]:
    """Yield the rows that could not come in as a file that can be mended and imported again."""
    rows = ImportReject.objects.filter(run=run).order_by("line")
    added = ("Line", "What to mend")
    width = len([name for name in run.headers if name not in added])

    def table() -> Iterator[list[object]]:
        yield [*run.headers[:width], *added]
        for row in rows.iterator(chunk_size=1000):
            cells = [*row.cells, *[""] * width][:width]
            yield [*cells, row.line, " ".join(row.reasons)]

    return write_csv(table(), has_bom=True)
