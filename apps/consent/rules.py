"""Whether a message may go, when it may go, and what an answering text asks of us."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from apps.consent.choices import Basis, Channel, Intent, Purpose, Reason
from apps.core.errors import AppError

MAX_ZONES = 4
LONGEST_WAIT = timedelta(days=8)
_SUNDAY = 6
_SECOND = timedelta(seconds=1)

COMMERCIAL = frozenset({Purpose.REVIEW_REQUEST, Purpose.WINBACK_OFFER, Purpose.MARKETING})


class NeverAllowedError(AppError):
    """No moment of the next days lies inside the window in every possible zone."""

    code = "never_allowed"


@dataclass(frozen=True)
class Window:
    """The local hours in which a customer may be contacted: from start, up to but without end.

    Equal start and end mean a closed day.
    """

    start: time
    end: time
    sunday_start: time
    sunday_end: time

    def __post_init__(self) -> None:
        if self.start > self.end or self.sunday_start > self.sunday_end:
            raise AppError(_("The hours must begin before they end."), code="window_invalid")

    def hours_on(self, day: date) -> tuple[time, time]:
        """Return the first allowed moment of a local day, and the first no longer allowed."""
        if day.weekday() == _SUNDAY:
            return self.sunday_start, self.sunday_end
        return self.start, self.end

    def within(self, other: "Window") -> "Window":
        """Return the hours that lie in both windows."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        sunday_start = max(self.sunday_start, other.sunday_start)
        sunday_end = min(self.sunday_end, other.sunday_end)
        return Window(start, max(start, end), sunday_start, max(sunday_start, sunday_end))


# 47 CFR 64.1200(c)(1) draws the hard line at 8 and 21 o'clock where the customer is; the default
# is narrower because several US states are stricter, on Sundays above all.
HARD_WINDOW = Window(time(8), time(21), time(8), time(21))
DEFAULT_WINDOW = Window(time(9), time(20), time(12), time(20))
ALWAYS = Window(time.min, time.max, time.min, time.max)


def next_allowed(
    instant: datetime,
    zones: frozenset[str],
    window: Window,
    hard_window: Window = HARD_WINDOW,
    *,
    default_zone: str,
) -> datetime:
    """Return the earliest moment from ``instant`` on that is inside both windows in every zone.

    A customer whose zone is unknown, or one of more than four, is taken to be in
    ``default_zone``. Raises NeverAllowedError when there is no such moment within eight days.
    """
    hours = window.within(hard_window)
    places = _places(zones, default_zone)
    moment = instant.astimezone(UTC)
    latest = moment + LONGEST_WAIT
    while moment <= latest:
        later = max(_next_in_zone(moment, place, hours, latest) for place in places)
        if later == moment:
            return moment
        moment = later
    raise NeverAllowedError(_("These hours leave no time in which a message could be sent."))


def may_send_now(
    instant: datetime,
    zones: frozenset[str],
    window: Window,
    hard_window: Window = HARD_WINDOW,
    *,
    default_zone: str,
) -> bool:
    """Tell whether ``instant`` is inside both windows in every zone the customer may be in."""
    hours = window.within(hard_window)
    return all(_is_open(instant, place, hours) for place in _places(zones, default_zone))


def _places(zones: frozenset[str], default_zone: str) -> list[ZoneInfo]:
    known = [place for place in map(_find_zone, sorted(zones)) if place is not None]
    if not known or len(known) > MAX_ZONES:
        return [ZoneInfo(default_zone)]
    return known


def _find_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _is_open(instant: datetime, place: ZoneInfo, hours: Window) -> bool:
    local = instant.astimezone(place)
    start, end = hours.hours_on(local.date())
    return start <= local.time() < end


def _next_in_zone(instant: datetime, place: ZoneInfo, hours: Window, latest: datetime) -> datetime:
    """Return the next open moment of one zone, or one past ``latest`` when there is none."""
    if _is_open(instant, place, hours):
        return instant
    day = instant.astimezone(place).date()
    found: list[datetime] = []
    while instant + timedelta(days=(day - instant.date()).days - 2) <= latest:
        hits = [
            moment
            for moment in _entries(day, place, hours)
            if moment >= instant and _is_open(moment, place, hours)
        ]
        # A day is looked at beyond the first hit: where clocks jump at midnight the days overlap.
        if found:
            return min(found + hits)
        found = hits
        day += timedelta(days=1)
    return min(found, default=latest + _SECOND)


def _entries(day: date, place: ZoneInfo, hours: Window) -> list[datetime]:
    """Return the moments at which the local clock can step into the hours of ``day``.

    It walks in at the start of the hours (twice, when that time is repeated) or jumps in when
    the clocks change.
    """
    start, _end = hours.hours_on(day)
    moments = _instants(day, start, place)
    lowest = min(_instants(day, time.min, place))
    highest = max(_instants(day + timedelta(days=1), time.min, place))
    change = _find_change(lowest, highest, place)
    return [*moments, change] if change else moments


def _instants(day: date, at: time, place: ZoneInfo) -> list[datetime]:
    local = datetime.combine(day, at, tzinfo=place)
    return [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]


def _find_change(low: datetime, high: datetime, place: ZoneInfo) -> datetime | None:
    """Return the moment between ``low`` and ``high`` from which another offset holds."""
    before = low.astimezone(place).utcoffset()
    if high.astimezone(place).utcoffset() == before:
        return None
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(place).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


@dataclass(frozen=True)
class Cap:
    """A limit on messages within a period, and when the next one becomes free."""

    limit: int
    used: int
    frees_at: datetime | None = None

    @property
    def is_reached(self) -> bool:
        """Tell whether one more message would be one too many."""
        return self.used >= self.limit


@dataclass(frozen=True)
class ContactFacts:
    """All that decides about one message to one contact point, gathered by the caller.

    ``window`` None means that the business sets no hours of its own; text messages keep the hard
    hours whatever the business sets. ``is_sms_express`` may be lowered where the law of the
    customer's country lets an existing customer be texted.
    """

    channel: Channel
    purpose: Purpose
    now: datetime
    default_zone: str
    basis: Basis | None = None
    consent_expires_at: datetime | None = None
    is_erased: bool = False
    is_suppressed: bool = False
    is_suppressed_globally: bool = False
    is_sms_express: bool = True
    caps: tuple[Cap, ...] = ()
    zones: frozenset[str] = frozenset()
    window: Window | None = DEFAULT_WINDOW


@dataclass(frozen=True)
class Decision:
    """The answer: it may go, or why not and from when on (None: not by waiting)."""

    allowed: bool
    reason: Reason | None = None
    until: datetime | None = None


def decide(facts: ContactFacts) -> Decision:
    """Decide about a message; of several reasons the first in this order is told.

    Erased, suppressed by the business, suppressed for everyone, consent, caps, quiet hours: from
    what can never be healed by waiting to what heals overnight.
    """
    reason = _find_bar(facts) or _find_consent_gap(facts)
    if reason is not None:
        return Decision(allowed=False, reason=reason)
    reached = [cap for cap in facts.caps if cap.is_reached]
    if reached:
        return Decision(allowed=False, reason=Reason.CAPPED, until=_after_caps(facts, reached))
    moment = _open_at(facts, facts.now)
    if moment is not None and moment <= facts.now:
        return Decision(allowed=True)
    return Decision(allowed=False, reason=Reason.QUIET, until=moment)


def message_purpose(purpose: Purpose, *, has_offer: bool) -> Purpose:
    """Return the purpose whose rules bind: a message that carries an offer is commercial."""
    if has_offer and purpose not in COMMERCIAL:
        return Purpose.WINBACK_OFFER
    return purpose


def _find_bar(facts: ContactFacts) -> Reason | None:
    if facts.is_erased:
        return Reason.ERASED
    if facts.is_suppressed:
        return Reason.SUPPRESSED
    if facts.is_suppressed_globally:
        return Reason.SUPPRESSED_GLOBALLY
    return None


def _find_consent_gap(facts: ContactFacts) -> Reason | None:
    is_text = facts.channel == Channel.SMS
    is_commercial = facts.purpose in COMMERCIAL
    if not is_text and not is_commercial:
        return None  # answering by mail about something that went wrong needs no permission
    if facts.basis is None:
        return Reason.NO_CONSENT
    if facts.consent_expires_at is not None and facts.consent_expires_at <= facts.now:
        return Reason.CONSENT_EXPIRED
    if is_text and is_commercial and facts.is_sms_express and facts.basis != Basis.EXPRESS:
        return Reason.EXPRESS_NEEDED
    return None


def _after_caps(facts: ContactFacts, reached: list[Cap]) -> datetime | None:
    moments = [cap.frees_at for cap in reached if cap.frees_at is not None]
    if len(moments) < len(reached):
        return None
    return _open_at(facts, max([*moments, facts.now]))


def _open_at(facts: ContactFacts, moment: datetime) -> datetime | None:
    hard = HARD_WINDOW if facts.channel == Channel.SMS else ALWAYS
    own = ALWAYS if facts.window is None else facts.window
    if own is ALWAYS and hard is ALWAYS:
        return moment
    try:
        return next_allowed(moment, facts.zones, own, hard, default_zone=facts.default_zone)
    except NeverAllowedError:
        return None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that end it (47 CFR 64.1200(a)(10) names the first seven), start it and ask for help, each
# as a whole answer; the sets of the carriers' own keyword handling are all in here.
_STOP_WORDS = _words(
    "stop quit end revoke optout cancel unsubscribe stopall stopp stopit endall remove unsub "
    "abmelden abbestellen arret desabonner baja alto parar"
)
_START_WORDS = _words("start unstop resume subscribe optin yes ja oui si y")
_HELP_WORDS = _words("help info hilfe aide ayuda support")
_FILLERS = _words(
    "please pls plz thanks thank thx you u now all it this me us the my your from to for of and "
    "text texts texting message messages messaging sms msg msgs contact immediately today sir "
    "bitte danke merci gracias por favor hi hello hey ok okay just right everything"
)
_NOT_STOP = re.compile(
    r"\b(?:do not|dont|cant|cannot|could not|couldnt|will not|wont|never|non|wouldnt|didnt)"
    r" (?:ever )?(?:stop|quit|end|cancel|unsubscribe|opt out)\b"
)
_REACH = r"(?:text|messag|sms|msg|contact|e ?mail|writ|bother|send|call|spam|harass|pester)\w*"
_FREE_STOPS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:stop|quit|cease|end)\b(?: \w+){{0,3}} {_REACH}\b",
        (
            rf"\b(?:do not|dont|never|no longer|not)(?: \w+){{0,3}} {_REACH}\b(?: \w+){{0,2}}"
            r" (?:me|us|again|anymore|any more|this number|my phone|any)\b"
        ),
        rf"\b(?:no more|enough|without) (?:\w+ ){{0,2}}{_REACH}\b",
        (
            r"\b(?:take|remove|delete|get|strike|scratch) (?:\w+ ){0,3}(?:off|from|out of)\b"
            r"(?: \w+){0,3} (?:list|lists|database|system|contacts|texts|messages)\b"
        ),
        r"\b(?:remove|delete) (?:me|us|my (?:phone )?number|this number|my details)\b",
        r"\bopt(?:ed|ing)? (?:me |us )?out\b",
        r"\bunsubscrib\w*\b",
        r"\b(?:leave|let) (?:me|us) (?:alone|be|in peace)\b",
        r"\blose (?:my|this) number\b",
        r"\bwrong (?:number|person|guy|lady)\b",
        r"\b(?:withdraw|revoke|take back)\w* (?:\w+ ){0,2}(?:consent|permission|agreement)\b",
        (
            r"\b(?:dont|do not|no longer) (?:want|wish|consent|agree|need)\b(?: \w+){0,5} "
            r"(?:text|messag|sms|msg|contact|e ?mail|offer|market|advert|these|any more|anymore)"
        ),
        r"\b(?:keine|nicht mehr) (?:\w+ ){0,2}(?:sms|nachrichten|schreiben|kontaktieren)\b",
        r"\bfuck off\b|\bpiss off\b|\bgo away\b",
    )
)
_MOST_WORDS_AROUND = 6


def read_inbound(text: str, *, is_opted_out: bool = False) -> Intent:
    """Read an answering text: stop, start again (only for one who had stopped), help or nothing.

    In doubt it is a stop: a person who asks in free words has asked.
    """
    plain = _plain_words(text)
    words = plain.split()
    core = [word for word in words if word not in _FILLERS]
    if _is_stop(plain, words, core):
        return Intent.STOP
    if len(words) > _MOST_WORDS_AROUND or len(core) != 1:
        return Intent.NONE
    if core[0] in _HELP_WORDS:
        return Intent.HELP
    if core[0] in _START_WORDS and is_opted_out:
        return Intent.START
    return Intent.NONE


def _is_stop(plain: str, words: list[str], core: list[str]) -> bool:
    if _NOT_STOP.search(plain):
        return False
    if core and len(words) <= _MOST_WORDS_AROUND and set(core) <= _STOP_WORDS:
        return True
    return any(pattern.search(plain) for pattern in _FREE_STOPS)


def _plain_words(text: str) -> str:
    """Return ``text`` in lower case without accents, apostrophes and punctuation."""
    flat = unicodedata.normalize("NFKD", text[:2000].casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    flat = re.sub(r"['\u2019`]", "", flat)
    flat = re.sub(r"[^\w]+|_", " ", flat).strip()
    return re.sub(
        r"\b(opt) (out|in)$|^(opt) (out|in)\b", _join_opt, re.sub(r"\bstop all\b", "stopall", flat)
    )


def _join_opt(match: re.Match[str]) -> str:
    return match.group(0).replace(" ", "")
