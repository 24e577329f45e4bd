"""Tables beside the incidents, of claims, totals or coverage: each column read by one function of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from geo.actors import match_actors
from geo.dates import parse_dates
from geo.errors import InputError, Problem
from geo.parse import refuse
from geo.readers.cells import judge_header, judge_text, parse_cells
from geo.readers.columns import clean_text
from geo.readers.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from geo.actors import ActorNames


@dataclass(frozen=True)
class Column:
    """One column of such a table.

    Parameters
    ----------
    name
        Its name in the file and in the frame.
    parse
        What turns the text of a cell into a value or raises `geo.parse.CellError`; ``None`` takes the text as it is.
        An empty cell is missing and never asked.
    dtype
        pandas dtype of the column.
    must
        The file must have the column (``column``), and every row must fill it (``cell``).
    """

    name: str
    parse: Callable[[str], Any] | None = None
    dtype: Any = "str"
    must: str = ""


def read_records(path: Path | str, columns: Sequence[Column], *, what: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a table with exactly these columns, indexed by ``row``, and everything that is wrong in the file.

    Refused and empty cells are missing. Columns that the file lacks are missing throughout.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file.
    FileError
        When it cannot be read.
    InputError
        When it is no table, or lacks a column that it must have.
    """
    rows = read_rows(path, what=what)
    problems = [*rows.problems, *judge_header(rows.cells, [column.name for column in columns])]
    if missing := [column.name for column in columns if column.must and column.name not in rows.cells]:
        todo = f"the columns are {', '.join(column.name for column in columns)}"
        problems += [Problem(1, name, "", "is missing", todo, "missing-column") for name in missing]
        raise InputError(path, [problem for problem in problems if problem.severity == "error"])
    empty = pa.array([""] * len(rows.row), pa.string())
    frame = pd.DataFrame(index=pd.Index(rows.row, name="row"))
    for column in columns:
        cells = clean_text(rows.cells.get(column.name, empty))
        values, code, refused = parse_cells(column.name, cells, rows.row, partial(_parse, column=column))
        frame[column.name] = pd.array(values, dtype=column.dtype).take(code)
        problems += [*refused, *judge_text(column.name, cells, rows.row, is_name=column.parse is not None)]
    return frame, problems


def refuse_errors(path: Path | str, problems: Sequence[Problem]) -> None:
    """Raise `InputError` with the errors among the problems, when there are any."""
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise InputError(path, errors)


def _parse(text: str, *, column: Column) -> Any:  # noqa: ANN401 - as many types as columns
    if not text and column.must == "cell":
        refuse("is empty", "every row needs one", "empty-cell")
    return (column.parse(text) if column.parse else text) if text else None


def parse_day(text: str) -> date:
    """Return one day."""
    span = parse_dates(text)
    if span.precision != "day":
        refuse("is not one day", "write it as 2017-03-24", "date-no-day")
    return span.start


def parse_actor(text: str, *, names: ActorNames) -> str:
    """Return the id of one known actor."""
    actor = match_actors(text, names)
    if actor not in names.ids.values():
        refuse("is no known actor", "write the id of one, or list it in an --actors file", "unknown-actor")
    return actor
