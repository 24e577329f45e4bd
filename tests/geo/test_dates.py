from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import WRITTEN, parse_dates, prove_order
from geo.parse import CellError
from geo.schema import DATE_PRECISIONS

SET_ORDER = "set it once for the whole file with --date-order dmy or --date-order mdy, or write 2017-03-17 [date-order]"
SAY_RANGE = "write the month; if the source says no more than the year, 2017-01-01/2017-12-31 [date-no-month]"
WRITE_BOTH = "write both days in full as FIRST/LAST [date-backwards]"
NO_DAY = "is not a day of the calendar"
ISLAMIC = "reads like a date of the Islamic calendar — write the Gregorian date"
SOLAR = "if its years are those of Afghanistan and Iran [date-hijri]"
UNREADABLE = "is not a date — write 2017-03-17, 2017-03-20/2017-03-21 or 2017-03 [date-unreadable]"
MARCH = (date(2017, 3, 1), date(2017, 3, 31), "month")


def day(number: int, month: int = 3) -> tuple[date, date, str]:
    return date(2017, month, number), date(2017, month, number), "day"


def span(first: tuple[int, int], last: tuple[int, int], precision: str = "range") -> tuple[date, date, str]:
    return date(2017, first[1], first[0]), date(2017, last[1], last[0]), precision


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2017-03-17", day(17)),
        ("2017/03/17", day(17)),
        ("2017-3-7", day(7)),
        ("٢٠١٧-٠٣-١٧", day(17)),
        ("2017-03-17T23:30:00-05:00", day(17)),
        ("2017-03-17T23:30:00Z", day(17)),
        ("2017-03-17 08:24", day(17)),
        ("2017-03-17 02:30 pm", day(17)),
        ("2017-03-17 14:00:59.5 UTC+3", day(17)),
        ("2017-03-17 14:00-2017-03-20 16:00", span((17, 3), (20, 3))),
        ("2017-03-17-2017-03-20", span((17, 3), (20, 3))),
        ("20\u00ad21 March 2017", span((20, 3), (21, 3))),
        ("03/03/2017", day(3)),
        ("17 March 2017", day(17)),
        ("17 march 2017", day(17)),
        ("17th of March 2017", day(17)),
        ("March 17, 2017", day(17)),
        ("17 Mar. 2017", day(17)),
        ("17-Mar-2017", day(17)),
        ("2017 March 17", day(17)),
        ("١٧ آذار ٢٠١٧", day(17)),
        ("17 مارس 2017", day(17)),
        ("17 آذار/مارس 2017", day(17)),
        ("3 كانون الثاني 2017", day(3, 1)),
        ("3 أيار 2017", day(3, 5)),
        ("2017-03-20/2017-03-21", span((20, 3), (21, 3))),
        ("2017-03-20/21", span((20, 3), (21, 3))),
        ("2017-03-31/04-01", span((31, 3), (1, 4))),
        ("2017-03-20 – 2017-03-21", span((20, 3), (21, 3))),
        ("20-21 March 2017", span((20, 3), (21, 3))),
        ("20–21 March 2017", span((20, 3), (21, 3))),
        ("20 and 21 March 2017", span((20, 3), (21, 3))),
        ("March 20-21, 2017", span((20, 3), (21, 3))),
        ("31 March – 1 April 2017", span((31, 3), (1, 4))),
        ("31 March 2017 to 1 April 2017", span((31, 3), (1, 4))),
        ("2017-03-20/2017-03-20", day(20)),
        ("2017-03", MARCH),
        ("03.2017", MARCH),
        ("3/2017", MARCH),
        ("03.2017-04.2017", span((1, 3), (30, 4), "longer")),
        ("March 2017", MARCH),
        ("آذار ٢٠١٧", MARCH),
        ("c. March 2017", MARCH),
        ("early March 2017", span((1, 3), (10, 3))),
        ("mid-March 2017", span((11, 3), (20, 3))),
        ("late February 2017", span((21, 2), (28, 2))),
        ("week of 13 March 2017", span((13, 3), (19, 3))),
        ("c. 17 March 2017", span((14, 3), (20, 3))),
        ("c. 2017-03-17", span((14, 3), (20, 3))),
        ("early 2017-03", span((1, 3), (10, 3))),
        ("week of 2017-03-20", span((20, 3), (26, 3))),
        ("2017-03-29/2017-04-29", span((29, 3), (29, 4), "longer")),
        ("2017-03-02/2017-04-01", span((2, 3), (1, 4))),
        ("2017-01-31/2017-03-01", span((31, 1), (1, 3), "longer")),
        ("2017-01-31/2017-02-28", span((31, 1), (28, 2), "longer")),
        ("2017-01-31/2017-02-27", span((31, 1), (27, 2))),
        ("2017-02-01/2017-03-01", span((1, 2), (1, 3), "longer")),
        ("2017-03-01/2017-03-31", span((1, 3), (31, 3))),
        ("2017-03/2017-04", span((1, 3), (30, 4), "longer")),
        ("March – April 2017", span((1, 3), (30, 4), "longer")),
    ],
)
def test_dates_that_are_read(text: str, dates: tuple[date, date, str]) -> None:
    assert parse_dates(text) == dates


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "has no date — write the day, or for instance 2017-03 when only the month is known [no-date]"),
        (
            "03/04/2017",
            f"day or month first? 2017-04-03 or 2017-03-04 — {SET_ORDER}",
        ),
        (
            "17.03.2017",
            f"day or month first? 2017-03-17 — {SET_ORDER}",
        ),
        ("17.03.2017-18.03.2017", f"day or month first? 2017-03-17/2017-03-18 — {SET_ORDER}"),
        (
            "01.02.2017 and 03.02.2017",
            f"day or month first? 2017-02-01/2017-02-03 or 2017-01-02/2017-03-02 — {SET_ORDER}",
        ),
        ("17 March", "has no year — write the year too [date-no-year]"),
        ("31 March – 1 April", "has no year — write the year too [date-no-year]"),
        (
            "2017",
            f"is a year without a month — {SAY_RANGE}",
        ),
        ("17/3/17", "has a year of two digits — write it in full, 2017-03-17 if so [date-short-year]"),
        ("25-Oct-14", "has a year of two digits — write it in full, 2014-10-25 if so [date-short-year]"),
        (
            "1438-06-18",
            "reads like a date of the Islamic calendar — write the Gregorian date, about 2017-03-17 [date-hijri]",
        ),
        ("1396-01-20", f"{ISLAMIC}, about 1976-01-22 or 2017-04-09 {SOLAR}"),
        ("1399-12-30", f"{ISLAMIC}, about 1979-11-21 or 2021-03-20 {SOLAR}"),
        ("1396-01-31", f"{ISLAMIC}, 2017-04-20 {SOLAR}"),
        ("1396-12-30", f"{ISLAMIC}, about 1976-12-22 [date-hijri]"),
        ("1403-12-30", f"{ISLAMIC}, about 1983-10-08 or 2025-03-20 {SOLAR}"),
        ("1402-01", f"{ISLAMIC}, about 1981-10-30/1981-11-28 or 2023-03-21/2023-04-20 {SOLAR}"),
        ("1402-12", f"{ISLAMIC}, about 1982-09-20/1982-10-18 or 2024-02-20/2024-03-19 {SOLAR}"),
        ("1402", f"{ISLAMIC}, about 1981-10-30/1982-10-18 or 2023-03-21/2024-03-19 {SOLAR}"),
        ("1802", "the year 1802 is before 1900 — check the year [date-year]"),
        ("1396-13-01", f"{ISLAMIC} [date-hijri]"),
        ("1599-01-01", f"{ISLAMIC} [date-hijri]"),
        ("0017-03-17", "the year 17 is before 1900 — check the year [date-year]"),
        ("0000-00-00", "the year 0 is before 1900 — check the year [date-year]"),
        ("2107-03-17", "lies in the future — check the year [date-future]"),
        ("2017-02-31", "2017-02-31 is not a day of the calendar — check day and month [date-impossible]"),
        ("31/02/2017", "2017-02-31 is not a day of the calendar — check day and month [date-impossible]"),
        ("2017-03-00", f"2017-03-00 {NO_DAY} — write 2017-03 if only the month is known [date-impossible]"),
        ("0-5 March 2017", f"2017-03-00 {NO_DAY} — write 2017-03 if only the month is known [date-impossible]"),
        ("2017-00-00", f"2017-00-00 {NO_DAY} — check day and month [date-impossible]"),
        (
            "2017-03-21/2017-03-20",
            f"ends on 2017-03-20, before it starts on 2017-03-21 — {WRITE_BOTH}",
        ),
        ("42811", "is a spreadsheet's day number — write 2017-03-17 if its days count from 1900 [date-serial]"),
        ("2017-03-17 10:00 or 2017-04-18", UNREADABLE),
        ("2017-03-17T25:99", UNREADABLE),
        ("2017-03-17 14:00 to next day", UNREADABLE),
        ("last spring", UNREADABLE),
        ("201703", UNREADABLE),
    ],
)
def test_dates_that_are_refused(text: str, refusal: str) -> None:
    with pytest.raises(CellError) as raised:
        parse_dates(text)
    assert str(raised.value) == refusal


def test_the_order_of_day_and_month_is_said_not_guessed() -> None:
    assert parse_dates("03/04/2017", order="dmy").start == date(2017, 4, 3)
    assert parse_dates("03/04/2017", order="mdy").start == date(2017, 3, 4)
    assert parse_dates("03/04/2017 - 05/04/2017", order="dmy")[:2] == (date(2017, 4, 3), date(2017, 4, 5))
    with pytest.raises(CellError, match="2017-17-03 is not a day"):
        parse_dates("03/17/2017", order="dmy")


def test_only_days_beyond_twelve_prove_an_order() -> None:
    texts = ["03/04/2017", "17/03/2017", "03/17/2017", "31/02/2017", "2017-03-17-2017-03-18", "5/5/2017"]
    assert prove_order([*texts, "17.03.2017–18.03.2017"]) == {
        "dmy": ["17/03/2017", "17.03.2017–18.03.2017"],
        "mdy": ["03/17/2017"],
    }


def test_tomorrow_is_today_somewhere_and_a_slow_clock_is_not_believed() -> None:
    today = WRITTEN + timedelta(days=100)
    assert parse_dates(f"{today + timedelta(days=1)}", today=today).precision == "day"
    with pytest.raises(CellError, match="future"):
        parse_dates(f"{today + timedelta(days=2)}", today=today)
    assert parse_dates("2017-03-17", today=date(1970, 1, 1)).precision == "day"


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        start, end, precision = parse_dates(text)
    except CellError:
        return
    assert start <= end
    assert precision in DATE_PRECISIONS


@given(st.text(alphabet="0123456789٠١٢ -–/.,:TZ#MarchApilآذارwekofct"))
def test_texts_that_look_like_dates_are_dates_or_refused(text: str) -> None:
    try:
        assert parse_dates(text).start.year >= 1900
    except CellError:
        return


@given(
    st.dates(date(1900, 1, 1), WRITTEN), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%d %b. %Y"])
)
def test_a_written_day_reads_back(stated: date, form: str) -> None:
    assert parse_dates(stated.strftime(form)) == (stated, stated, "day")
