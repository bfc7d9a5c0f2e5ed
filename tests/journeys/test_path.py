"""The main job from end to end: ask, hear, put right, and see the customer come back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import answering, asking
from tests.journeys.people import at_desk, on_phone
from tests.journeys.product import Stage, awake_country

pytestmark = pytest.mark.journey


def test_the_whole_path(stage: Stage, browser: Browser, tmp_path: Path) -> None:
    country = awake_country()
    with (
        at_desk(stage, browser, "mona") as mona,
        at_desk(stage, browser, "bob") as bob,
        on_phone(stage, browser) as phone,
    ):
        asking.connect_accounts(mona)
        asking.import_customers(mona, country, tmp_path)
        asking.import_again(mona, country)
        asking.write_campaign(mona)
        asking.launch_campaign(mona)
        asking.check_arrivals(stage, country)

        answering.rate(phone)
        answering.leave(phone)
        answering.write_to_us(phone)
        answering.answer_in_inbox(bob)
        answering.reply_arrives(stage)
