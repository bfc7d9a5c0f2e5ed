"""A migration runner at a release of its own: ``python -m tests.chaos.runner FOLDER``."""

import os
import sys
from pathlib import Path

import django

COLUMN = '    migrations.AddField("location", "chaos", models.IntegerField(default=7)),\n'


def main() -> None:
    """Migrate every business to a release that adds a column, telling each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxsaas.settings")
    django.setup()
    from apps.tenants import services  # noqa: PLC0415 - after django.setup
    from benchmarks.release import next_release  # noqa: PLC0415

    def say(line: str) -> None:
        print(line, flush=True)

    with next_release(Path(sys.argv[1]), COLUMN):
        say("begun")
        services.migrate_all(say=say)


if __name__ == "__main__":
    main()
