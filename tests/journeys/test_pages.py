"""Every page at a desk, on a tablet and on a phone, by day and by night: sound for everybody."""

import os
from collections.abc import Iterator
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.journeys.atlas import BUSINESS, Place, Surveyor
from tests.journeys.product import Stage, open_stage
from tests.rigs.browser import axe_findings, need_chromium, open_page, shoot, sideways_scroll

pytestmark = pytest.mark.journey

SIZES = ((1400, 900), (768, 1024), (360, 740))
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Where the accessibility check looks: the widest and the narrowest layout, each colour once.
# AXE_LOOKS=all, before a release, looks everywhere and keeps a picture of each.
LOOKS = {(1400, "dark"), (360, "light")}
IS_RELEASE = os.environ.get("AXE_LOOKS") == "all"
if IS_RELEASE:
    LOOKS = set(product((width for width, _height in SIZES), COLOURS))
PASSWORD = "demo-demo"
NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def demo(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Start the product with the demo's two businesses and their year."""
    need_chromium()
    with open_stage(tmp_path_factory.mktemp("pages"), "web", setup=("seed_demo",)) as opened:
        yield opened


def test_staff_pages(demo: Stage, browser: Browser) -> None:
    with open_page(browser, size=SIZES[0]) as page:
        surveyor = Surveyor(demo, sign_in(demo, page))
        places = surveyor.find_pages()
        assert surveyor.broken == []
        assert len(places) > 40
        assert {"c", "o", "r", "u"} <= set(surveyor.public)
        problems = [fault for place in places for fault in look_at(demo, page, place)]
    assert not problems, "\n".join(problems)


def test_customers_pages(demo: Stage, browser: Browser) -> None:
    with open_page(browser, size=SIZES[0]) as page:
        surveyor = Surveyor(demo, sign_in(demo, page))
        surveyor.find_pages()
        places = customers_places(demo, page, surveyor.public)
        assert [place.name for place in places] == [
            "customers-c", "customers-o", "customers-p", "customers-r", "customers-u",
            "customers-write", "customers-gone",
        ]  # fmt: skip
    with open_page(browser, size=SIZES[0]) as page:
        problems = [fault for place in places for fault in look_at(demo, page, place)]
    assert not problems, "\n".join(problems)


def test_page_that_says_what_broke_never_stands_inside_another(
    demo: Stage, browser: Browser
) -> None:
    with open_page(browser, size=SIZES[0]) as page:
        sign_in(demo, page)
        page.goto(demo.url("/inbox/", business=BUSINESS))
        page.route(
            "**/inbox/*-*/**",
            lambda route: route.fulfill(
                status=500, content_type="text/html", body="<main><h1>It broke</h1></main>"
            ),
        )
        page.locator(".letters a").first.click()
        expect(page.locator("#toasts")).to_contain_text("What you typed is still here")
        expect(page.locator("main")).to_have_count(1)
        expect(page.get_by_role("heading", name="It broke")).to_have_count(0)


def sign_in(demo: Stage, page: Page) -> dict[str, str]:
    """Sign the demo's owner in; return the cookies."""
    page.goto(demo.url("/", business=BUSINESS))
    page.get_by_label("Email").fill("owner@demo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(demo.url("/", business=BUSINESS))
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def customers_places(demo: Stage, page: Page, links: dict[str, str]) -> list[Place]:
    """Return one page of each kind that customers get a link to, and what lies behind them."""
    page.goto(links["r"])
    ways = page.get_by_role("link", name="Fewer messages, or none").get_attribute("href") or ""
    found = dict(links) | {"p": demo.url(ways, business=BUSINESS)}
    places = [Place(f"customers-{purpose}", found[purpose]) for purpose in sorted(found)]
    write = Place("customers-write", f"{links['r']}write/")
    gone = Place("customers-gone", demo.url("/r/none/", business=BUSINESS))
    return [*places, write, gone]


def look_at(demo: Stage, page: Page, place: Place) -> list[str]:
    """Look at a page in all sizes and colours; one line for each fault."""
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        is_own_404 = place.name.endswith("gone") and "404" in message.text
        if message.type == "error" and not is_own_404:
            faults.append(f"{place.name}: console: {message.text}")

    page.on("console", note)
    url = place.path if place.path.startswith("http") else demo.url(place.path, business=BUSINESS)
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    page.goto(url)
    for colour in COLOURS:
        page.emulate_media(color_scheme=colour)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            look = f"{place.name}-{width}-{colour}"
            if IS_RELEASE:
                shoot(page, f"pages/{look}")
            if sideways := sideways_scroll(page):
                faults.append(f"{look}: {sideways} px too wide")
            if (width, colour) in LOOKS:
                faults += [f"{look}: {finding}" for finding in axe_findings(page)]
    page.remove_listener("console", note)
    return faults
