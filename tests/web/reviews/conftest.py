"""Clients for tests that look into the business between requests."""

from typing import Any

import pytest
from django.test import Client

from tests.conftest import ClientFor
from tests.staying import stay


@pytest.fixture
def client_for(client_for: ClientFor) -> ClientFor:
    """Return a maker of clients after whose requests the test is where it was."""

    def make(*args: Any, **values: Any) -> Client:
        return stay(client_for(*args, **values))

    return make
