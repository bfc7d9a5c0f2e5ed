"""What one row of a file of reviews says, or everything that is wrong with it."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.customers.rules import DateOrder, parse_date
from apps.reviews.choices import Field, Site

T = TypeVar("T")
MAX_TEXT = 20_000
MAX_SCALE = 100
USUAL_SCALE = 5
# Only a row whose text is longer than this is refused; shorter fields are cut.
_WIDTHS = {
    Field.LABEL: 120,
    Field.AUTHOR: 160,
    Field.TITLE: 300,
    Field.LANGUAGE: 12,
}
_MAX_ID = 160
_YEARS = range(1900, 2201)
_RATING = re.compile(
    r"^(\d{1,3}(?:[.,]\d{1,4})?)(?:\s*(?:/|of|out of|von)\s*(\d{1,3}))?(?:\s*stars?)?$"
)
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class RowOptions:
    """What holds for the whole file where a row says nothing itself."""

    source: str = ""
    rating_max: int = USUAL_SCALE
    date_order: DateOrder | None = None
    zone: str = "UTC"
    today: date | None = None


@dataclass(frozen=True)
class StagedRow:
    """A row that was understood; plain values, so that it can wait in a file."""

    line: int
    source: str
    remote_id: str
    label: str = ""
    location: str = ""
    author_name: str = ""
    written_at: str = ""
    rating: str = ""
    rating_max: int | None = None
    title: str = ""
    text: str = ""
    language: str = ""


def source_code(name: str) -> str:
    """Return the code of a site by any spelling of its name."""
    code = _NOT_A_WORD.sub("_", name.strip().lower()).strip("_")
    known = {"booking_com": Site.BOOKING, "own_page": Site.OWN, "google_maps": Site.GOOGLE}
    return str(known.get(code, code))[:40]


def read_row(
    line: int, cells: Sequence[str], mapping: Mapping[int, str], options: RowOptions
) -> StagedRow | list[str]:
    """Return what a row says, or every reason why it cannot come in."""
    values = {
        field: _UNSTORABLE.sub("", cells[index]).strip()
        for index, field in mapping.items()
        if index < len(cells)
    }
    reasons: list[str] = []
    nothing: tuple[str, int | None] = ("", None)
    rating, rating_max = _keep(reasons, lambda: _read_rating(values, options), nothing)
    written_at = _keep(reasons, lambda: _read_date(values, options), "")
    text = values.get(Field.TEXT, "")
    source = source_code(values.get(Field.SOURCE, "")) or options.source
    reasons += _find_gaps(values, text=text, rating=values.get(Field.RATING, ""), source=source)
    if reasons:
        return reasons
    cut = {field: values.get(field, "")[:width] for field, width in _WIDTHS.items()}
    return StagedRow(
        line=line,
        source=source,
        remote_id=values.get(Field.REMOTE_ID, "") or _make_id(values),
        label=cut[Field.LABEL],
        location=values.get(Field.LOCATION, ""),
        author_name=cut[Field.AUTHOR],
        written_at=written_at,
        rating=rating,
        rating_max=rating_max,
        title=cut[Field.TITLE],
        text=text,
        language=cut[Field.LANGUAGE],
    )


def _keep(reasons: list[str], read: Callable[[], T], otherwise: T) -> T:
    """Return what ``read`` finds; what it cannot read becomes a reason."""
    try:
        return read()
    except AppError as error:
        reasons.append(error.message)
        return otherwise


def _find_gaps(values: Mapping[str, str], *, text: str, rating: str, source: str) -> list[str]:
    gaps = []
    if not text and not rating and not values.get(Field.TITLE):
        gaps.append(_("There is neither a text nor a rating."))
    if len(text) > MAX_TEXT:
        gaps.append(
            _("The text has %(count)d characters; at most %(most)d can be kept.")
            % {"count": len(text), "most": MAX_TEXT}
        )
    if len(values.get(Field.REMOTE_ID, "")) > _MAX_ID:
        gaps.append(
            _("The review's number is longer than %(most)d characters.") % {"most": _MAX_ID}
        )
    if not source:
        gaps.append(_("The site is missing."))
    return gaps


def _read_rating(values: Mapping[str, str], options: RowOptions) -> tuple[str, int | None]:
    raw = values.get(Field.RATING, "")
    if not raw:
        return "", None
    match = _RATING.match(raw.lower())
    if match is None:
        raise AppError(_("“%(value)s” is not a rating.") % {"value": raw[:40]})
    highest = _read_scale(values.get(Field.RATING_MAX, "") or match.group(2) or "", options)
    try:
        value = Decimal(match.group(1).replace(",", "."))
    except InvalidOperation as error:
        raise AppError(_("“%(value)s” is not a rating.") % {"value": raw[:40]}) from error
    if value > highest:
        raise AppError(
            _("The rating %(value)s is above the highest, %(most)d.")
            % {"value": raw[:40], "most": highest}
        )
    return str(value.quantize(Decimal("0.01"))), highest


def _read_scale(raw: str, options: RowOptions) -> int:
    if not raw:
        return options.rating_max
    try:
        highest = int(Decimal(raw.replace(",", ".")))
    except (InvalidOperation, ValueError, OverflowError):
        highest = 0
    if not 1 <= highest <= MAX_SCALE:
        raise AppError(
            _("“%(value)s” is not a highest rating; it goes from 1 to %(most)d.")
            % {"value": raw[:40], "most": MAX_SCALE}
        )
    return highest


def _read_date(values: Mapping[str, str], options: RowOptions) -> str:
    raw = values.get(Field.WRITTEN, "")
    if not raw:
        return ""
    moment = _read_moment(raw, options)
    if options.today is not None and moment.date() > options.today + timedelta(days=1):
        raise AppError(_("The date %(value)s lies in the future.") % {"value": raw[:40]})
    return moment.astimezone(UTC).isoformat()


def _read_moment(raw: str, options: RowOptions) -> datetime:
    zone = ZoneInfo(options.zone)
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        moment = None
    if moment is not None and len(raw) > len("2026-05-13") and moment.year in _YEARS:
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    # A day without an hour: noon, so that it stays that day in every neighbouring zone.
    return datetime.combine(parse_date(raw, order=options.date_order), time(12), zone)


def _make_id(values: Mapping[str, str]) -> str:
    """Return a number for a review that has none: equal rows get the same one."""
    parts = (Field.SOURCE, Field.LABEL, Field.AUTHOR, Field.WRITTEN, Field.RATING)
    seed = "\x1f".join([values.get(part, "") for part in (*parts, Field.TITLE, Field.TEXT)])
    return f"row-{hashlib.sha256(seed.encode()).hexdigest()[:32]}"
