"""Dates as sources write them: a day, a range of days, a month; never guessed, refused with the reading offered."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn, get_args

from geo.parse import DASHES, CellError, plain_cell, refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DateOrder = Literal["dmy", "mdy"]

FIRST_YEAR = 1900
WRITTEN = date(2026, 11, 1)
"""A clock that runs behind this day is wrong and must not make a list's dates future ones."""

_MONTH_NAMES = """
january jan يناير جانفي كانون الثاني; february feb فبراير فيفري شباط; march mar مارس اذار;
april apr ابريل افريل نيسان; may مايو ماي ايار; june jun يونيو جوان حزيران; july jul يوليو جويليه تموز;
august aug اغسطس اوت اب; september sept sep سبتمبر ايلول; october oct اكتوبر تشرين الاول;
november nov نوفمبر تشرين الثاني; december dec ديسمبر كانون الاول
"""
_HAMZA = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ة": "ه", "ـ": None})
_HIJRI_YEARS = range(1300, 1600)
_LONG_MONTHS = 6
"""Months of the solar Islamic calendar, the first ones, that have 31 days."""
_LONGEST_LUNAR = 30
"""Days of the longest month of the lunar one."""
_MONTHS_A_YEAR = 12
_SERIALS = range(30_000, 60_000)
"""Day numbers of a spreadsheet for 1982 to 2064."""


class DateSpan(NamedTuple):
    """First and last day, and the date precision (see `geo.schema.DATE_PRECISIONS`)."""

    start: date
    end: date
    precision: str


_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES.split(";"), start=1)
    for name in re.findall(r"(?:كانون|تشرين) \w+|\w+", names)
}
_MONTH = re.compile(r"(?<![^\W\d_])(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?")
_JOINT = re.compile(r" (?:to|until|till|through|and|الى|حتى) | ?& ?")
_CLOCK = (
    r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?: ?[A-Z]{0,5}(?:[+-]\d{1,2}(?::?\d\d)?)?)?"
)
"""A time of the day, with its zone: 14:00, 02:30 PM, 23:30:00.5Z, 23:30-05:00, 14:00 UTC."""
_ISO_DAY = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:[T ]{_CLOCK})?")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})")
_SHORT_END = re.compile(r"(\d{4})-(\d{2})-(\d{2})/(?:(\d{2})-)?(\d{2})")
_ORDERED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_TWO_DIGITS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})")
_VAGUE = re.compile(r"(?:the )?(early|mid|middle of|late|c\.|ca\.|circa|about|around|week of)[ -]?(.+)")
_THIRDS = {"early": (1, 10), "mid": (11, 20), "middle of": (11, 20), "late": (21, 31)}
_EITHER_WAY, _WEEK = timedelta(days=3), timedelta(days=6)

_PART = r"\d{4}(?!\w)|\d{1,2}(?:st|nd|rd|th)?(?!\w)|#\d+|[-/]|[ ,]+|of\b|في\b"
_PARTS = re.compile(f"(?:{_PART})+")
_WRITTEN_ORDERS = frozenset(
    "dmy mdy ymd my d-dmy md-dy dm-dmy md-mdy dmy-dmy mdy-mdy m-my my-my".split()  # noqa: SIM905  # reads as a list
)
"""Orders of day, month and year in which dates are written out; what one end leaves out, the other says."""


def is_whole_months(first: date, last: date) -> bool:
    """Return whether a period from its first to its last day is one calendar month, or several."""
    return first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]


def parse_dates(text: str, *, order: DateOrder | None = None, today: date | None = None) -> DateSpan:
    """Return the days that ``text`` stands for.

    Read are ISO days, months and ranges (``2017-03-20/2017-03-21``, ``2017-03-20/21``), timestamps (the day as
    written: it is the incident's local day), dates in words in English and Arabic (``20-21 March 2017``,
    ``١٧ آذار ٢٠١٧``), ``early``, ``mid`` and ``late`` (thirds of the month), ``week of`` (seven days) and ``c.``
    (three days either way).

    Parameters
    ----------
    order
        Whether the day or the month comes first in ``03/04/2017``. ``None`` refuses such dates.
    today
        Last day a date may have, plus one for places where it is tomorrow already; ``None`` means the clock's.

    Raises
    ------
    CellError
        When the text is no date, may be two different ones, lies in the future or before `FIRST_YEAR`.
    """
    cell = plain_cell(text).translate(DASHES)
    if not cell:
        refuse("has no date", "write the day, or for instance 2017-03 when only the month is known", "no-date")
    span = _read_span(cell, order) if order or not _ORDERED.search(cell) else _read_either(cell)
    if span.end < span.start:
        wrong = f"ends on {span.end}, before it starts on {span.start}"
        refuse(wrong, "write both days in full as FIRST/LAST", "date-backwards")
    if span.start > _last_day(today):
        refuse("lies in the future", "check the year", "date-future")
    return span


def _last_day(today: date | None = None) -> date:
    """Return the last day that a date may have: where it is tomorrow already."""
    return max(today or datetime.now(UTC).date(), WRITTEN) + timedelta(days=1)


def prove_order(texts: Iterable[str]) -> dict[DateOrder, list[str]]:
    """Return the dates among ``texts`` that can only be day first, and those that can only be month first."""
    proofs: dict[DateOrder, list[str]] = {"dmy": [], "mdy": []}
    for text in texts:
        cell = plain_cell(text).translate(DASHES)
        if _ORDERED.search(cell) and len(readings := _read_orders(cell)) == 1:
            proofs[next(iter(readings))].append(text)
    return proofs


def _read_orders(cell: str) -> dict[DateOrder, DateSpan]:
    """Return the span of a cell by each order in which it is a date."""
    readings: dict[DateOrder, DateSpan] = {}
    for order in get_args(DateOrder):
        with suppress(CellError):
            span = _read_span(cell, order)
            if span.start <= span.end:
                readings[order] = span
    return readings


def _read_either(cell: str) -> DateSpan:
    """Return the span of a cell that is the same in either order, or refuse it with what it may be."""
    readings = _read_orders(cell)
    spans = dict.fromkeys(readings.values())
    if not readings or (len(readings) == len(get_args(DateOrder)) and len(spans) == 1):
        return _read_span(cell, "dmy")
    return _refuse_order(spans)


def _refuse_order(spans: Iterable[DateSpan]) -> NoReturn:
    offer = " or ".join(f"{first}/{last}" if first < last else f"{first}" for first, last, _ in spans)
    todo = "set it once for the whole file with --date-order dmy or --date-order mdy, or write 2017-03-17"
    refuse(f"day or month first? {offer}", todo, "date-order")


def _read_span(cell: str, order: DateOrder | None) -> DateSpan:
    if found := _SHORT_END.fullmatch(cell):
        year, month, first, other, last = found.groups()
        cell = f"{year}-{month}-{first}/{year}-{other or month}-{last}"
    for first, last in _split_range(cell):
        if (start := _read_digits(first, order)) and (end := _read_digits(last, order)):
            return _join_ends(start, end)
    return _read_digits(cell, order) or _read_words(cell, order)


def _split_range(cell: str) -> Iterator[tuple[str, str]]:
    """Return the ways to part a cell into two ends: 2017-03-17-2017-03-18 too, where both are written alike."""
    for joint in ("/", " - ", *_JOINT.findall(cell)):
        first, _, last = cell.partition(joint)
        yield first, last
    parts = cell.split("-")
    first, last = ("-".join(half) for half in (parts[: len(parts) // 2], parts[len(parts) // 2 :]))
    if re.sub(r"\d+", "0", first) == re.sub(r"\d+", "0", last):
        yield first, last


def _read_digits(cell: str, order: DateOrder | None) -> DateSpan | None:
    """Return the day or month of an all-digit date, ``None`` when it is not one."""
    if found := _ISO_DAY.fullmatch(cell):
        return _read_unit(int(found[1]), int(found[3]), int(found[4]))
    if found := _ISO_MONTH.fullmatch(cell):
        return _read_unit(int(found[1]), int(found[2]))
    if found := _MONTH_FIRST.fullmatch(cell):
        return _read_unit(int(found[2]), int(found[1]))
    if not (found := _ORDERED.fullmatch(cell)):
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    return _read_unit(year, second, first) if order == "dmy" else _read_unit(year, first, second)


def _read_words(cell: str, order: DateOrder | None) -> DateSpan:
    """Return the span of a date with its month in words, or of any date after a word such as "early"."""
    text = _MONTH.sub(lambda found: f" #{_MONTHS[found[0].rstrip('.')]} ", cell.casefold().translate(_HAMZA))
    text = re.sub(r"(#\d+) */ *\1(?!\d)", r"\1", text)  # both Arabic names of a month, side by side: آذار/مارس
    text = " ".join(text.split())
    if not (vague := _VAGUE.fullmatch(text)):
        return _read_order(text, cell)
    word, span = vague[1], _read_digits(vague[2], order) or _read_order(vague[2], cell)
    if word in _THIRDS and span.precision == "month":
        first, last = _THIRDS[word]
        return DateSpan(span.start.replace(day=first), min(span.end, span.start + timedelta(days=last - 1)), "range")
    if word == "week of" and span.precision == "day":
        return DateSpan(span.start, span.end + _WEEK, "range")
    if word in _THIRDS or word == "week of":
        _refuse_date(cell)
    return DateSpan(span.start - _EITHER_WAY, span.end + _EITHER_WAY, "range") if span.precision == "day" else span


def _read_order(text: str, cell: str) -> DateSpan:
    """Return the span of ``text``, where months are already ``#3``; ``cell`` is what to refuse otherwise."""
    text = _JOINT.sub("-", text)
    if not _PARTS.fullmatch(text):
        _refuse_date(cell)
    order, numbers = "", []
    for year, day, month, dash in re.findall(r"(\d{4})|(\d{1,2})|#(\d+)|([-/])", text):
        order += "y" if year else "d" if day else "m" if month else "-"
        numbers += [] if dash else [int(year or day or month)]
    order = "dmy" if order == "d-m-y" else order
    if order not in _WRITTEN_ORDERS:
        _refuse_date(cell, order, numbers)
    first, last = order.split("-")[0], order.split("-")[-1]
    start = dict(zip(first, numbers, strict=False))
    end = dict(zip(last, numbers[-len(last) :], strict=True))
    first_span, last_span = (
        _read_unit(unit["y"], unit["m"], unit.get("d")) for unit in ({**end, **start}, {**start, **end})
    )
    return _join_ends(first_span, last_span)


def _read_unit(year: int, month: int, day: int | None = None) -> DateSpan:
    """Return the span of a day, or of a month when ``day`` is ``None``."""
    _judge_year(year, month, day or None)
    stated = 1 if day is None else day
    if not _is_day(year, month, stated):
        month_known = stated == 0 and _is_day(year, month, 1)
        todo = f"write {year}-{month:02} if only the month is known" if month_known else "check day and month"
        refuse(f"{year:04}-{month:02}-{stated:02} is not a day of the calendar", todo, "date-impossible")
    first = date(year, month, stated)
    if day is None:
        return DateSpan(first, date(year, month, calendar.monthrange(year, month)[1]), "month")
    return DateSpan(first, first, "day")


def _join_ends(first: DateSpan, last: DateSpan) -> DateSpan:
    """Return the range from first to last.

    One that reaches the same day of the next month, or the last of it, belongs to no month; exactly a calendar month
    is that month.
    """
    if first == last:
        return first
    days = calendar.monthrange(first.start.year, first.start.month)[1]
    later = first.start.replace(day=1) + timedelta(days=days)
    later_end = later.replace(day=calendar.monthrange(later.year, later.month)[1])
    long = (last.end - first.start).days >= days or last.end >= later_end
    return DateSpan(first.start, last.end, "longer" if long else "range")


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= _MONTHS_A_YEAR and 1 <= day <= calendar.monthrange(year, month)[1]


def _judge_year(year: int, month: int | None = None, day: int | None = None) -> None:
    """Refuse a date whose year is of the Islamic calendar, or too early."""
    if year in _HIJRI_YEARS:
        refuse("reads like a date of the Islamic calendar", _advise_hijri(year, month, day), "date-hijri")
    if year < FIRST_YEAR:
        refuse(f"the year {year} is before {FIRST_YEAR}", "check the year", "date-year")


def _advise_hijri(year: int, month: int | None, day: int | None) -> str:
    """Say which days a day, month or year of the Islamic calendar may be: by the moon, or by the Persian sun."""
    if month and not _is_day(year, month, 1):
        return "write the Gregorian date"
    start, later = (year, month or 1), (year, month + 1) if month and month < _MONTHS_A_YEAR else (year + 1, 1)
    days = []
    for convert, about, where in (
        (_convert_lunar, "about ", ""),
        (_convert_solar, "", " if its years are those of Afghanistan and Iran"),
    ):
        first, last = convert(*start, day or 1), convert(*later, 1) - timedelta(days=1)
        # By the moon a month has the 30th day that is seen, whatever the tables say.
        is_day = first <= last or (convert is _convert_lunar and day == _LONGEST_LUNAR)
        last = first if day else last
        if is_day and first.year >= FIRST_YEAR and first <= _last_day():
            days.append(f"{about}{first}{f'/{last}' * (first < last)}{where}")
    return "write the Gregorian date" + f", {' or '.join(days)}" * bool(days)


def _convert_lunar(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of the tabular Islamic calendar (civil epoch), true to a day or two."""
    days = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day
    return date.fromordinal(days + 226_630)


def _convert_solar(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of the solar Islamic calendar, by its cycle of 33 years (1178 to 1633).

    Month 12 has a 30th day in 1399 and 1403, not in 1396; a day beyond it is one of the next year.
    """
    days = 365 * (year - 1) + (8 * year + 21) // 33 + 30 * (month - 1) + min(month - 1, _LONG_MONTHS) + day
    return date.fromordinal(days + 226_894)


def _offer_readings(year: int, first: int, second: int) -> str:
    readings = {f"{year:04}-{m:02}-{d:02}": None for m, d in ((second, first), (first, second)) if _is_day(year, m, d)}
    return " or ".join(readings)


def _refuse_date(cell: str, order: str = "", numbers: Sequence[int] = ()) -> NoReturn:
    """Say why ``cell`` is no date, with what was probably meant."""
    if found := _TWO_DIGITS.fullmatch(cell):
        offer = _offer_readings(2000 + int(found[4]), int(found[1]), int(found[3])) or "2017"
        refuse("has a year of two digits", f"write it in full, {offer} if so", "date-short-year")
    if order in ("dmd", "d-m-d"):
        offer = f"{2000 + numbers[2]}-{numbers[1]:02}-{numbers[0]:02}"
        refuse("has a year of two digits", f"write it in full, {offer} if so", "date-short-year")
    if "m" in order and "y" not in order:
        refuse("has no year", "write the year too", "date-no-year")
    if re.fullmatch(r"\d{4}", cell):
        _judge_year(int(cell))
        todo = f"write the month; if the source says no more than the year, {cell}-01-01/{cell}-12-31"
        refuse("is a year without a month", todo, "date-no-month")
    if re.fullmatch(r"\d{5}(\.\d+)?", cell) and int(cell[:5]) in _SERIALS:
        day = date(1899, 12, 30) + timedelta(days=int(cell[:5]))
        refuse("is a spreadsheet's day number", f"write {day} if its days count from 1900", "date-serial")
    refuse("is not a date", "write 2017-03-17, 2017-03-20/2017-03-21 or 2017-03", "date-unreadable")
