"""Clients that leave the test in the business it is in; the middleware leaves it at the door."""

from typing import Any

from django.db import connection
from django.test import Client


def stay(client: Client) -> Client:
    """Let ``client`` go back, after each request, to where the test was before it."""
    inner: Any = client.request
    wrapper: Any = connection

    def request(**values: Any) -> Any:
        before = wrapper.tenant
        try:
            return inner(**values)
        finally:
            wrapper.set_tenant(before)

    client.request = request  # type: ignore[method-assign]
    return client
