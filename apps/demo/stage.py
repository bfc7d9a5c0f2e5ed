"""The time and the people of one business while its story is told: cues, played in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from apps.core import clock
from apps.core.facts import Actor
from apps.customers.models import Customer
from apps.jobs import services as jobs
from apps.jobs.choices import Lane, TicketState
from apps.jobs.models import Ticket
from apps.locations.models import Location
from apps.staff import queries as staff
from apps.tenants import wall

OPENS, CLOSES = time(8, 0), time(19, 30)
SUNDAY = 6
Act = Callable[[datetime], None]


@dataclass
class Stage:
    """Where the story plays; ``now`` is when it ends."""

    now: datetime
    actors: dict[str, Actor]
    random: Random
    places: list[Location] = field(default_factory=list)
    people: list[Customer] = field(default_factory=list)
    cues: list[tuple[datetime, Act]] = field(default_factory=list)

    @classmethod
    def open(cls, *, now: datetime, seed: int) -> "Stage":
        """Return the stage of the entered business with its members, by role."""
        actors = {}
        for member in staff.list_members():
            actor = staff.find_actor(member_id=member.pk)
            if actor is not None and not member.email.startswith("agency@"):
                actors[actor.role] = actor
        return cls(now=now, actors=actors, random=Random(seed))  # noqa: S311 - a story, no secret

    def who(self, role: str) -> Actor:
        """Return the member with a role, or the owner where there is none."""
        return self.actors.get(role, self.actors["owner"])

    def read(self, when: str) -> datetime:
        """Read ``40m``, ``7h`` or ``12d 10:40`` (days ago, local time) into a moment."""
        first, _, hour = when.partition(" ")
        count = int(first[:-1])
        if not hour:
            return self.now - timedelta(**{{"m": "minutes", "h": "hours"}[first[-1]]: count})
        return self.local(self.now - timedelta(days=count), hour)

    def local(self, day: datetime, hour: str) -> datetime:
        """Return a moment of a day by the clock on the wall of the shop, never in the future."""
        zone = ZoneInfo(wall.current_business().time_zone)
        moment = datetime.combine(day.astimezone(zone).date(), time.fromisoformat(hour), zone)
        return min(moment, self.now)

    def awake(self, moment: datetime) -> datetime:
        """Return the first moment from then on at which somebody is in the shop."""
        zone = ZoneInfo(wall.current_business().time_zone)
        local = moment.astimezone(zone)
        if OPENS <= local.time() <= CLOSES:
            return min(local, self.now)
        day = local.date() + timedelta(days=1 if local.time() > CLOSES else 0)
        # Some minutes into the day: not everything happens on the stroke of eight.
        minutes = 5 + 7 * moment.minute % 90
        opened = datetime.combine(day, OPENS, zone) + timedelta(minutes=minutes)
        return min(opened, self.now)

    def workday(self, days: int) -> datetime:
        """Return the day so many days ago; not a Sunday, on which nobody is written to early."""
        day = self.now - timedelta(days=days)
        return day + timedelta(days=1) if day.weekday() == SUNDAY else day

    def cue(self, moment: datetime, act: Act | None = None) -> None:
        """Let something happen then, and after it whatever follows from it by itself."""
        self.cues.append((moment, act or _nothing))

    def play(self) -> None:
        """Live through all cues in the order of time; those still to come are left out."""
        while self.cues:
            self.cues.sort(key=lambda cue: cue[0])
            moment, act = self.cues.pop(0)
            if moment > self.now:
                return
            with clock.at(moment):
                act(moment)
            settle(moment)
        settle(self.now)


def settle(moment: datetime) -> None:
    """Do all work that is due then, and all that follows from it."""
    due = Ticket.objects.filter(state=TicketState.WAITING, not_before__lte=moment)
    with clock.at(moment):
        while lanes := set(due.values_list("lane", flat=True)):
            if not jobs.drain(lanes=[Lane(lane) for lane in lanes], now=moment):
                return


def _nothing(_now: datetime) -> None:
    """Only let time pass."""
