"""Small tables beside the list of incidents, each with fields of its own: claims, findings, totals, coverage, terms."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.actors import index_actors, match_actors
from geo.check import check_links
from geo.dates import parse_dates
from geo.errors import Problem
from geo.parse import parse_count, refuse
from geo.readers.cells import judge_header, judge_text, parse_cells
from geo.readers.columns import clean_text, read_choice, read_number, read_text
from geo.readers.rows import read_rows
from geo.schema import DTYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from typing import Any

    from geo.actors import ActorNames
    from geo.dates import DateOrder
    from geo.errors import Severity
    from geo.readers.columns import Read
    from geo.readers.rows import Rows
    from geo.schema import Field


def read_records(
    path: Path | str,
    fields: Sequence[Field],
    *,
    what: str,
    required: Sequence[str],
    synonyms: Mapping[str, str] = MappingProxyType({}),
    actors: pd.DataFrame,
    date_order: DateOrder | None = None,
    everybody: str = "",
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the rows of a CSV file as a typed frame, and what is wrong with its cells; refused cells are missing.

    Parameters
    ----------
    path
        A CSV file (UTF-8).
    fields
        Its columns; the first one holds the ids when it is of that kind.
    what
        What a row is, in the plural.
    required
        Columns that must be there, and filled in every row.
    synonyms
        Columns of other tables that stand for one of these.
    actors
        Known actors; another one is a problem.
    date_order
        Whether the day or the month comes first in ``03/04/2017``; ``None`` refuses such dates.
    everybody
        What a cell of actors may say instead of being empty.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file.
    FileError
        When it cannot be read.
    InputError
        When it is no table at all.
    """
    rows = read_rows(path, what=what)
    problems = [*rows.problems, *judge_header(rows.cells, [f.name for f in fields], synonyms)]
    missing = [name for name in required if name not in rows.cells]
    problems += [Problem(1, name, "", "is missing", "add it to the header", "missing-column") for name in missing]
    names = index_actors(actors)
    columns: dict[str, Any] = {}
    for field in fields:
        if field.name in rows.cells:
            column, wrong = _read_column(rows, field, names, date_order, everybody)
            columns |= column
            problems += wrong
    index = pd.Index(rows.row, name="row")
    frame = pd.DataFrame(
        {f.name: pd.Series(columns.get(f.name), index=index, dtype=DTYPES[f.kind]) for f in fields}, index=index
    )
    refused = {(p.row, p.column) for p in problems}
    for name in [name for name in required if name in rows.cells]:
        empty = frame[frame[name].isna() & ~frame.index.isin([row for row, column in refused if column == name])]
        problems += tell_rows(empty, name, wrong="is empty", todo="every row needs it", code="cell-empty")
    if fields[0].kind == "id":
        problems += _judge_ids(frame, fields[0].name)
    for field in fields:
        if field.kind == "urls":
            problems += check_links(frame[field.name].dropna(), field.name)
        elif field.kind == "actors":
            problems += _judge_actors(frame, field.name, actors.index)
    return frame, problems


def tell_rows(
    frame: pd.DataFrame,
    column: str,
    *,
    wrong: str | Iterable[str],
    todo: str,
    code: str,
    severity: Severity = "error",
) -> list[Problem]:
    """Return one problem for each row; ``wrong`` may differ from row to row."""
    reasons = [wrong] * len(frame) if isinstance(wrong, str) else wrong
    cells = frame[column].astype("str").fillna("")
    return [
        Problem(int(row), column, cell, reason, todo, code, severity)
        for row, cell, reason in zip(frame.index, cells, reasons, strict=True)
    ]


def _read_column(rows: Rows, field: Field, names: ActorNames, order: DateOrder | None, everybody: str) -> Read:
    if field.kind == "choice":
        return read_choice(rows, field)
    if field.kind == "number":
        return read_number(rows, field.name)
    if field.kind == "day":
        values, code, problems = parse_cells(
            field.name, rows.cells[field.name], rows.row, partial(_parse_day, order=order)
        )
        return {field.name: np.array(values, dtype="datetime64[us]")[code]}, problems
    if field.kind == "count":
        counts, code, problems = parse_cells(field.name, rows.cells[field.name], rows.row, parse_count)
        return {field.name: pd.array(counts, dtype="Int64").take(code)}, problems
    if field.kind == "actors":
        cells = clean_text(rows.cells[field.name])
        ids, code, problems = parse_cells(
            field.name, cells, rows.row, partial(_parse_actors, names=names, everybody=everybody)
        )
        problems += judge_text(field.name, cells, rows.row, is_name=True)
        return {field.name: pd.Series(ids, dtype="str").array.take(code)}, problems
    return read_text(rows, field.name)


def _parse_day(text: str, *, order: DateOrder | None) -> date | None:
    if not text:
        return None
    span = parse_dates(text, order=order)
    if span.precision != "day":
        refuse("is not one day", "write the day; leave it empty when it is not known", "not-a-day")
    return span.start


def _parse_actors(text: str, *, names: ActorNames, everybody: str) -> str | None:
    return match_actors(text, names) if text and text.casefold() != everybody else None


def _judge_ids(frame: pd.DataFrame, column: str) -> list[Problem]:
    """Return a problem for every id that an earlier row has already."""
    ids = frame[column]
    first = {text: row for row, text in reversed(list(ids.items()))}
    twice = frame[ids.notna() & ids.duplicated()]
    again = [f"is also the id of row {first[text]}" for text in twice[column]]
    return tell_rows(twice, column, wrong=again, todo="give each row its own id", code="id-twice")


def _judge_actors(frame: pd.DataFrame, column: str, known: Iterable[str]) -> list[Problem]:
    named = frame[column].str.split("|").explode().dropna()
    strange = frame.loc[named.index[~named.isin(list(known))].unique()]
    wrong = "is no known actor, and no incident of the list names it"
    return tell_rows(strange, column, wrong=wrong, todo="list it in an --actors file", code="actor-unknown")
