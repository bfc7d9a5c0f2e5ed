"""Cases of the story, from what happened to the customer's return."""

from collections.abc import Callable
from datetime import datetime, timedelta

from apps.core.facts import Actor
from apps.demo.stage import Stage
from apps.demo.story.cases import Gift, Story
from apps.failures.models import Failure
from apps.offers import services as offers
from apps.offers.models import Offer
from apps.recovery import services as recovery
from apps.recovery.models import Case, PlanItem, Promise
from apps.reviews.models import Review

UNDERSTOOD_H, SORRY_H, GIFT_H, PLANS_H = 1, 3, 4, 26
KEPT_H, ASKED_H, ANSWERED_H, CLOSED_H = 28, 48, 56, 60


def case_of(review: Review) -> Case:
    """Return the case that a review has opened."""
    return Case.objects.select_related("failure", "customer").get(failure__review=review)


def follow(*, stage: Stage, review: Review, story: Story) -> None:
    """Cue everything that is done in a case until it is closed."""
    Follow(stage, case_of(review), story).cue_all()


class Follow:
    """One case and what is done in it, hour by hour."""

    def __init__(self, stage: Stage, case: Case, story: Story) -> None:
        self.stage, self.case, self.story = stage, case, story
        self.actor: Actor = stage.who(story.by)

    def cue_all(self) -> None:
        """Cue the whole way, as far as the story goes."""
        story = self.story
        if not story.what_happened:
            self.at(UNDERSTOOD_H, self.close)
            return
        self.at(UNDERSTOOD_H, self.collect)
        self.at(SORRY_H, self.apologise)
        if story.gift:
            self.at(GIFT_H, self.give)
        if story.promise:
            self.at(SORRY_H, self.promise)
            self.at(KEPT_H, self.keep)
        self.at(PLANS_H, self.work_off)
        is_back_early = 0 < story.back <= ASKED_H
        if self.case.customer_id and not is_back_early:
            self.at(ASKED_H, self.ask)
        if story.answer and not is_back_early:
            self.at(ANSWERED_H, self.hear)
        if story.back:
            self.at(story.back, self.come_back)
        if not 0 < story.back < CLOSED_H:
            self.at(CLOSED_H, self.close)

    def at(self, hours: float, act: Callable[[datetime], None]) -> None:
        """Let something be done so many hours after the case was opened, by day."""
        self.stage.cue(self.stage.awake(self.case.opened_at + timedelta(hours=hours)), act)

    def collect(self, now: datetime) -> None:
        """Find out what happened."""
        recovery.assign_case(case=self.case, owner_id=self.actor.id, actor=self.actor, now=now)
        recovery.record_collect(
            case=self.case,
            what_happened=self.story.what_happened,
            cause=self.story.cause,
            kind=self.story.kind,
            actor=self.actor,
            now=now,
        )

    def apologise(self, now: datetime) -> None:
        """Say sorry."""
        recovery.record_apology(
            case=self.case, how=self.story.how, text=self.story.apology, actor=self.actor, now=now
        )

    def give(self, now: datetime) -> None:
        """Make the offer and send it."""
        if self.story.gift is None:
            return
        offer = issue(case=self.case, gift=self.story.gift, actor=self.actor, now=now)
        if offer.state == "issued":
            offers.send_offer(offer=offer, channel="email", actor=self.actor, now=now)

    def promise(self, now: datetime) -> None:
        """Promise something for tomorrow."""
        recovery.make_promise(
            case=self.case,
            text=self.story.promise,
            due_at=self.case.opened_at + timedelta(hours=KEPT_H + 6),
            actor=self.actor,
            now=now,
        )

    def keep(self, now: datetime) -> None:
        """Keep what was promised."""
        promise = Promise.objects.get(case=self.case)
        recovery.settle_promise(
            case=self.case, promise_id=promise.pk, state="kept", actor=self.actor, now=now
        )

    def work_off(self, now: datetime) -> None:
        """Add what is special about this one, and tick everything off."""
        if self.story.prevent:
            self.plan(now)
        for item in PlanItem.objects.filter(case=self.case, done_at=None):
            recovery.finish_plan_item(case=self.case, item_id=item.pk, actor=self.actor, now=now)

    def plan(self, now: datetime) -> None:
        """Plan what keeps it from happening again."""
        recovery.add_plan_item(
            case=self.case, plan="prevent", text=self.story.prevent, actor=self.actor, now=now
        )

    def ask(self, now: datetime) -> None:
        """Ask whether it is good again."""
        how = "phone" if self.story.how == "phone" else "email"
        recovery.ask_customer(case=self.case, how=how, actor=self.actor, now=now)

    def hear(self, now: datetime) -> None:
        """Take the customer's answer."""
        recovery.answer_case(
            case=self.case,
            answer=self.story.answer,
            text=self.story.words,
            actor=Actor(kind="customer", id=self.case.customer_id),
            now=now,
        )

    def come_back(self, now: datetime) -> None:
        """Let the customer use the offer at the till."""
        offer = Offer.objects.get(failure_id=self.case.failure_id)
        offers.redeem_offer(
            code=offers.code_of(offer),
            location=self.case.location,
            reference=f"Till 1, {now:%d %b}",
            actor=self.stage.who("agent"),
            now=now,
        )

    def close(self, now: datetime) -> None:
        """Close the case."""
        closer = self.stage.who("manager")
        recovery.close_case(
            case=self.case,
            outcome=self.story.outcome,
            note=self.story.note,
            actor=closer if self.story.note else self.actor,
            now=now,
        )


def issue(*, case: Case, gift: Gift, actor: Actor, now: datetime) -> Offer:
    """Make the offer of a case; above the member's limit it waits for a manager."""
    return offers.issue_offer(
        failure=Failure.objects.get(pk=case.failure_id),
        remedy=gift.remedy,
        title=gift.title,
        terms=gift.terms,
        value_minor=gift.value_minor,
        days=gift.days,
        actor=actor,
        now=now,
    )
