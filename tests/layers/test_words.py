from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from layers.words import Words, isolate, plain

EN, AR = Words("en"), Words("ar")


def read(text: str) -> str:
    return plain(text, EN)


def test_the_words_are_those_of_the_page() -> None:
    assert EN.say("killed") == "Civilians killed"
    assert EN.name("precisions", "admin1") == "Governorate"
    assert AR.name("precisions", "قائمة") == "قائمة"
    with pytest.raises(KeyError):
        EN.say("no such words")


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "لا حوادث"),
        (1, "حادثة واحدة"),
        (2, "حادثتان"),
        (3, "3 حوادث"),
        (11, "11 حادثة"),
        (103, "103 حوادث"),
        (100, "100 حادثة"),
    ],
)
def test_arabic_has_six_plurals(n: int, text: str) -> None:
    assert read(AR.say("incidents", n)) == text


def test_english_has_two_plurals_and_groups_thousands() -> None:
    assert [read(EN.say("incidents", n)) for n in (0, 1, 1234)] == ["0 incidents", "1 incident", "1,234 incidents"]


@pytest.mark.parametrize(
    ("low", "high", "open_", "text"),
    [
        (1, 2, 0, "1–2"),
        (3, 3, 0, "3"),
        (None, 4, 0, "up to 4"),
        (None, None, 0, "unknown"),
        (0, 0, 0, "0"),
        (1000, 2052, 0, "1,000–2,052"),
        (6, 7, 1, "6–7 or more"),
        (6, 6, 1, "at least 6"),
    ],
)
def test_a_toll_is_a_range_and_unknown_is_said(low: int | None, high: int | None, open_: int, text: str) -> None:
    sums = pd.Series({"killed_min": low, "killed_max": high, "killed_open": open_}, dtype="Int64")
    assert read(EN.toll(sums)) == text


@pytest.mark.parametrize(
    ("start", "end", "english", "arabic"),
    [
        (date(2017, 2, 6), date(2017, 5, 29), "6 February – 29 May 2017", "6 شباط – 29 أيار 2017"),
        (date(2017, 2, 6), date(2017, 2, 9), "6–9 February 2017", "6–9 شباط 2017"),
        (date(2016, 2, 6), date(2017, 2, 9), "6 February 2016 – 9 February 2017", "6 شباط 2016 – 9 شباط 2017"),
        (date(2017, 3, 5), date(2017, 3, 5), "5 March 2017", "5 آذار 2017"),
    ],
)
def test_days_are_written_as_people_do(start: date, end: date, english: str, arabic: str) -> None:
    assert read(EN.days(start, end)) == english
    assert read(AR.days(start, end)) == arabic


def test_a_text_of_the_data_turns_nothing_around_it() -> None:
    shown = isolate("a\u202eb\u2069\nc\x00d")
    assert shown == "\u2068ab c d\u2069"
    assert not re.search("[\u202a-\u202e]", shown)
