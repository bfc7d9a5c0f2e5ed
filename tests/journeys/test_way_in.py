"""From nothing to a business of one's own, and then a passkey, in a real browser."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.product import Stage, open_stage
from tests.rigs.browser import axe_findings, need_chromium, open_page, shoot, sideways_scroll
from tests.template import PASSWORD

pytestmark = pytest.mark.journey

NEW = "seven-lanterns-42"
A_MINUTE = 60
AT_ONCE_MS = 200


@pytest.fixture(scope="module")
def stage(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Start the web alone over the template, whose stock has two places."""
    need_chromium()
    with open_stage(tmp_path_factory.mktemp("wayin"), "web") as opened:
        yield opened


def platform(stage: Stage, path: str = "/") -> str:
    """Return an address of the platform's own host."""
    return f"http://localhost:{stage.product.port}{path}"


def look(page: Page, name: str) -> None:
    """Check the page as it stands: nothing sticks out, everybody can use it."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    shoot(page, f"way-in-{name}-{width}")
    assert sideways_scroll(page) == 0, name
    assert axe_findings(page) == [], name


def test_invited_person_joins(stage: Stage, browser: Browser) -> None:
    with open_page(browser, size=(1400, 900)) as page:
        page.goto(stage.url("/settings/team/invite/"))
        sign_in(page, "alice")
        page.get_by_label("Email").fill("ivo@new.example")
        page.get_by_role("main").get_by_role("button", name="Send the invitation").click()
        expect(page.get_by_role("main")).to_contain_text("ivo@new.example")
        page.goto(platform(stage, "/sandbox/"))
        page.get_by_role("link", name="Your invitation to Alpha Bikes").click()
        link = page.get_by_role("main").get_by_role("link", name="/account/invitation/")
        address = link.get_attribute("href")
    assert address
    with open_page(browser, size=(360, 740), dark=True) as phone:
        phone.goto(address)
        look(phone, "invitation")
        phone.get_by_label("Your name").fill("Ivo Lind")
        phone.get_by_label("Choose a password").fill(NEW)
        phone.get_by_role("button", name="Join").click()
        phone.wait_for_url(stage.url("/"))
        expect(phone.get_by_role("main")).to_contain_text("Ivo")
        phone.goto(address)
        expect(phone.get_by_role("main")).to_contain_text("It has been accepted")
        look(phone, "invitation-over")


def test_closing_takes_a_name_as_it_is_meant(stage: Stage, browser: Browser) -> None:
    with open_page(browser, size=(360, 740)) as page:
        page.goto(stage.url("/settings/business/close/"))
        sign_in(page, "alice")
        button = page.get_by_role("button", name="Close the business now")
        why = page.get_by_text("The button opens as soon as the name is typed above.")
        expect(button).to_be_disabled()
        expect(why).to_be_visible()
        page.get_by_label("Name of the business").fill("alpha  BIKES")
        expect(button).to_be_enabled()
        expect(why).to_be_hidden()
        look(page, "close")


def read_code(stage: Stage, page: Page) -> str:
    """Read the newest code in the platform's mailbox."""
    mailbox = page.context.new_page()
    mailbox.goto(platform(stage, "/sandbox/"))
    mailbox.get_by_role("link", name="Your code").first.click()
    found = re.search(r"\b\d{3} \d{3}\b", mailbox.get_by_role("main").inner_text())
    mailbox.close()
    assert found
    return found[0]


@pytest.mark.parametrize(("size", "dark"), [((1400, 900), True), ((360, 740), False)])
def test_sign_up_leads_into_a_ready_business(
    stage: Stage, browser: Browser, size: tuple[int, int], *, dark: bool
) -> None:
    slug = f"bluebird-{size[0]}"
    with open_page(browser, size=size, dark=dark) as page:
        start = time.monotonic()
        get_log_in(stage, page, f"nora{size[0]}@new.example")
        describe_business(page, f"Bluebird {size[0]}", slug)
        page.get_by_label("Town").fill("Ulm")
        page.get_by_role("button", name="Make my business").click()
        page.wait_for_url(stage.url("/", business=slug))
        assert time.monotonic() - start < A_MINUTE
        expect(page.get_by_role("main")).to_contain_text("Nora")
        page.goto(platform(stage))
        look(page, "choose")


def get_log_in(stage: Stage, page: Page, email: str) -> None:
    """Sign up: a fault first, then the code from the mail."""
    page.goto(platform(stage))
    look(page, "home")
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("Your name").fill("Nora Keane")
    page.get_by_label("Email").fill("nonsense")
    page.get_by_label("Choose a password").fill(NEW)
    page.get_by_role("button", name="Go on").click()
    look(page, "signup")
    expect(page.get_by_label("Your name")).to_have_value("Nora Keane")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Go on").click()
    look(page, "code")
    page.get_by_label("Code").fill(read_code(stage, page))
    page.get_by_role("button", name="Go on").click()


def describe_business(page: Page, name: str, slug: str) -> None:
    """Name the business; its address follows, and one that is taken is told."""
    expect(page.get_by_label("Country")).to_have_value("DE")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    currency, zone = page.get_by_label("Currency"), page.get_by_label("Time zone")
    page.get_by_label("Country").select_option("NZ")
    expect(currency).to_have_value("NZD", timeout=AT_ONCE_MS)
    expect(zone).to_have_value("Pacific/Auckland", timeout=AT_ONCE_MS)
    currency.select_option("EUR")
    page.get_by_label("Country").select_option("DE")
    expect(zone).to_have_value("Europe/Berlin", timeout=AT_ONCE_MS)
    expect(currency).to_have_value("EUR")
    page.get_by_label("Name of the business").fill(name)
    expect(page.get_by_label("Address")).to_have_value(slug)
    page.get_by_label("Address").fill("alpha")
    expect(page.get_by_text("Free is: alpha-2")).to_be_visible()
    look(page, "business")
    page.get_by_label("Address").fill(slug)
    page.get_by_role("button", name="Go on").click()
    look(page, "location")


def add_authenticator(page: Page) -> None:
    """Give the browser a finger to put on its reader."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, name: str = "bob") -> None:
    """Give email and password of a person of Alpha."""
    page.get_by_label("Email").fill(f"{name}@alpha.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_passkey_takes_the_place_of_the_password(stage: Stage, browser: Browser) -> None:
    with open_page(browser, size=(1400, 900)) as page:
        add_authenticator(page)
        add_passkey(stage, page)
        page.context.clear_cookies()
        page.goto(stage.url("/account/login/"))
        look(page, "login")
        page.get_by_role("link", name="Sign in with a passkey").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(stage.url("/"))
        expect(page.get_by_role("main")).to_contain_text("Bob")
        use_after_password(stage, page)


def add_passkey(stage: Stage, page: Page) -> None:
    """Go from the profile to where passkeys are kept, and add one."""
    page.goto(stage.url("/settings/profile/security/"))
    sign_in(page)
    look(page, "security")
    page.get_by_role("link", name="Add a passkey").click()
    sign_in(page)
    look(page, "again")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    look(page, "passkey")
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    look(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    look(page, "platform-security")


def use_after_password(stage: Stage, page: Page) -> None:
    """Meet the challenge: on the platform's host with the passkey, elsewhere led there."""
    page.context.clear_cookies()
    page.goto(platform(stage, "/account/login/"))
    sign_in(page)
    look(page, "challenge")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Go to Alpha Bikes")).to_be_visible()
    page.goto(stage.url("/account/2fa/totp/activate/"))
    sign_in(page)
    page.get_by_role("link", name="the page for all businesses").wait_for()
    look(page, "challenge-elsewhere")
