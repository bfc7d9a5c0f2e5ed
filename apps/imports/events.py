"""Facts about files."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ImportFinished(Fact):
    """A file came in."""

    kind: ClassVar[str] = "import.finished"
    subject: ClassVar[str] = "import_id"
    import_id: UUID
    new: int
    updated: int
    rejected: int
