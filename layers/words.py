"""The words of the page, for what Python draws: its script's own list (``templates/i18n.js``) serves both.

What only the report, or a comparison with totals, says stands in ``templates/report.json``, so that no page carries it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd

from layers.assets import read_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TITLES = {"en": "Documented incidents", "ar": "حوادث موثقة"}
"""Titles of products that were given none, by language."""
TITLE = TITLES["en"]
"""Title of a map that is given none."""
DIRECTIONS = {"en": "ltr", "ar": "rtl"}
"""Languages, with the direction they are read in."""
MONTHS = {
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
    "ar": "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول",
}
"""Names of the months, in Arabic the Levantine ones, as in the page."""
DOUBTS = {"unknownToll": "killed_unknown", "openToll": "killed_open"}
"""Words that must stand beside a toll, and which of `layers.counts.SUMS` they tell where it is not 0."""
LEFT, FIRST, END = "\u2066", "\u2068", "\u2069"
"""Begin a run read from left to right, one read as its first letter is, and end either (LRI, FSI, PDI)."""
_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"https?://[^\s|]+", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_LITERAL = re.compile(r"const STRINGS = (\{.*?\n\});", re.DOTALL)
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")|(\w+)(?=\s*:)|,(?=\s*[}\]])')


def isolate(text: str) -> str:
    """Return a text of the data in one line that touches no direction but its own, as ``<bdi>`` does in the page."""
    return f"{FIRST}{_BLANKS.sub(' ', _CONTROLS.sub('', text)).strip()}{END}"


def spell_addresses(text: str) -> str:
    """Return a text with marks of direction in addresses of the web as browsers ask for them, %E2%80%AE and the like.

    So no address is read as another, and it still leads where its source put it.
    """
    return _ADDRESS.sub(lambda address: _CONTROLS.sub(lambda mark: quote(mark[0]), address[0]), text)


def plain(text: str, words: Words) -> str:
    """Return words of a language for where nothing is mixed: from left to right, without marks of direction."""
    return text if words.is_rtl else _CONTROLS.sub("", text)


@cache
def _read_strings() -> dict[str, dict[str, Any]]:
    """Return the words by language: the page's, an object of JavaScript that is made JSON, and those of the report."""
    found = _LITERAL.search(read_template("i18n.js"))
    if found is None:
        message = "templates/i18n.js holds no STRINGS"
        raise LookupError(message)
    quoted = _TOKEN.sub(lambda m: m[1] or (f'"{m[2]}"' if m[2] else ""), found[1])
    strings: dict[str, dict[str, Any]] = json.loads(quoted)
    report: dict[str, dict[str, Any]] = json.loads(read_template("report.json"))
    return {language: words | report[language] for language, words in strings.items()}


@dataclass(frozen=True)
class Words:
    """What is said in one language, ``en`` or ``ar``."""

    language: str

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``: from where to where the language is read."""
        return DIRECTIONS[self.language]

    @property
    def is_rtl(self) -> bool:
        """Whether the language is read from right to left."""
        return self.direction == "rtl"

    def say(self, key: str, count: int | None = None, **slots: str) -> str:
        """Return the words of a key, its slots filled; ``count`` chooses the plural and fills ``n``.

        Raises
        ------
        KeyError
            When the page has no such words.
        """
        found: Any = _read_strings()[self.language]
        for part in key.split("."):
            found = found[part]
        if count is not None:
            found = found.get(self._plural(count), found["other"])
            slots = {"n": self.number(count), **slots}
        return re.sub(r"\{(\w+)\}", lambda m: slots.get(m[1], m[0]), found)

    def group(self, group: str) -> dict[str, str]:
        """Return all words of a group, by their names."""
        return dict(_read_strings()[self.language][group])

    def name(self, group: str, value: str) -> str:
        """Return the words of a value of the table ("village"); the value itself where a list has its own."""
        return str(_read_strings()[self.language][group].get(value, value))

    def _plural(self, n: int) -> str:
        """Return the plural category of a whole number (Unicode CLDR)."""
        if not self.is_rtl:
            return "one" if n == 1 else "other"
        few, many = range(3, 11), range(11, 100)
        return {0: "zero", 1: "one", 2: "two"}.get(n) or (
            "few" if n % 100 in few else "many" if n % 100 in many else "other"
        )

    def number(self, n: float) -> str:
        """Return a number; figures are read from left to right in every language."""
        return f"{LEFT}{n:,}{END}"

    def span(self, low: int, high: int) -> str:
        """Return two numbers as one text: ``105–141``, or ``40`` when they are the same."""
        return self.number(low) if low == high else f"{LEFT}{low:,}–{high:,}{END}"

    def toll(self, sums: pd.Series, count: str = "killed") -> str:
        """Return the range of a count of `layers.counts.total_ranges`: ``4–7 or more`` with an open maximum in it."""
        low, high, open_ = (sums[f"{count}_{part}"] for part in ("min", "max", "open"))
        if not open_ or pd.isna(low) or pd.isna(high) or low == high:
            return self.span_of(low, pd.NA if open_ else high)
        return self.say("orMore", range=self.span(int(low), int(high)))

    def doubts(self, sums: pd.Series) -> list[str]:
        """Return what must stand beside a toll: in how many incidents it is unknown, or has no maximum."""
        return [self.say(key, int(sums[name])) for key, name in DOUBTS.items() if sums[name]]

    def join(self, parts: Iterable[str]) -> str:
        """Return statements as one, with semicolons between them."""
        return ("؛ " if self.is_rtl else "; ").join(parts)

    def km(self, distance: float) -> str:
        """Return a distance in km."""
        return self.say("km", n=self.number(round(distance, 1) if distance % 1 else int(distance)))

    def day(self, day: date) -> str:
        """Return a day as people write it."""
        return f"{day.day} {self.month(day)} {day.year}"

    def iso_day(self, text: str) -> str:
        """Return an ISO day as people write it; other texts as they are."""
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:
            return isolate(text)

    def month(self, day: date) -> str:
        """Return the name of a day's month."""
        return MONTHS[self.language].split("|")[day.month - 1]

    def month_name(self, month: str) -> str:
        """Return a month of `layers.layer.incident_month` as people write it."""
        return self._month_of(date.fromisoformat(f"{month}-01")) if month[:1].isdigit() else self.say("otherDates")

    def _month_of(self, day: date) -> str:
        return f"{self.month(day)} {day.year}"

    def when(self, start: date, end: date, precision: str) -> str:
        """Return the date of an incident: a day, days, or the month where the day is not known."""
        if pd.isna(start):
            return self.say("unknown")
        return self._month_of(start) if precision == "month" else self.days(start, start if pd.isna(end) else end)

    def span_of(self, low: Any, high: Any) -> str:  # noqa: ANN401 - of whatever type a column is
        """Return a range; a bound that nobody gives is said to be none."""
        if pd.isna(low) and pd.isna(high):
            return self.say("unknown")
        if pd.isna(low):
            return self.say("upTo", n=self.number(int(high)))
        return self.say("atLeast", n=self.number(int(low))) if pd.isna(high) else self.span(int(low), int(high))

    def days(self, start: date, end: date) -> str:
        """Return first and last day as people write them: what they have in common is said once."""
        if start == end:
            return self.day(start)
        if (start.year, start.month) == (end.year, end.month):
            return f"{LEFT}{start.day}–{end.day}{END} {self.month(end)} {end.year}"
        first = f"{start.day} {self.month(start)}" if start.year == end.year else self.day(start)
        return f"{first} – {self.day(end)}"

    def period(self, incidents: pd.DataFrame) -> str:
        """Return first and last day of the incidents; empty when none has a day."""
        start, end = incidents["date_start"].min(), incidents[["date_start", "date_end"]].max().max()
        return "" if pd.isna(start) else self.days(start, end)

    def ranges(self, told: Mapping[str, Any]) -> str:
        """Return where ranges come from; ``told`` is what `layers.page.ledger.describe_ranges` returns."""
        group = "sourceKinds" if told["rule"] == "source-kind" else "gradings"
        words = self.say(f"ranges.{told['rule']}", value=self.name(group, told["value"]))
        return f"{words} {self.say('rangesKept', told['kept'])}" if told["kept"] else words

    def basis(self, told: Mapping[str, Any]) -> str:
        """Return what is said above everything: the day that is shown, ranges that are not the list's own, choices."""
        words = [self.say("asOf", day=self.iso_day(told["as_of"])), self.say("asOfListed")] if told["as_of"] else []
        words += [self.ranges(told)] if told["rule"] != "stated" else []
        counts = {"leftOut": told["left_out"], "leftOutUndated": told["undated"]}
        words += [self.say(key, count) for key, count in counts.items() if count]
        ends = {"onlyFrom": told["since"], "onlyUntil": told["until"]}
        words += [self.say(key, day=self.iso_day(day)) for key, day in ends.items() if day]
        names = [isolate((self.is_rtl and local) or label) for label, local in told["only"]]
        words += [self.say("onlyActors", names=self.say("or").join(names))] if names else []
        return " ".join([*words, *([self.say("setAside", told["set_aside"])] if told["set_aside"] else [])])

    def layer(self, layer: Mapping[str, Any], styles: Mapping[str, Any]) -> str:
        """Return the words of a layer: its actors' names, and how they share the incident."""
        names = [isolate((self.is_rtl and styles[a]["label_ar"]) or styles[a]["label"]) for a in layer["actors"]]
        how = layer["attribution"]
        if len(names) > 1 and how == "shared":
            return " · ".join(names)
        listed = self.say("and" if how == "joint" else "or").join(names)
        return self.say(how, names=listed) if len(names) > 1 else listed
