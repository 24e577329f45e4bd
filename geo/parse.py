"""One cell in, one typed value or one refusal out: what every kind of cell shares, and counts of people."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, NoReturn

MAX_COUNT = 10_000_000
"""A larger number of people in one incident is a shifted column, not a count."""

_UNKNOWN = re.compile(r"|\?|unknown|unspecified|not (?:known|stated)|#?n/a|na|nan|null|غير (?:معروف|محدد)|مجهول")
_ZERO = re.compile(r"none|nil|zero|nobody|no (?:casualties|victims)|لا يوجد")
_NO_HURT = re.compile(r"no (?:injuries|injured|wounded)")
_NO_DEAD = re.compile(r"no (?:deaths|dead|fatalities|killed)")
SOFT_HYPHEN = "\u00ad"
"""Unseen in the middle of a line, a hyphen at its end: in a count or a date it is what is left of a dash."""
_MARKS = dict.fromkeys([0x061C, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
_THOUSANDS = re.compile(r"\d{1,3}(?:([, ٬])\d{3}(?:\1\d{3})*)?|\d+(?:\.0)?", re.ASCII)
DASHES = str.maketrans(dict.fromkeys(f"‐‑‒–—―−{SOFT_HYPHEN}", "-"))
"""Every dash as the one of the keyboard."""
_SPAN = re.compile(r"(?:between )?(\d[\d,٬ ]*?) ?(?:-|\bto\b) ?(\d[\d,٬ ]*)|between (\d[\d,٬ ]*?) and (\d[\d,٬ ]*)")
_NO_COUNTS = tuple(
    (re.compile(pattern), wrong, todo, code)
    for pattern, wrong, todo, code in (
        (r"None|-+", "may be nobody or a missing value", "write 0, or leave the cell empty", "count-unclear"),
        (r"- ?\d.*", "is below zero", "write how many people, 0 or more", "count-negative"),
        (r"\d{1,3}(\.\d{3})+", "may be a fraction or thousands", "write it without the dot", "count-unclear"),
        (r"\d*[.,]\d+", "is a fraction of a person", "write a whole number", "count-fraction"),
        (r"\d+(\.\d+)?[eE][+-]?\d+", "has an exponent", "write the number in full", "count-exponent"),
        (
            r"(?i:about|around|approx(?:\.|imately)?|circa|c\.|some|nearly|almost|roughly|~|≈) ?\d.*",
            "is an estimate",
            "write the range it stands for, as in '15-25' or 'at least 15'",
            "count-unreadable",
        ),
        (
            r"(?i:an? (?:few|dozen)|dozens|scores|hundreds|several|many|multiple)(?: .*)?",
            "is no number",
            "write the least that it says, as in 'at least 24', or leave the cell empty",
            "count-unreadable",
        ),
        (r"(\d+) ?-", "has no end", r"write '\1+' if it is the least, or the whole range", "count-unclear"),
        (r"(\d+) or (\d+)", "is two numbers", r"write '\1-\2' if it may be either", "count-unclear"),
        (
            r"(\d+) ?(?:/|and|&|;) ?(\d+)",
            "is two numbers",
            r"write '\1-\2' if it is a range; if they count different people, add them or give each its own column",
            "count-unclear",
        ),
        (r"(\d+) ?\(?\?\)?", "is in doubt", r"write '\1', or the range it may be", "count-unclear"),
        (
            r".*",
            "is not a whole number",
            "write the number, or a range such as '5-6' or '5+'; an empty cell means not known",
            "count-unreadable",
        ),
    )
)
"""What a cell that is no count looks like; the first that fits is said."""
_LEAST = re.compile(r"(?:at least|minimum|min\.?|>=|≥) ?(\d[\d,٬ ]*)|(\d[\d,٬ ]*?) ?(?:\+|or more)")
_MOST = re.compile(r"(?:up to|at most|maximum|max\.?|<=|≤) ?(\d[\d,٬ ]*)|(\d[\d,٬ ]*?) ?or (?:fewer|less)")

_OVER = re.compile(r"(?:more than|over|above|>) ?(\d[\d,٬ ]*)")
_UNDER = re.compile(r"(?:fewer than|less than|under|below|<) ?(\d[\d,٬ ]*)")


class CellError(ValueError):
    """A cell is refused.

    Parameters
    ----------
    wrong, todo, code
        As in `geo.errors.Problem`.
    """

    def __init__(self, wrong: str, todo: str, code: str) -> None:
        self.wrong, self.todo, self.code = wrong, todo, code
        super().__init__(f"{wrong} — {todo} [{code}]")


class CountRange(NamedTuple):
    """From-to of a count; a missing end is unknown. ``assumed``: the 0 is read from "up to", not stated."""

    minimum: int | None
    maximum: int | None
    assumed: bool = False


def refuse(wrong: str, todo: str, code: str) -> NoReturn:
    """Raise `CellError`."""
    raise CellError(wrong, todo, code)


def plain_cell(text: str) -> str:
    """Return ``text`` with ASCII digits and single spaces, without invisible marks.

    Digits of every script count (``٢٠١٧``, ``２０１７``); fractions and superscripts are no digits.
    """
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.translate(_MARKS))
    return " ".join(text.split())


def parse_count(text: str, of: str | None = None, *, decimal: str = ".") -> int | None:
    """Return the number of people in ``text``, ``None`` when it says that the number is not known.

    Parameters
    ----------
    of
        What is counted, one of `geo.schema.COUNTS`: "no injuries" is a zero of the injured alone. ``None`` when that
        is not known.
    decimal
        Decimal mark of the file: where that is a comma, ``12,000`` may be twelve.

    Raises
    ------
    CellError
        When the text is anything but a whole number, a word for zero, or a word for unknown.
    """
    cell = _plain_count(text)
    word = cell.casefold()
    if _UNKNOWN.fullmatch(word):
        return None
    if _is_zero(word, of) and cell != "None":  # a program's word for missing must not become a zero
        return 0
    if not _THOUSANDS.fullmatch(cell):
        _refuse_count(cell)
    if decimal == "," and "," in cell:
        refuse("may be a fraction or thousands", "write it without the comma", "count-unclear")
    count = int(re.sub(r"\.0$|[^\d.]", "", cell))
    if count > MAX_COUNT:
        refuse(f"is more than {MAX_COUNT:,} people", "check whether the columns have shifted", "count-too-large")
    return count


def _plain_count(text: str) -> str:
    """Return ``text`` as a plain cell; a space may part thousands, a line end or tab parts two cells."""
    if re.search(r"[\t\n\v\f\r\x85\u2028\u2029]", text.strip()):
        wrong, todo = "has more than one line", "write one number, or one range such as '12-300', in one line"
        refuse(wrong, todo, "count-lines")
    return plain_cell(text)


def _is_zero(word: str, of: str | None) -> bool:
    """Return whether a word says that there was nobody of those who are counted."""
    if not (_NO_HURT.fullmatch(word) or _NO_DEAD.fullmatch(word)):
        return bool(_ZERO.fullmatch(word))
    counted = _NO_HURT if of == "injured" else _NO_DEAD
    if of is None or not counted.fullmatch(word):
        todo = "write 0 only if nobody of those counted here is meant, else leave the cell empty"
        refuse("may speak of others than are counted here", todo, "count-others")
    return True


def _refuse_count(cell: str) -> NoReturn:
    cell = cell.translate(DASHES)
    word = cell.casefold()
    if _match_range(word) or _OVER.fullmatch(word) or _UNDER.fullmatch(word):
        todo = "write its lower number into the column of minima, its upper one into that of maxima"
        refuse("is a range", todo, "count-range")
    refuse(
        *next(
            (wrong, found.expand(todo), code)
            for pattern, wrong, todo, code in _NO_COUNTS
            if (found := pattern.fullmatch(cell))
        )
    )


def parse_range(text: str, of: str | None = None, *, decimal: str = ".") -> CountRange:
    """Return the from-to in ``text``: ``30-40``, ``30 to 40``, ``at least 30``, ``100+``, ``up to 200``, ``30``.

    "More than 30" is at least 31, "fewer than 30" up to 29.

    Parameters
    ----------
    of, decimal
        As in `parse_count`.

    Raises
    ------
    CellError
        When the text is none of these, or runs from the larger to the smaller number.
    """
    word = _plain_count(text).casefold().translate(DASHES)
    if over := _OVER.fullmatch(word):
        return CountRange((parse_count(over[1], decimal=decimal) or 0) + 1, None)
    if (under := _UNDER.fullmatch(word)) and (below := parse_count(under[1], decimal=decimal)):
        return CountRange(0, below - 1, assumed=True)
    if not (found := _match_range(word)):
        count = parse_count(text, of, decimal=decimal)
        return CountRange(count, count)
    least, most, assumed = found
    minimum = 0 if assumed else parse_count(least, decimal=decimal)
    maximum = parse_count(most, decimal=decimal)
    if minimum is not None and maximum is not None and minimum > maximum:
        refuse(f"runs down from {minimum} to {maximum}", "write the smaller number first", "min-above-max")
    return CountRange(minimum, maximum, assumed)


def _match_range(word: str) -> tuple[str, str, bool] | None:
    """Return the texts of the minimum and the maximum, and whether the minimum is only implied."""
    if found := _SPAN.fullmatch(word):
        return found[1] or found[3], found[2] or found[4], False
    if found := _LEAST.fullmatch(word):
        return found[1] or found[2], "", False
    if found := _MOST.fullmatch(word):
        return "", found[1] or found[2], True
    return None
