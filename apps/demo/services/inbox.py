"""Reviews of the story, and what the staff did with them."""

from datetime import datetime, timedelta
from decimal import Decimal

from apps.core.facts import SYSTEM
from apps.demo.services.care import follow
from apps.demo.services.open_cases import UNDER_WAY
from apps.demo.stage import Stage
from apps.demo.story.cases import CLOSED
from apps.demo.story.reviews import Written
from apps.replies import services as replies
from apps.reviews import services as reviews
from apps.reviews.models import Review
from apps.reviews.services import Incoming

SCALE = 5
NOTICED = timedelta(minutes=10)


def cue_reviews(*, stage: Stage, written: tuple[Written, ...]) -> None:
    """Have reviews come in one after the other."""
    for number, review in enumerate(written):
        stage.cue(stage.read(review.when), _Arriving(stage, f"demo-{number:03d}", review))


class _Arriving:
    """One review, when its time has come."""

    def __init__(self, stage: Stage, remote_id: str, written: Written) -> None:
        self.stage, self.remote_id, self.written = stage, remote_id, written

    def __call__(self, now: datetime) -> None:
        """Take the review in; what the staff do with it comes later."""
        stage, written = self.stage, self.written
        customer = stage.people[written.who] if written.who is not None else None
        row = Incoming(
            source=written.site,
            remote_id=self.remote_id,
            text=written.text,
            title=written.title,
            author_name=written.author,
            rating=Decimal(written.stars),
            rating_max=SCALE,
            written_at=now - NOTICED,
            language=written.language,
            location_id=stage.places[written.place].pk,
            customer_id=customer.pk if customer else None,
        )
        reviews.import_batch(rows=[row], actor=SYSTEM, now=now)
        after = stage.awake(now + timedelta(hours=written.after))
        if written.note or written.tags:
            stage.cue(now + timedelta(minutes=20), self.mark)
        if written.reply or written.is_read:
            stage.cue(after, self.finish)
        if written.case:
            stage.cue(now + timedelta(minutes=1), self.care)

    def review(self) -> Review:
        """Return it as it stands in the inbox."""
        return Review.objects.get(source=self.written.site, remote_id=self.remote_id)

    def mark(self, now: datetime) -> None:
        """Write a word among the staff, and tags."""
        agent = self.stage.who("agent")
        if self.written.tags:
            reviews.tag_review(review=self.review(), tags=self.written.tags, actor=agent, now=now)
        if self.written.note:
            reviews.add_note(review=self.review(), text=self.written.note, actor=agent, now=now)
            reviews.assign_review(review=self.review(), member_id=agent.id, actor=agent, now=now)

    def finish(self, now: datetime) -> None:
        """Reply, or put aside what needs no reply."""
        answer_or_read(stage=self.stage, review=self.review(), text=self.written.reply, now=now)

    def care(self, _now: datetime) -> None:
        """Begin the case that this review has opened."""
        if self.written.case in CLOSED:
            follow(stage=self.stage, review=self.review(), story=CLOSED[self.written.case])
        else:
            UNDER_WAY[self.written.case](self.stage, self.review())


def answer_or_read(*, stage: Stage, review: Review, text: str, now: datetime) -> None:
    """Reply in public, or put aside what needs no reply; managers take those with few stars."""
    role = "agent" if (review.stars or SCALE) >= SCALE - 1 else "manager"
    actor = stage.who(role)
    if not text:
        reviews.set_status(review=review, status="resolved", actor=actor, now=now)
        return
    replies.send_reply(
        review=review, kind="public", text=text, actor=actor, now=now, is_confirmed=True
    )
    # On the own page a reply goes out when nobody has taken it back.
    stage.cue(now + timedelta(seconds=15))
