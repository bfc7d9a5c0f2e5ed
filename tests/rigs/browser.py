"""A real Chromium for tests: fixtures `page` and `phone`, pictures, and the accessibility check.

tests/conftest.py takes the fixtures in for all tests.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

SCREENSHOTS = Path(__file__).resolve().parent.parent.parent / ".local" / "screenshots"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DESKTOP = (1400, 900)
PHONE = (360, 740)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
TIMEOUT_MS = 10_000
# Only this machine exists; *.localhost is this machine.
RESOLVER = "MAP *.localhost 127.0.0.1, EXCLUDE 127.0.0.1, EXCLUDE localhost, MAP * ~NOTFOUND"
ARGUMENTS = (
    f"--host-resolver-rules={RESOLVER}",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-pings",
    "--metrics-recording-only",
)


def find_chromium() -> str:
    """Find the machine's own Chromium; CHROMIUM names another one."""
    given = os.environ.get("CHROMIUM", "")
    return given or next((path for name in PROGRAMS if (path := shutil.which(name))), "")


def need_chromium() -> str:
    """Give Chromium's path, or skip the test and say why; REQUIRE_BROWSER=1 makes it a failure."""
    program = find_chromium()
    if not program:
        reason = "No Chromium was found: install it (apt-get install chromium) or set CHROMIUM."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once for all tests of this process."""
    program = need_chromium()
    # Playwright runs an event loop in this thread; tests that look into the database know that.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=[*ARGUMENTS, *sandbox], headless=True
        )
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page at a desk."""
    with open_page(browser, size=DESKTOP) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Open a page on a small phone."""
    with open_page(browser, size=PHONE, touch=True) as opened:
        yield opened


@contextmanager
def open_page(
    browser: Browser,
    *,
    size: tuple[int, int],
    touch: bool = False,
    dark: bool = False,
    script: bool = True,
) -> Iterator[Page]:
    """Open a page; fails at the end if a script broke, a policy was broken or the machine left."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        has_touch=touch,
        is_mobile=touch,
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    context.set_default_timeout(TIMEOUT_MS)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(f"script error: {error}"))
    opened.on("console", lambda message: _note_policy(problems, message))
    opened.on("request", lambda request: _note_outside(problems, request))
    try:
        yield opened
    finally:
        context.close()
    # Not a plain assert: this file is imported before pytest could make its message telling.
    if problems:
        pytest.fail("\n".join(problems))


def shoot(page: Page, name: str) -> Path:
    """Take a picture of the whole page into .local/screenshots/."""
    path = SCREENSHOTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path


def axe_findings(page: Page, *, within: str | None = None) -> list[str]:
    """Check the page for accessibility by WCAG 2.2 AA; one line for each place at fault."""
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": list(RULES)}}
    found = Axe().run(page, context=within, options=options)
    return [
        f"{rule['id']}: {rule['help']}: {' '.join(map(str, node['target']))}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def sideways_scroll(page: Page) -> int:
    """Tell by how many pixels the page is wider than its window; 0 is right."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def _note_policy(problems: list[str], message: ConsoleMessage) -> None:
    if "Content Security Policy" in message.text:
        problems.append(message.text)


def _note_outside(problems: list[str], request: Request) -> None:
    parts = urlsplit(request.url)
    host = parts.hostname or ""
    local = host in ("127.0.0.1", "localhost") or host.endswith(".localhost")
    if parts.scheme in ("http", "https", "ws", "wss") and not local:
        problems.append(f"left this machine: {request.url}")
