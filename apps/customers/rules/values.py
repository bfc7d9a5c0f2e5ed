"""Dates, amounts, yes and no, languages and currencies as people write them in tables."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from apps.core.errors import AppError

DateOrder = Literal["dmy", "mdy"]


class ValueInvalid(AppError):
    """A cell cannot be read as what its column is said to hold."""

    code = "value_invalid"


@dataclass(frozen=True)
class Amount:
    """An amount in major units; the currency only when the cell names one beyond doubt."""

    value: Decimal
    currency: str | None = None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words("yes y true t 1 x ja j oui o si s on ok wahr vrai verdadero subscribed granted ✓ ✔ ☑")
_NO = _words("no n false f 0 nein non off falsch faux falso unsubscribed denied - ✗ ✘ ☐")


def parse_yes_no(raw: str) -> bool | None:
    """Return yes or no, None for an empty cell; raises ValueInvalid for anything else."""
    word = _fold(raw)
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueInvalid(
        _("“%(value)s” is neither yes nor no.") % {"value": _short(raw)}, code="yes_no"
    )


_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_PACKED = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_NUMERIC = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})\.?[ -]([a-z]+)\.?,?[ -](\d{4}|\d{2})$")
_MONTH_FIRST = re.compile(r"^([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_TIME = re.compile(
    r"[ t]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:z|utc|[+-]\d\d:?\d\d)?$"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jaenner janvier janv enero ene",
            "february feb februar fevrier fevr febrero",
            "march mar marz maerz mrz mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug aout agosto ago",
            "september sep sept septembre septiembre",
            "october oct okt oktober octobre octubre",
            "november nov novembre noviembre",
            "december dec dez dezember decembre diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_EPOCH_OF_SHEETS = date(1899, 12, 30)
_SERIAL_SPAN = range(20_000, 73_416)  # 1954 to 2100
_CENTURY_TURN = 69
_LAST_MONTH = 12
_YEARS = range(1900, 2201)


def date_order(values: Iterable[str]) -> DateOrder | None:
    """Tell from a whole column whether 03/04 is a day in April or in March; None: no telling."""
    seen: set[DateOrder] = set()
    for raw in values:
        match = _NUMERIC.match(_strip_time(raw))
        if match is None or match.group(2) == ".":
            continue
        if int(match.group(1)) > _LAST_MONTH:
            seen.add("dmy")
        elif int(match.group(3)) > _LAST_MONTH:
            seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None


def parse_date(raw: str, *, order: DateOrder | None = None) -> date:
    """Return the day a cell names; ``order`` settles what 03/04/2026 means in this column."""
    text = _strip_time(raw)
    parts = _find_date_parts(text, order)
    if parts is not None:
        year, month, day = parts
        try:
            found = date(_full_year(year), int(month), int(day))
        except ValueError as error:
            raise _no_date(raw) from error
        if found.year in _YEARS:
            return found
    elif _SERIAL.match(text) and int(text[:5]) in _SERIAL_SPAN:
        return _EPOCH_OF_SHEETS + timedelta(days=int(text[:5]))
    raise _no_date(raw)


def _find_date_parts(text: str, order: DateOrder | None) -> tuple[str, str | int, str] | None:
    if match := _ISO.match(text) or _PACKED.match(text):
        return match.group(1), match.group(2), match.group(3)
    if match := _NUMERIC.match(text):
        first, sign, second, year = match.groups()
        return (year, *_sort_day_month(first, second, "dmy" if sign == "." else order))
    if match := _DAY_FIRST.match(text):
        return match.group(3), _MONTHS.get(match.group(2), 0), match.group(1)
    if match := _MONTH_FIRST.match(text):
        return match.group(3), _MONTHS.get(match.group(1), 0), match.group(2)
    return None


def _sort_day_month(first: str, second: str, order: DateOrder | None) -> tuple[str, str]:
    """Return month and day."""
    if order == "dmy" or int(first) > _LAST_MONTH or first == second:
        return second, first
    if order == "mdy" or int(second) > _LAST_MONTH:
        return first, second
    raise ValueInvalid(
        _(
            "“%(first)s/%(second)s” may be day and month or month and day; choose how this file "
            "writes dates."
        )
        % {"first": first, "second": second},
        code="date_ambiguous",
    )


def _full_year(year: str) -> int:
    number = int(year)
    if len(year) > len("99"):
        return number
    return number + (1900 if number >= _CENTURY_TURN else 2000)


def _strip_time(raw: str) -> str:
    return _TIME.sub("", _fold(raw)).strip()


def _no_date(raw: str) -> ValueInvalid:
    return ValueInvalid(
        _("“%(value)s” is no date; write it as 2026-11-30 or 30.11.2026.") % {"value": _short(raw)},
        code="date",
    )


# "$" and "¥" stand for several currencies, so they name none.
_SIGNS = {"€": "EUR", "£": "GBP", "zł": "PLN", "₹": "INR", "₺": "TRY", "₩": "KRW", "us$": "USD"}
_CURRENCIES = _words(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES "
    "KRW KWD MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN RON RSD SAR SEK SGD THB TND TRY TWD UAH USD "
    "UYU VND ZAR"
)
_MONEY = re.compile(
    r"^(?P<before>[^\d.,+-]*)(?P<sign>[+-]?)(?P<number>\d[\d.,]*|[.,]\d+)(?P<after>[^\d]*)$"
)
_GROUPS = re.compile(r"^\d{1,3}(?:[.,]\d{3})+$|^\d{1,2}(?:,\d{2})+,\d{3}$")
_MOST = Decimal(1_000_000_000)


def parse_currency(raw: str) -> str:
    """Return the three letters of a currency, or raise ValueInvalid."""
    text = raw.strip()
    code = _SIGNS.get(text.lower(), text.upper())
    if code in _CURRENCIES:
        return code
    raise ValueInvalid(
        _("“%(value)s” is no currency code such as EUR or USD.") % {"value": _short(raw)},
        code="currency",
    )


def parse_amount(raw: str) -> Amount:
    """Return an amount written with a comma or a point, with or without its currency."""
    text = re.sub(r"[\s'\u2019]", "", raw)
    in_brackets = text.startswith("(") and text.endswith(")")
    text = text[1:-1] if in_brackets else text
    match = _MONEY.match(text.replace("\u2212", "-"))
    if match is None:
        raise _no_amount(raw)
    after = match["after"]
    is_minus = in_brackets or match["sign"] == "-" or "-" in match["before"] + after
    named = f"{match['before']}{after}".strip("-.+")
    value = _read_number(match["number"], raw)
    if value >= _MOST:
        raise _no_amount(raw)
    return Amount(-value if is_minus else value, _name_currency(named, raw))


def _name_currency(named: str, raw: str) -> str | None:
    if not named or named in {"$", "¥", "kr", "Fr", "Kč"}:
        return None
    try:
        return parse_currency(named)
    except ValueInvalid as error:
        raise _no_amount(raw) from error


def _read_number(number: str, raw: str) -> Decimal:
    marks = [sign for sign in number if sign in ".,"]
    if not marks:
        return Decimal(number)
    last = marks[-1]
    whole, fraction = number.rsplit(last, 1)
    if len(set(marks)) == 1 and (len(marks) > 1 or _is_grouped(whole, fraction)):
        whole, fraction = number, ""  # one kind of mark in groups of three parts thousands
    elif last in whole:
        raise _no_amount(raw)
    if re.search(r"[.,]", whole) and not _GROUPS.match(whole):
        raise _no_amount(raw)
    return Decimal(f"{re.sub('[.,]', '', whole) or 0}.{fraction or 0}")


def _is_grouped(whole: str, fraction: str) -> bool:
    return len(fraction) == len("000") and whole not in {"", "0"} and len(whole) <= len("000")


def _no_amount(raw: str) -> ValueInvalid:
    return ValueInvalid(
        _("“%(value)s” is no amount; write it as 12.50 or 12,50.") % {"value": _short(raw)},
        code="amount",
    )


_LANGUAGES = {
    name: code
    for code, names in (
        ("en", "en eng english englisch anglais ingles"),
        ("de", "de ger deu german deutsch allemand aleman"),
        ("fr", "fr fra fre french franzosisch francais frances"),
        ("es", "es spa spanish spanisch espagnol espanol"),
        ("it", "it ita italian italienisch italiano italien"),
        ("nl", "nl nld dut dutch niederlandisch nederlands"),
        ("pt", "pt por portuguese portugiesisch portugues"),
        ("pl", "pl pol polish polnisch polski"),
        ("tr", "tr tur turkish turkisch turkce"),
        ("ar", "ar ara arabic arabisch"),
        ("ru", "ru rus russian russisch"),
        ("uk", "uk ukr ukrainian ukrainisch"),
        ("zh", "zh zho chi chinese chinesisch"),
        ("ja", "ja jpn japanese japanisch"),
        ("ko", "ko kor korean koreanisch"),
        ("sv", "sv swe swedish schwedisch svenska"),
        ("da", "da dan danish danisch dansk"),
        ("no", "no nb nn nor norwegian norwegisch norsk"),
        ("fi", "fi fin finnish finnisch suomi"),
        ("cs", "cs ces cze czech tschechisch"),
        ("el", "el ell gre greek griechisch"),
        ("ro", "ro ron rum romanian rumanisch"),
        ("hu", "hu hun hungarian ungarisch"),
    )
    for name in names.split()
}


def parse_language(raw: str) -> str:
    """Return the two letters of a language given as a code, a locale or a name."""
    word = _fold(raw)
    code = _LANGUAGES.get(word) or _LANGUAGES.get(re.split(r"[-_ ]", word)[0])
    if code is None:
        raise ValueInvalid(
            _("“%(value)s” is no language we know; write it as en, de or fr.")
            % {"value": _short(raw)},
            code="language",
        )
    return code


def _fold(raw: str) -> str:
    flat = unicodedata.normalize("NFKD", raw.strip().casefold())
    return "".join(sign for sign in flat if not unicodedata.combining(sign))


def _short(text: str) -> str:
    longest = 60
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
