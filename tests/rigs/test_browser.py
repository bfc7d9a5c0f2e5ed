"""The browser rig sees this machine only and tells what is wrong with a page."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.rigs import browser as rig
from tests.rigs.http import Answer, HttpServer, Request

GOOD = """<!doctype html><html lang="en"><head><title>Good</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Hello</h1><p>All is well.</p></main></body></html>"""
BAD = GOOD.replace("<p>", '<img src="data:,"><p style="width: 2000px">')
POLICY = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; img-src data:"}


class Pages(HttpServer):
    """Two pages, one of them at fault."""

    async def handle(self, request: Request) -> Answer:
        """Answer with a page."""
        body = GOOD if request.path == "/" else BAD
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return Answer(200, body.encode(), headers | (POLICY if request.path == "/strict" else {}))


@pytest.fixture
def pages() -> Iterator[str]:
    with Pages() as server:
        yield f"http://shop.localhost:{server.port}"


def test_page_under_localhost_is_reached_and_has_no_findings(page: Page, pages: str) -> None:
    page.goto(f"{pages}/")

    assert page.title() == "Good"
    assert rig.axe_findings(page) == []
    assert rig.sideways_scroll(page) == 0
    assert rig.shoot(page, "rig-good").stat().st_size > 1000


def look_at_bad_page(browser: Browser, url: str) -> tuple[list[str], int]:
    with rig.open_page(browser, size=rig.PHONE) as page:
        page.goto(url)
        page.evaluate("document.querySelector('p').style.width = '2000px'")
        return rig.axe_findings(page), rig.sideways_scroll(page)


def test_findings_and_sideways_scroll_are_told(browser: Browser, pages: str) -> None:
    findings, pixels = look_at_bad_page(browser, f"{pages}/bad")

    assert [line.split(":")[0] for line in findings] == ["image-alt"]
    assert pixels > 1000


def test_broken_policy_fails_the_test(browser: Browser, pages: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="Content Security Policy"):
        look_at_bad_page(browser, f"{pages}/strict")


def test_phone_is_small(phone: Page, pages: str) -> None:
    phone.goto(f"{pages}/")

    assert phone.evaluate("[innerWidth, innerHeight]") == [360, 740]


def test_other_machines_do_not_exist(browser: Browser) -> None:
    with (
        pytest.raises(pytest.fail.Exception, match="left this machine"),
        rig.open_page(browser, size=rig.DESKTOP) as page,
        contextlib.suppress(Error),
    ):
        page.goto("http://example.com/")


def test_missing_browser_skips_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig, "PROGRAMS", ())
    monkeypatch.delenv("CHROMIUM", raising=False)

    monkeypatch.setenv("REQUIRE_BROWSER", "0")
    with pytest.raises(pytest.skip.Exception, match="No Chromium"):
        rig.need_chromium()
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="No Chromium"):
        rig.need_chromium()
