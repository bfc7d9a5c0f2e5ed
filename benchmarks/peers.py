"""What we are measured against: django-tenants' own way to migrate one schema."""

from typing import Any


def make_schema(schema: str) -> None:
    """Make an empty schema."""
    from django.db import connections  # noqa: PLC0415 - after django.setup

    with connections["owner"].cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"')


def migrate_schema(schema: str) -> None:
    """Migrate one schema by the very code that ``migrate_schemas`` runs for each of them."""
    from django.conf import settings  # noqa: PLC0415 - after django.setup
    from django.core.management.commands.migrate import Command  # noqa: PLC0415
    from django_tenants.migration_executors.base import run_migrations  # noqa: PLC0415

    settings.TENANT_DB_ALIAS = "owner"
    options: dict[str, Any] = vars(Command().create_parser("manage.py", "migrate").parse_args([]))
    options.pop("args", None)
    options |= {"database": "owner", "verbosity": 0, "skip_checks": True}
    run_migrations((), options, "standard", schema, allow_atomic=False)
