"""The main job from end to end: ask, hear, put right, and see the customer come back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import answering, asking, caring, reviewing
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
        answering.find_in_inbox(bob)
        answering.take_and_reply(bob)

        caring.record_what_happened(bob)
        answering.reply_arrives(stage)
        caring.apologise(bob)
        caring.ask_to_give(bob)
        caring.approve_in_place(mona, bob)
        caring.redeem_by_hand(bob, caring.open_offer(phone, number=-1))
        caring.redeem_at_two_tills((bob, mona), caring.open_offer(phone, number=-2))
        caring.case_knows(bob)

        reviewing.import_reviews(mona)
        reviewing.figures_are_shown(mona)
