"""A client that carries a key of Alpha."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.staff import services as staff
from apps.tenants import wall
from apps.tenants.models import Business
from tests.factories import NOW

KeyFor = Callable[..., "Caller"]


class Caller:
    """Asks the API of one business with one key."""

    def __init__(self, secret: str, business: str = "alpha") -> None:
        headers = {"authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client(headers=headers, SERVER_NAME=f"{business}.localhost")

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def send(self, method: str, path: str, body: Any, **extra: Any) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.generic(method, f"/api/v1/{path}", raw, "application/json", **extra)

    def post(self, path: str, body: Any) -> Any:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self.send("PATCH", path, body)


def make_key(business: Business, *scopes: str) -> str:
    with wall.as_business(business):
        return staff.create_api_key(name="Till", scopes=scopes, now=NOW)


@pytest.fixture
def key_for(alpha: Business) -> KeyFor:
    """Return a maker of callers: ``key_for("customers:read")`` on Alpha's host."""

    def make(*scopes: str, host: str = "alpha") -> Caller:
        return Caller(make_key(alpha, *scopes), host)

    return make


@pytest.fixture
def caller(key_for: KeyFor) -> Caller:
    """Return a caller who may do everything."""
    return key_for("*")
