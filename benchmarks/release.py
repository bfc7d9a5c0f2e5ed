"""A release of the future: migrations added to one room for a while, out of a folder of its own."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOM = "locations"
_TEXT = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("locations", "{before}")]
    operations = [{operations}]
"""


@contextmanager
def next_release(folder: Path, *operations: str) -> Iterator[None]:
    """Have the room's migrations be followed by these, one migration for each text."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup

    known: Any = importlib.import_module(f"apps.{ROOM}.migrations")
    package = f"release_{folder.name}".replace("-", "_")
    place = folder / package
    shutil.copytree(Path(known.__file__).parent, place)
    before = max(path.stem for path in place.glob("0*.py"))
    for number, text in enumerate(operations, start=9000):
        name = f"{number}_release"
        (place / f"{name}.py").write_text(_TEXT.format(before=before, operations=text))
        before = name
    modules = getattr(settings, "MIGRATION_MODULES", {})
    sys.path.insert(0, str(folder))
    try:
        settings.MIGRATION_MODULES = {**modules, ROOM: package}
        _forget()
        yield
    finally:
        settings.MIGRATION_MODULES = modules
        sys.path.remove(str(folder))
        _forget()


def _forget() -> None:
    from apps.tenants.services.migrate import fingerprint  # noqa: PLC0415 - after django.setup

    importlib.invalidate_caches()
    fingerprint.cache_clear()
