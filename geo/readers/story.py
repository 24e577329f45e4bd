"""The TOML file of a story (see `geo.story`): read, with every problem found at once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from geo.actors import index_actors, match_actors
from geo.dates import parse_dates
from geo.errors import FileError, InputError, Problem, show_value
from geo.files import require_file
from geo.parse import CellError
from geo.reference import reference_path
from geo.spelling import find_nearest, fold_spelling
from geo.story import ALL, COMPARISONS, KEYS, LISTS, Check, Statement, Story, write_period

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from geo.actors import ActorNames
    from geo.story import Operand, Scope

MAX_BYTES = 1_000_000
MAX_NUMBER = 10**12
_STORY = ("title", "by", "published", "url", "statement")
_STATEMENT = ("id", "says", "by", "note", "scope", "check")
_CHECK = ("left", "is", "right", "minus", "of", "note")


@dataclass(frozen=True, order=True)
class StoryProblem(Problem):
    """One thing wrong with a story: ``row`` is the number of the statement, ``column`` the key in it."""

    def message(self, path: Path | str) -> str:
        """Return ``FILE: statement N key 'KEY': value 'X' — what is wrong — what to do [CODE]``."""
        where = f"{path}: statement {self.row}" if self.row else f"{path}"
        key = f" key '{show_value(self.column)}':" if self.column else ":"
        value = f" value '{show_value(self.value)}'" if self.value else ""
        return f"{where}{key}{value} — {self.wrong} — {self.todo} [{self.code}]".replace(": —", " —")


@dataclass
class _Reader:
    """Takes texts, tables and numbers out of what the file holds, and keeps every problem met on the way."""

    names: ActorNames
    problems: list[StoryProblem] = field(default_factory=list)
    number: int = 0

    def refuse(self, key: str, value: object, wrong: str, todo: str, code: str) -> None:
        self.problems.append(StoryProblem(self.number, key, "" if value is None else str(value), wrong, todo, code))

    def judge_keys(self, table: Mapping[str, Any], known: Collection[str], where: str = "") -> None:
        for key in table:
            if key not in known:
                near = find_nearest(key, {fold_spelling(name): name for name in known})
                todo = f"rename it to '{near}'" if near else f"use {', '.join(known)}"
                wrong = "is not a key of this table" + (f"; did you mean '{near}'?" if near else "")
                self.refuse(f"{where}{key}", None, wrong, todo, "unknown-key")

    def take_text(self, table: Mapping[str, Any], key: str, *, must: bool = False) -> str:
        value = table.get(key)
        if isinstance(value, date):
            return value.isoformat()
        if (value is None and not must) or (isinstance(value, str) and (value.strip() or not must)):
            return (value or "").strip()
        self.refuse(key, value, "is missing" if value is None else "is no text", "write it in quotes", "no-text")
        return ""

    def take_tables(self, table: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
        tables = table.get(key)
        if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
            name = "[[statement]]" if key == "statement" else "[[statement.check]]"
            self.refuse(key, None, "is missing or no list of tables", f"write each under {name}", "no-table")
            return
        yield from tables

    def take_scope(self, table: object, where: str) -> Scope:
        """Return the keys of a figure, each as a tuple of texts; what is wrong is refused and left out."""
        if not isinstance(table, dict):
            self.refuse(where, table, "is no table", 'write it as { actor = "isis" }', "no-table")
            return {}
        known = ("from", *dict.fromkeys(key for keys in KEYS.values() for key in keys))
        self.judge_keys(table, known, f"{where}.")
        scope: Scope = {}
        for key, value in ((key, value) for key, value in table.items() if key in known):
            texts = [
                v.isoformat() if isinstance(v, date) else v for v in (value if isinstance(value, list) else [value])
            ]
            if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
                self.refuse(f"{where}.{key}", value, "is no text", "write it in quotes", "no-text")
            elif len(texts) > 1 and key not in LISTS:
                self.refuse(f"{where}.{key}", value, "is a list", f"only {', '.join(LISTS)} may be lists", "no-list")
            else:
                scope[key] = tuple(
                    dict.fromkeys(self._read_value(key, text.strip(), f"{where}.{key}") for text in texts)
                )
        return scope

    def _read_value(self, key: str, text: str, where: str) -> str:
        try:
            if key == "from" and text not in KEYS:
                self.refuse(where, text, "is no kind of rows", f"write one of {', '.join(KEYS)}", "from")
            elif key == "actor" and text != ALL:
                return match_actors(text, self.names)
            elif key == "period":
                span = parse_dates(text)
                return write_period(span.start, span.end)
            elif key == "as_of" and parse_dates(text).precision != "day":
                self.refuse(where, text, "is not one day", "write it as 2017-03-24", "date-no-day")
        except CellError as error:
            self.refuse(where, text, error.wrong, error.todo, error.code)
        return text

    def take_number(self, value: object, where: str) -> Fraction:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if number.is_finite() and abs(number) <= MAX_NUMBER:
                return Fraction(number)
        self.refuse(where, value, "is no number", f"write digits, up to {MAX_NUMBER:,}", "no-number")
        return Fraction(0)


def read_story(path: Path | None = None, *, actors: pd.DataFrame) -> Story:
    """Return the statements of a story, the built-in one when ``path`` is None.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file.
    FileError
        When it cannot be read.
    InputError
        When it is no TOML, or with everything that is wrong in it.
    """
    path = require_file(path or reference_path("story.toml"))
    table, reader = _read_toml(path), _Reader(index_actors(actors))
    reader.judge_keys(table, _STORY)
    title, by, published, url = (reader.take_text(table, key) for key in _STORY[:4])
    statements = []
    for number, part in enumerate(reader.take_tables(table, "statement"), start=1):
        reader.number = number
        statements.append(_read_statement(part, by, reader))
    ids = [statement.id for statement in statements]
    for reader.number, name in enumerate(ids, start=1):
        if name and name in ids[: reader.number - 1]:
            reader.refuse("id", name, "is the id of an earlier statement", "give each its own", "duplicate-id")
    if reader.problems:
        raise InputError(path.name, reader.problems)
    return Story(title, by, published, url, tuple(statements))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise FileError(message) from error
    if len(data) > MAX_BYTES:
        wrong = f"is larger than {MAX_BYTES / 1e6:g} MB"
        raise InputError(path.name, [StoryProblem(0, "", "", wrong, "split it", "file-too-large")])
    try:
        return tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        wrong = f"is no TOML: {show_value(str(error))}"
        raise InputError(path.name, [StoryProblem(0, "", "", wrong, "correct it there", "not-toml")]) from error


def _read_statement(table: Mapping[str, Any], by: str, reader: _Reader) -> Statement:
    reader.judge_keys(table, _STATEMENT)
    name, says = (reader.take_text(table, key, must=True) for key in ("id", "says"))
    scope = reader.take_scope(table["scope"], "scope") if "scope" in table else {}
    checks = [
        _read_check(part, scope, f"check {number}: ", reader)
        for number, part in enumerate(reader.take_tables(table, "check"), start=1)
    ]
    return Statement(name, says, reader.take_text(table, "by") or by, reader.take_text(table, "note"), tuple(checks))


def _read_check(table: Mapping[str, Any], scope: Scope, where: str, reader: _Reader) -> Check:
    reader.judge_keys(table, _CHECK, where)
    word = reader.take_text(table, "is")
    comparison = word.removeprefix("not ")
    if comparison not in COMPARISONS:
        todo = f"write one of {', '.join(COMPARISONS)}, or 'not' and one of them"
        reader.refuse(f"{where}is", word, "is no comparison", todo, "comparison")
    if {"minus", "of"} <= table.keys():
        reader.refuse(f"{where}of", None, "stands beside minus", "write two checks", "minus-of")
    parts = {key: reader.take_scope(table[key], where + key) for key in ("minus", "of") if key in table}
    left: Operand
    if isinstance(table.get("left"), dict):
        left = scope | reader.take_scope(table["left"], f"{where}left")
    else:
        left = (reader.take_number(table.get("left"), f"{where}left"),) * 2
        parts = {key: scope | part for key, part in parts.items()}
    check = Check(
        left,
        comparison,
        _read_right(table.get("right"), comparison, f"{where}right", reader),
        parts.get("minus"),
        parts.get("of"),
        negated=word.startswith("not "),
        half=Fraction(10) ** _exponent(table.get("right")) / 2 if "of" in table else Fraction(0),
        note=reader.take_text(table, "note"),
    )
    _judge_figures(check, where, reader)
    return check


def _exponent(value: object) -> int:
    """Return the exponent of the last decimal a number is written with, 0 for whole ones."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return min(exponent, 0) if isinstance(exponent, int) else 0


def _read_right(value: object, comparison: str, where: str, reader: _Reader) -> Operand | str | None:
    """Return what stands on the right, held to what the comparison needs there."""
    wanted = COMPARISONS.get(comparison, ())
    if isinstance(value, dict) and "figure" in wanted:
        return reader.take_scope(value, where)
    if "number" in wanted and value is not None and not isinstance(value, list):
        return (reader.take_number(value, where),) * 2
    if "range" in wanted and isinstance(value, list) and len(value) == 2:  # noqa: PLR2004  # from, to
        low, high = (reader.take_number(end, where) for end in value)
        if low > high:
            reader.refuse(where, value, "runs down", "write the smaller number first", "min-above-max")
        return low, high
    if "text" in wanted and isinstance(value, str) and value.strip():
        return value.strip()
    if wanted and not (value is None and "nothing" in wanted):
        shapes = {"number": "a number", "figure": "a table", "range": "[from, to]", "text": "a text"}
        todo = f"'{comparison}' needs {' or '.join(shapes[name] for name in wanted if name in shapes)} on the right"
        reader.refuse(where, value, "is missing" if value is None else "does not fit", todo, "right")
    return None


def _judge_figures(check: Check, where: str, reader: _Reader) -> None:
    """Refuse figures that say not what they are taken from, or use keys of other rows."""
    figures = {"left": check.left, "minus": check.minus, "of": check.of, "right": check.right}
    for name, figure in figures.items():
        if not isinstance(figure, dict):
            continue
        whole = check.resolve(figure)
        origin = whole["from"][0]
        if not origin:
            todo = f"write from = one of {', '.join(KEYS)} there or in the statement's scope"
            reader.refuse(f"{where}{name}", None, "does not say what it is taken from", todo, "from")
            continue
        if odd := [key for key in figure if key not in ("from", *KEYS.get(origin, figure))]:
            todo = f"figures from {origin} have {', '.join(KEYS[origin])}"
            reader.refuse(
                f"{where}{name}", None, f"has {', '.join(odd)}, which {origin} have not", todo, "key-of-other-rows"
            )
        if not {"measure", "total", "claim"} & whole.keys() and check.comparison != "in":
            reader.refuse(f"{where}{name}", None, "does not say what is counted", "add measure", "no-measure")
