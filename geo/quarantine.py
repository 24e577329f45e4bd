"""Rows that cannot be used, set aside byte for byte with the reasons, so that the rest of a list can be."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from geo.errors import InputError, Problem, say_number
from geo.files import atomic_path
from geo.readers.rows import find_blank_head, slice_rows
from geo.readers.text import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

COLUMNS = ("quarantined_row", "quarantine_reasons")
"""Columns in front of those of the list; the rows are as they were once these two are taken off."""


def find_rows(incidents: pd.DataFrame, problems: Sequence[Problem], path: Path) -> set[int]:
    """Return the rows of all that has a problem.

    Raises
    ------
    InputError
        When a problem is one of the whole file or its header: then no row of it can be trusted.
    """
    if of_file := [problem for problem in problems if problem.row <= 1]:
        raise InputError(path.name, of_file)
    rows = {problem.row for problem in problems}
    spellings = {problem.value for problem in problems if problem.code == "actor-spellings"}  # named at one row of many
    if spellings:
        named = incidents["actors"].str.split("|").explode()
        rows |= set(named.index[named.isin(spellings)])
    return rows


def set_aside(incidents: pd.DataFrame, problems: Sequence[Problem], path: Path) -> tuple[pd.DataFrame, set[int]]:
    """Return the incidents that have no problem, and the rows of all that has one (see `find_rows`).

    Raises
    ------
    InputError
        When nothing is left: with every problem.
    """
    rows = find_rows(incidents, problems, path)
    kept = incidents[~incidents.index.isin(rows)]
    if kept.empty:
        wrong = f"holds no incidents beside {say_number(len(rows), 'refused row')}"
        raise InputError(path.name, [Problem(0, "", "", wrong, "correct what is wrong in them", "no-rows"), *problems])
    return kept, rows


def write_quarantine(
    source: Path, problems: Sequence[Problem], rows: set[int], path: Path, *, encoding: str, delimiter: str
) -> None:
    """Write the rows as CSV (UTF-8): row and reasons, then the row's own bytes under the header of ``source``."""
    reasons: dict[int, list[str]] = {row: [] for row in sorted(rows)}
    for problem in problems:
        about = f"{problem.column}: " * bool(problem.column)
        reasons[problem.row].append(f"{about}{problem.wrong} [{problem.code}]")
    data, _ = read_text(source, encoding=encoding, delimiter=delimiter)
    header = len(find_blank_head(data, delimiter).splitlines()) + 1
    texts = slice_rows(data, [header, *reasons])
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(_write_cells([*COLUMNS, ""], delimiter) + next(texts) + b"\n")
        for (row, why), text in zip(reasons.items(), texts, strict=True):
            file.write(_write_cells([row, "; ".join(why), ""], delimiter) + text + b"\n")


def _write_cells(cells: list[object], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="", delimiter=delimiter).writerow(cells)
    return text.getvalue().encode()
