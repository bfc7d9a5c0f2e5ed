"""People at their screens: staff who sign in, customers on a phone, and what they look at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.product import Stage
from tests.rigs.browser import DESKTOP, PHONE, axe_findings, open_page, shoot, sideways_scroll
from tests.template import PASSWORD


@dataclass
class Person:
    """Somebody in front of a page of the product."""

    page: Page
    stage: Stage

    def open(self, path: str) -> None:
        """Go to an address of Alpha, or to a whole address out of a message."""
        answer = self.page.goto(path if path.startswith("http") else self.stage.url(path))
        assert answer
        assert answer.status == 200, (path, answer.status)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the button of this name."""
        (within or self.page).get_by_role("button", name=name).click()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow the link of this name."""
        (within or self.page).get_by_role("link", name=name).click()

    def fill(self, label: str, text: str, *, within: Locator | None = None) -> None:
        """Type into the field of this label."""
        place = within or self.page
        place.get_by_label(label).and_(self.page.locator("input, textarea")).fill(text)

    def choose(self, label: str, choice: str, *, within: Locator | None = None) -> None:
        """Choose from the list of this label."""
        (within or self.page).get_by_role("combobox", name=label).select_option(label=choice)

    def arrives(self, address: str) -> None:
        """Wait until the page with this address is there."""
        self.page.wait_for_url(re.compile(address))

    def sees(self, *texts: str, within: str = "main") -> None:
        """Wait until all of these stand on the page."""
        for text in texts:
            expect(self.page.locator(within).first).to_contain_text(text)

    def is_told(self, text: str) -> None:
        """Wait until the product says this in passing."""
        expect(self.page.locator("#toasts")).to_contain_text(text)

    def facts(self, within: str = "main") -> dict[str, str]:
        """Read the lists of facts: name, without the note behind it, to value."""
        found = {}
        for name in self.page.locator(within).locator("dl.facts dt").all():
            value = name.locator("xpath=following-sibling::dd[1]").inner_text()
            own = str(name.evaluate("dt => dt.firstChild.textContent"))
            found[own.strip()] = value.strip()
        return found

    def rows(self, label: str) -> list[list[str]]:
        """Read the cells of the table with this name, without its head."""
        table = self.page.get_by_role("table").and_(self.page.get_by_label(label))
        found = table.or_(self.page.get_by_label(label).get_by_role("table")).first
        expect(found).to_be_visible()
        return [
            [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]
            for row in found.locator("tbody tr").all()
        ]

    def shows_well(self, name: str) -> None:
        """Keep a picture, and hold the page to the rules for everybody's eyes and hands."""
        shoot(self.page, name)
        assert axe_findings(self.page) == [], name
        assert sideways_scroll(self.page) == 0, name


@contextmanager
def at_desk(stage: Stage, browser: Browser, name: str) -> Iterator[Person]:
    """Sign a member of Alpha in, by hand."""
    with open_page(browser, size=DESKTOP) as page:
        person = Person(page, stage)
        person.open("/")
        person.fill("Email", f"{name}@alpha.example")
        person.fill("Password", PASSWORD)
        person.press("Sign in")
        person.arrives(r"localhost:\d+/$")
        person.sees(name.capitalize(), within="h1")
        yield person


@contextmanager
def on_phone(stage: Stage, browser: Browser) -> Iterator[Person]:
    """Open a customer's phone."""
    with open_page(browser, size=PHONE, touch=True) as page:
        yield Person(page, stage)
