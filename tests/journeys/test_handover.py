"""From the platform into a business with one press, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.product import Stage, open_stage
from tests.rigs.browser import need_chromium, open_page, shoot, sideways_scroll
from tests.template import PASSWORD

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def stage(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Start the web alone over the template."""
    need_chromium()
    with open_stage(tmp_path_factory.mktemp("handover"), "web") as opened:
        yield opened


@pytest.mark.parametrize("size", [(1400, 900), (360, 740)])
def test_one_press_leads_into_the_business(
    stage: Stage, browser: Browser, size: tuple[int, int]
) -> None:
    with open_page(browser, size=size) as page:
        platform = stage.url("/", business="x").replace("x.localhost", "localhost")
        page.goto(f"{platform}account/login/")
        page.get_by_label("Email").fill("alice@alpha.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("button", name="Go to Alpha Bikes").click()
        page.wait_for_url(stage.url("/"))
        expect(page.get_by_role("main")).to_contain_text("Alice")
        for path in ("/settings/profile/", "/settings/team/", "/settings/team/invite/"):
            page.goto(stage.url(path))
            assert sideways_scroll(page) == 0
            shoot(page, f"people{path.replace('/', '-')}{size[0]}")
