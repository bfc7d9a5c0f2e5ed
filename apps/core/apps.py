"""Configuration of the ground: the one place that reaches for the Celery application."""

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Loads every registered task at start-up, so that a wrong job name fails at once."""

    name = "apps.core"

    def ready(self) -> None:
        """Register all tasks in this process, web processes included."""
        app = import_module("cxsaas.celery").app
        app.set_default()
        app.autodiscover_tasks(force=True)
