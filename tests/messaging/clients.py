"""Clients that leave the test inside its business: a request ends on the platform."""

from typing import Any

from django.test import Client

from apps.tenants import wall
from tests.conftest import ClientFor


def stay_inside(client_for: ClientFor) -> ClientFor:
    """Wrap the maker of clients so that each request restores the business entered before."""

    def make(*args: Any, **kwargs: Any) -> Client:
        business = wall.current_business()
        client = client_for(*args, **kwargs)
        request = client.request

        def inside(**values: Any) -> Any:
            with wall.as_business(business):
                return request(**values)

        client.request = inside  # type: ignore[method-assign]
        return client

    return make
