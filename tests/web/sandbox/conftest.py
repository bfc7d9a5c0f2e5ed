"""The clock of these tests, and clients that stay inside."""

import pytest

from tests.conftest import ClientFor
from tests.messaging.clients import stay_inside
from tests.messaging.conftest import noon

__all__ = ["noon"]


@pytest.fixture
def client_for(client_for: ClientFor) -> ClientFor:
    """Return the maker of clients; the test stays in its business."""
    return stay_inside(client_for)
