"""Reads about files of customers on their way in."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from apps.customers.models import ImportReject, ImportRun
from apps.imports import queries as imports


def get_import(*, run_id: UUID) -> ImportRun:
    """Return an import; NotFoundError when there is none."""
    return imports.get_import(ImportRun.objects.all(), run_id=run_id)


def list_imports() -> QuerySet[ImportRun]:
    """Return all imports, newest first."""
    return imports.list_imports(ImportRun.objects.all())


def list_first_rejects(run: ImportRun, *, most: int = 20) -> list[ImportReject]:
    """Return the first rows that cannot come in, in the order of the file."""
    return list(ImportReject.objects.filter(run=run).order_by("line")[:most])


def read_rejects(run: ImportRun) -> Iterator[str]:
    """Yield the rows that could not come in as a file that can be mended and imported again."""
    return imports.read_rejects(run, ImportReject.objects.filter(run=run))
