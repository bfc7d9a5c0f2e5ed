"""Telling the whole story: a year in two businesses, each whole or not at all."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.db import transaction

from apps.consent import services as consent
from apps.core.facts import SYSTEM
from apps.demo import queries
from apps.demo.services import founding, places
from apps.demo.services.asking import cue_campaign, write_campaign
from apps.demo.services.inbox import cue_reviews
from apps.demo.services.open_cases import cue_told_by_phone
from apps.demo.services.removal import note_sample, take_marks
from apps.demo.stage import Stage
from apps.demo.story import texts
from apps.demo.story.answers import ANSWERS, RIVAL_ANSWERS
from apps.demo.story.people import (
    BOUNCED,
    NAMED,
    OPTED_OUT,
    RIVAL_NAMED,
    Person,
    make_people,
)
from apps.demo.story.reviews import REVIEWS, RIVAL_REVIEWS
from apps.locations import queries as locations
from apps.replies import services as replies
from apps.tenants import wall
from apps.tenants.models import Business

CUSTOMERS, RIVAL_CUSTOMERS = 160, 18
# Those who have come since the campaign went out, so that the draft has somebody to ask.
NEWCOMERS = 16
NEW_TAGS = ("celebration cake",)
SEED, RIVAL_SEED = 7, 11
YEAR = timedelta(days=365)


def is_seeded() -> bool:
    """Say whether there is nothing left to do for the demo by itself.

    What an owner had removed is not told again by itself, only when somebody asks.
    """
    if not founding.is_founded():
        return False
    return all(
        _is_told(business) or queries.was_removed(business=business)
        for business in founding.find_businesses().values()
    )


def _is_told(business: Business) -> bool:
    with wall.as_business(business):
        return queries.read_sample(business=business).is_there or (
            queries.find_removal() is None and bool(locations.list_locations(actor=SYSTEM))
        )


def seed_demo(*, now: datetime) -> None:
    """Make what is missing of the demo; what is there stays as it is."""
    businesses = founding.found_demo(now=now)
    for slug, tell in (("demo", tell_bakery), ("rival", tell_rival)):
        # In one transaction: workers see none of it before all of it has happened.
        if not _is_told(businesses[slug]):
            with wall.as_business(businesses[slug]), transaction.atomic():
                before = take_marks()
                tell(now=now)
                after = take_marks()
            note_sample(business=businesses[slug], before=before, after=after)


def tell_bakery(*, now: datetime) -> None:
    """Tell the year of the bakery, in the business that is entered."""
    stage = Stage.open(now=now, seed=SEED)
    places.furnish(stage=stage, look=places.BAKERY, now=now - YEAR)
    _keep_hours(stage, now - YEAR)
    persons = make_people(named=NAMED, count=CUSTOMERS, random=stage.random)
    places.settle_in(stage=stage, persons=persons[:-NEWCOMERS])
    for number, person in enumerate(persons[-NEWCOMERS:]):
        _cue_newcomer(stage, replace(person, agreed=True, tags=NEW_TAGS), number)
    _write_templates(stage, now - YEAR)
    day = stage.workday(24)
    by_link, by_stop = (stage.people[number] for number in OPTED_OUT)
    stage.cue(
        stage.read("50d 12:00"),
        lambda then: places.opt_out(customer=by_link, source="preferences page", now=then),
    )
    stage.cue(
        stage.local(day + timedelta(days=3), "10:50"),
        lambda then: places.opt_out(customer=by_stop, source="STOP by text", now=then),
    )
    stage.cue(
        stage.local(day, "10:31"),
        lambda then: places.bounce(customer=stage.people[BOUNCED], now=then),
    )
    cue_reviews(stage=stage, written=REVIEWS)
    cue_campaign(stage=stage, words=texts.FINISHED, day=day, answers=ANSWERS)
    cue_told_by_phone(stage=stage)
    stage.cue(
        stage.read("2d 15:10"),
        lambda then: _write_draft(stage, then),
    )
    stage.play()


def _keep_hours(stage: Stage, now: datetime) -> None:
    """Say yes to the hours and limits that a new business begins with."""
    consent.update_policy(
        opens=time(9),
        closes=time(20),
        sunday_opens=time(12),
        sunday_closes=time(20),
        cap_messages=3,
        cap_days=7,
        actor=stage.who("owner"),
        now=now,
    )


def _cue_newcomer(stage: Stage, person: Person, number: int) -> None:
    stage.cue(
        stage.awake(stage.now - timedelta(days=20 - number)),
        lambda then: places.come(stage=stage, person=person, now=then),
    )


def _write_draft(stage: Stage, now: datetime) -> None:
    write_campaign(stage=stage, words=texts.DRAFT, now=now)


def _write_templates(stage: Stage, now: datetime) -> None:
    for words in texts.TEMPLATES:
        replies.create_template(**words, actor=stage.who("manager"), now=now)


def tell_rival(*, now: datetime) -> None:
    """Tell the much shorter year of the rival."""
    stage = Stage.open(now=now, seed=RIVAL_SEED)
    places.furnish(stage=stage, look=places.CRUMB, now=now - YEAR)
    _keep_hours(stage, now - YEAR)
    persons = make_people(named=RIVAL_NAMED, count=RIVAL_CUSTOMERS, random=stage.random)
    places.settle_in(stage=stage, persons=persons)
    cue_reviews(stage=stage, written=RIVAL_REVIEWS)
    cue_campaign(stage=stage, words=texts.RIVAL, day=stage.workday(10), answers=RIVAL_ANSWERS)
    stage.play()
