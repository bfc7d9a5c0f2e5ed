"""Configuration of the room."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Businesses and the database wall."""

    name = "apps.tenants"

    def ready(self) -> None:
        """Register the checks that refuse a configuration with a hole in the wall."""
        from apps.tenants import checks  # noqa: F401 - registration at start-up
