"""The browser, and the product that the journeys go through."""

from collections.abc import Iterator

import pytest

from tests.journeys import product
from tests.rigs.browser import need_chromium


@pytest.fixture
def stage(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[product.Stage]:
    """Start the product with an Alpha that is ready for its first day."""
    need_chromium()
    with product.open_stage(tmp_path_factory.mktemp("journey")) as opened:
        opened.product.run("tests.journeys.founding")
        yield opened
