"""Campaigns of the story: what was asked, of whom, and what they answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.campaigns import services as campaigns
from apps.campaigns.models import Campaign, Request
from apps.customers.models import Customer
from apps.demo.services.care import follow
from apps.demo.services.inbox import answer_or_read
from apps.demo.stage import Stage
from apps.demo.story import texts
from apps.demo.story.answers import Answer
from apps.demo.story.cases import CLOSED
from apps.feedback import services as feedback
from apps.locations import queries as locations
from apps.messaging import services as messaging
from apps.reviews.models import Review

# The mail, its reminder three days later, and the last who had to wait for their morning.
TURNS = (0, 72, 73, 76, 98)
FIRST_REPLY_H = 4
BROWSER = "Mozilla/5.0 (Linux; Android 15) Chrome/138.0 Mobile Safari/537.36"


def write_campaign(*, stage: Stage, words: Mapping[str, Any], now: datetime) -> Campaign:
    """Make a draft with these words."""
    manager = stage.who("manager")
    campaign = campaigns.create_campaign(name=words["name"], actor=manager, now=now)
    steps = [campaigns.StepDraft(**step) for step in words["steps"]]
    campaigns.save_steps(campaign=campaign, steps=steps, actor=manager, now=now)
    if "tags" in words:
        campaigns.update_campaign(
            campaign=campaign, audience={"tags": list(words["tags"])}, actor=manager, now=now
        )
    return campaign


def cue_campaign(
    *, stage: Stage, words: Mapping[str, Any], day: datetime, answers: Sequence[Answer]
) -> None:
    """Have a campaign written, launched and answered."""
    launch = stage.local(day, "10:30")
    made: list[Campaign] = []

    def begin(now: datetime) -> None:
        made.append(write_campaign(stage=stage, words=words, now=now - timedelta(hours=3)))
        campaigns.launch_campaign(campaign=made[0], actor=stage.who("manager"), now=now)

    stage.cue(launch, begin)
    for hours in TURNS:
        stage.cue(launch + timedelta(hours=hours, minutes=2))
    stage.cue(launch + timedelta(hours=9), lambda now: _look(made[0], now))
    for answer in answers:
        moment = stage.local(launch + timedelta(days=answer.days), answer.at)
        stage.cue(moment, _Answering(stage, made, answer))


def _look(campaign: Campaign, now: datetime) -> None:
    """Let one in six open the link and leave it at that."""
    for number, request in enumerate(Request.objects.filter(campaign=campaign).order_by("pk")):
        if number % 6 == 0:
            messaging.record_hit(purpose="r", object_id=request.pk, user_agent=BROWSER, now=now)


class _Answering:
    """One person's answer, when its time has come."""

    def __init__(self, stage: Stage, made: list[Campaign], answer: Answer) -> None:
        self.stage, self.made, self.answer = stage, made, answer

    def __call__(self, now: datetime) -> None:
        """Answer, perhaps go on to a public site; the staff reply in the hours after."""
        stage, answer = self.stage, self.answer
        customer = stage.people[answer.who]
        request = Request.objects.get(campaign=self.made[0], customer=customer)
        messaging.record_hit(
            purpose="r", object_id=request.pk, user_agent=BROWSER, now=now - timedelta(minutes=2)
        )
        feedback.submit_rating(request=request, rating=answer.stars, text=answer.text, now=now)
        for destination in locations.list_destinations(location_id=request.location_id):
            if destination.site == answer.site:
                feedback.use_link(request=request, destination_id=destination.pk, now=now)
        text = answer.reply or thank(customer=customer, number=answer.who)
        after = now + timedelta(hours=FIRST_REPLY_H, minutes=7 * answer.who)
        stage.cue(stage.awake(after), lambda then: answer_or_read(
            stage=stage, review=_review(request), text=text, now=then
        ))  # fmt: skip
        if answer.case:
            stage.cue(now + timedelta(minutes=1), lambda _then: follow(
                stage=stage, review=_review(request), story=CLOSED[answer.case]
            ))  # fmt: skip


def thank(*, customer: Customer, number: int) -> str:
    """Return a word of thanks; to one in four nobody got round to writing."""
    if number % (len(texts.THANKS) + 1) == 0:
        return ""
    return texts.THANKS[number % len(texts.THANKS)].format(name=customer.first_name)


def _review(request: Request) -> Review:
    return Review.objects.get(response__request=request)
