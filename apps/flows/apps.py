"""Configuration of the conductor: hands the routes to the journal at start-up."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """What happens next."""

    name = "apps.flows"

    def ready(self) -> None:
        """Tell the journal which facts somebody reacts to."""
        from apps.flows.routes import ROUTES
        from apps.journal import services as journal

        journal.set_routed(kinds={fact.kind for fact, handlers in ROUTES.items() if handlers})
