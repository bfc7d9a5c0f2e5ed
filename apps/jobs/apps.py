"""Configuration of the room."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Tickets and the hands that work them off."""

    name = "apps.jobs"

    def ready(self) -> None:
        """Have ``/metrics`` tell how far behind the work is."""
        from apps.core.http import add_figures
        from apps.jobs.figures import TicketFigures

        add_figures(TicketFigures())
