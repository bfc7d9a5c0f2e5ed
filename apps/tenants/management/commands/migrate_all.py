"""``migrate_all``: the public schema, the wall and every business that is behind."""

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import AppError
from apps.tenants.services import migrate_all


class Command(BaseCommand):
    """Migrates everything; resumable, and quick when nothing is to be done."""

    help = "Migrate the public schema, raise the wall, then migrate every business that is behind."
    requires_system_checks: list[str] = []

    def handle(self, **_: object) -> None:
        """Run the migration runner; leave with 1 when a business could not be migrated."""
        try:
            migrate_all(say=self.stdout.write)
        except AppError as error:
            raise CommandError(error.message) from error
