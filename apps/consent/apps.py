"""Configuration of consent: takes what the room below learns when people come in."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """Who may be contacted, how and why."""

    name = "apps.consent"

    def ready(self) -> None:
        """Hand the service that writes consent down to the room of the people."""
        from apps.consent import services
        from apps.customers.services import grants

        grants.set_recorder(services.record_many)
