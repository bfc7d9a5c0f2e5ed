"""System checks: a configuration with a hole in the wall does not start."""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

_FIXED = (4, 0, 1)


@register()
def check_wall(**_: Any) -> list[CheckMessage]:
    """Refuse tables that would exist in both schemas, and a django-tenants with known holes."""
    found: list[CheckMessage] = []
    both = tables_of(settings.SHARED_APPS) & tables_of(settings.TENANT_APPS)
    if both:
        found.append(
            Error(f"These tables would exist in both schemas: {sorted(both)}", id="wall.E001")
        )
    if tuple(int(part) for part in version("django-tenants").split(".")[:3]) < _FIXED:
        found.append(Error("django-tenants 4.0.1 or newer is needed.", id="wall.E002"))
    options: Any = settings.DATABASES["default"].get("OPTIONS") or {}
    if options.get("pool"):
        found.append(
            Error("A connection pool must not stand before tenant traffic.", id="wall.E003")
        )
    return found


def tables_of(names: Iterable[str]) -> set[str]:
    """Return the names of all tables of the given apps."""
    wanted = set(names)
    return {
        model._meta.db_table  # noqa: SLF001 - Django's documented model API
        for config in apps.get_app_configs()
        if config.name in wanted
        for model in config.get_models(include_auto_created=True)
    }
