from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.parse import MAX_COUNT, CellError, parse_count, parse_range, plain_cell


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("007", 7),
        ("1472", 1472),
        ("1,472", 1472),
        ("1 472", 1472),
        ("1\u00a0472", 1472),
        ("1\u202f472", 1472),
        ("1,234,567", 1_234_567),
        ("٣٠", 30),
        ("١٬٤٧٢", 1472),
        ("۳۰", 30),
        ("30", 30),
        ("3.0", 3),  # what spreadsheets and pandas make of a column with gaps
        (" 12\u200f ", 12),
        ("none", 0),
        ("No casualties", 0),
        ("nil", 0),
        ("لا يوجد", 0),
        ("", None),
        ("?", None),
        ("unknown", None),
        ("Unknown", None),
        ("n/a", None),
        ("NaN", None),
        ("null", None),
        ("غير معروف", None),
    ],
)
def test_counts_that_are_read(text: str, count: int | None) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-5", "count-negative"),
        ("−5", "count-negative"),
        ("\u00ad5", "count-negative"),
        ("3.7", "count-fraction"),
        ("12,5", "count-fraction"),
        ("1.472", "count-unclear"),
        ("1e9", "count-exponent"),
        ("1_000", "count-unreadable"),
        ("0x10", "count-unreadable"),
        ("½", "count-unreadable"),
        ("²", "count-unreadable"),
        ("+5", "count-unreadable"),
        ("30 children", "count-unreadable"),
        ("dozens", "count-unreadable"),
        ("1,47", "count-fraction"),
        ("1,472 300", "count-unreadable"),
        ("30-40", "count-range"),
        ("30\u00ad40", "count-range"),
        ("12\n300", "count-lines"),
        ("12\r\n300", "count-lines"),
        ("12\t300", "count-lines"),
        ("no injuries", "count-others"),
        ("no deaths", "count-others"),
        ("100+", "count-range"),
        ("more than 100", "count-range"),
        ("-", "count-unclear"),
        ("—", "count-unclear"),
        ("None", "count-unclear"),  # a program's word for missing must not become a zero
        ("10000001", "count-too-large"),
    ],
)
def test_counts_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_count(text)
    assert refusal.value.code == code


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    with pytest.raises(CellError, match=r"^is below zero — write how many people, 0 or more \[count-negative\]$"):
        parse_count("-5")
    with pytest.raises(CellError, match="is a range — write its lower number into the column of minima, its upper one"):
        parse_count("5-6")


@pytest.mark.parametrize(
    ("text", "todo"),
    [
        ("~300", "as in '15-25' or 'at least 15'"),
        ("approximately 20", "as in '15-25' or 'at least 15'"),
        ("Dozens of people", "as in 'at least 24', or leave the cell empty"),
        ("a dozen", "as in 'at least 24', or leave the cell empty"),
        ("191-", "write '191+' if it is the least, or the whole range"),
        ("5 or 6", "write '5-6' if it may be either"),
        (
            "5 and 12",
            "write '5-12' if it is a range; if they count different people, add them or give each its own column",
        ),
        (
            "12/20",
            "write '12-20' if it is a range; if they count different people, add them or give each its own column",
        ),
        ("5?", "write '5', or the range it may be"),
        ("5 (?)", "write '5', or the range it may be"),
    ],
)
def test_what_is_unclear_is_refused_with_a_way_to_keep_what_it_says(text: str, todo: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_range(text)
    assert refusal.value.todo.endswith(todo)


@pytest.mark.parametrize(
    ("text", "minimum", "maximum", "assumed"),
    [
        ("30", 30, 30, False),
        ("30-40", 30, 40, False),
        ("30–40", 30, 40, False),
        ("30\u00ad40", 30, 40, False),
        ("30 — 40", 30, 40, False),
        ("30 to 40", 30, 40, False),
        ("between 30 and 40", 30, 40, False),
        ("٣٠–٤٠", 30, 40, False),
        ("1,000–1,500", 1000, 1500, False),
        ("0-5", 0, 5, False),
        ("at least 30", 30, None, False),
        ("≥30", 30, None, False),
        ("100+", 100, None, False),
        ("30 or more", 30, None, False),
        ("more than 100", 101, None, False),
        ("over 1,000", 1001, None, False),
        (">20", 21, None, False),
        ("fewer than 10", 0, 9, True),
        ("<10", 0, 9, True),
        ("up to 200", 0, 200, True),
        ("at most 200", 0, 200, True),
        ("none", 0, 0, False),
        ("unknown", None, None, False),
        ("", None, None, False),
    ],
)
def test_ranges_that_are_read(text: str, minimum: int | None, maximum: int | None, assumed: bool) -> None:  # noqa: FBT001  # a table
    assert parse_range(text) == (minimum, maximum, assumed)


@pytest.mark.parametrize(
    ("text", "code"),
    [("40-30", "min-above-max"), ("-5", "count-negative"), ("dozens", "count-unreadable"), ("30-", "count-unclear")],
)
def test_ranges_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_range(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("count", ["killed", "children", "women", "men", "combatants"])
def test_nobody_is_a_zero_of_those_it_is_said_of(count: str) -> None:
    assert parse_range("No deaths", count) == parse_range("no fatalities", count) == (0, 0, False)
    assert parse_range("no injuries", "injured") == parse_range("no casualties", count) == (0, 0, False)
    for text, other in (("no injuries", count), ("no deaths", "injured")):
        with pytest.raises(CellError, match="may speak of others than are counted here"):
            parse_range(text, other)


@given(st.text())
def test_any_text_is_a_count_or_refused(text: str) -> None:
    try:
        count = parse_count(text)
        low, high, _ = parse_range(text)
    except CellError:
        return
    assert low == high == count
    assert count is None or 0 <= count <= MAX_COUNT


words = st.sampled_from(
    ["", "?", "unknown", "n/a", "none", "None", "null", "0", "00", "0.0", "nobody", "-", "40", "~0"]
)


@given(st.one_of(st.text(max_size=4), words))
def test_only_a_stated_zero_is_a_zero(text: str) -> None:
    """A zero comes from zeros, or from a word that says "nobody"; never from nothing, a dash or "unknown"."""
    try:
        count = parse_count(text)
    except CellError:
        return
    if count == 0:
        digits = {unicodedata.decimal(c) for c in text if c.isdecimal()}
        assert digits == {0} or re.search(r"none|nil|zero|nobody|no |لا يوجد", text.lower())


@given(st.integers(0, MAX_COUNT), st.sampled_from(["{}", "{:,}", " {} "]))
def test_a_written_count_reads_back(count: int, form: str) -> None:
    assert parse_count(form.format(count)) == count


@given(st.integers(0, MAX_COUNT), st.integers(0, MAX_COUNT), st.sampled_from(["-", "–", " to ", " - "]))
def test_a_written_range_reads_back(a: int, b: int, joint: str) -> None:
    low, high = sorted((a, b))
    assert parse_range(f"{low}{joint}{high}") == (low, high, False)


def test_plain_cells_keep_fractions_and_drop_marks() -> None:
    assert plain_cell(" \u200f٢٠١٧\u00a0 ½² ") == "2017 ½²"
