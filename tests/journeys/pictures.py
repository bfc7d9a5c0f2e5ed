"""Takes the README's pictures of a demo that runs: `python -m tests.journeys.pictures [PORT]`."""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.rigs.browser import ARGUMENTS, DESKTOP, find_chromium

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "img"
PHONE = (390, 780)
SHARP = 2
# What the demo's story holds: somebody in the inbox, a case on its way, a draft to check.
IN_THE_INBOX = "Victor Adeyemi"
CASE = "Breakfast for twelve came three hours late"
DRAFT = "Celebration cakes, this season"


def main() -> None:
    """Open each page as the demo's owner, or as a customer, and keep a picture of it."""
    port = sys.argv[1] if len(sys.argv) > 1 else "8000"
    start = f"http://demo.localhost:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, "--no-sandbox"]
        )
        page = _open(browser, DESKTOP)
        _sign_in(page, start)
        page.goto(f"{start}/inbox/")
        page.get_by_role("link", name=IN_THE_INBOX).first.click()
        _keep(page, "inbox")
        page.goto(f"{start}/recovery/")
        page.get_by_role("link", name=CASE).first.click()
        _keep(page, "case")
        page.goto(f"{start}/campaigns/")
        page.get_by_role("link", name=DRAFT).first.click()
        page.wait_for_url("**/audience/")
        page.goto(page.url.replace("/audience/", "/check/"))
        _keep(page, "campaign")
        address = _find_request(page, start)
        phone = _open(browser, PHONE)
        phone.goto(f"{address}?rating=4")
        _keep(phone, "phone")
        browser.close()


def _open(browser: Browser, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=SHARP if size == PHONE else 1,
        locale="en-GB",
    )
    return context.new_page()


def _sign_in(page: Page, start: str) -> None:
    page.goto(start)
    page.get_by_label("Email").fill("owner@demo.example")
    page.get_by_label("Password").fill("demo-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{start}/")
    # The note that one has signed in goes with the next page.
    page.goto(start)


def _find_request(page: Page, start: str) -> str:
    """Return the address of a request for a review out of a mail of the sandbox."""
    page.goto(f"{start}/sandbox/")
    links = page.locator("main a[href*='/sandbox/']")
    for href in [link.get_attribute("href") for link in links.all()][:30]:
        page.goto(f"{start}{href}")
        if found := re.search(r"http://[\w.:-]+/r/[\w-]+/", page.content()):
            return found.group()
    message = "The sandbox holds no request for a review."
    raise LookupError(message)


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
