"""Rows of a file as this business understands them: places, money and days."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.core.money import Money, from_decimal
from apps.customers import rules
from apps.customers.models import ImportRun
from apps.customers.services.staging import Line
from apps.locations import queries as locations
from apps.locations.models import Location
from apps.tenants import wall


@dataclass(frozen=True)
class Entry:
    """One row that was understood."""

    line: Line
    row: rules.Row
    location: Location | None
    visited_at: datetime | None
    money: Money | None


class RowReader:
    """Reads rows by the mapping of one import; two queries in all."""

    def __init__(self, run: ImportRun, now: datetime) -> None:
        business = wall.current_business()
        self._mapping = run.columns
        self._headers = run.headers
        self._region = run.options.get("region") or business.country
        self._order = run.options.get("date_order") or None
        self._currency = business.currency
        self._zone = business.time_zone
        self._today = now.astimezone(ZoneInfo(self._zone)).date()
        self._places = {
            place.name.casefold(): place for place in locations.list_locations(actor=SYSTEM)
        }
        self._place = locations.find_location(run.options.get("location"), actor=SYSTEM)

    def read(self, line: Line) -> Entry | list[str]:
        """Return the row, or every reason why it cannot come in."""
        row = rules.check_row(
            line.cells,
            self._mapping,
            region=self._region,
            today=self._today,
            headers=self._headers,
            order=self._order,
        )
        if isinstance(row, rules.RowProblem):
            return [problem.message for problem in row.problems]
        place = self._places.get(row.location.casefold()) if row.location else self._place
        if row.location and place is None:
            message = _("There is no location “%(name)s”; add it in the settings.")
            return [message % {"name": row.location}]
        try:
            money = self._read_money(row)
        except AppError as error:
            return [error.message]
        zone = ZoneInfo(place.time_zone if place else self._zone)
        noon = datetime.combine(row.visited_on, time(12), zone) if row.visited_on else None
        return Entry(line=line, row=row, location=place, visited_at=noon, money=money)

    def _read_money(self, row: rules.Row) -> Money | None:
        if row.amount is None or row.visited_on is None:
            return None
        return from_decimal(row.amount, row.currency or self._currency)
