"""Configuration of the conductor: hands the routes to the journal at start-up."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """What happens next."""

    name = "apps.flows"

    def ready(self) -> None:
        """Tell the journal which facts somebody reacts to."""
        from apps.flows.routes import ROUTES  # noqa: PLC0415 - needs loaded models
        from apps.journal import services as journal  # noqa: PLC0415 - needs loaded models

        journal.set_routed({fact.kind for fact, handlers in ROUTES.items() if handlers})
