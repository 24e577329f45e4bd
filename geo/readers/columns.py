"""One column of text into typed columns of the incident table, with a problem for every cell that is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyproj

from geo.actors import match_actors
from geo.coordinates import DECIMALS, LIMIT, parse_degrees, parse_mgrs
from geo.dates import parse_dates, prove_order
from geo.errors import Problem
from geo.parse import parse_count, parse_range, plain_cell, refuse
from geo.readers.cells import judge_text, parse_cells
from geo.spelling import find_nearest, fold_spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.actors import ActorNames
    from geo.coordinates import Axis
    from geo.dates import DateOrder
    from geo.readers.rows import Rows
    from geo.schema import Field

    Read = tuple[dict[str, Any], list[Problem]]

EXACT = ".15g"
"""How figures are written: whole numbers as they are, and of the others what a float is good for."""

FORMULA = r"('*[=+\-@＝＋－＠])"
"""Start of a text that a spreadsheet would compute; in files such a text has one ``'`` more in front."""

NAMES = frozenset(
    (
        *("incident_id", "place", "place_local", "admin1", "admin2", "country", "mgrs", "actors", "event_type"),
        *("claim_id", "finding_id", "source", "supersedes", "location"),
    )
)
"""Columns of names, where a character that turns the direction of the text is refused."""

SLACK_KM = 1.0
"""How far coordinates may lie outside the cell of the same incident's MGRS reference."""

_PLAIN_DEGREES = r"^-?\d{1,3}(\.\d{1,15})?$"
_SHOWN_PROOFS = 3
_FIRST = {"dmy": "day", "mdy": "month"}
_WGS84 = pyproj.Geod(ellps="WGS84")


def clean_text(cells: pa.Array) -> pa.Array:
    """Return the text of cells: as it was before `guard_text`, with plain line ends."""
    if pc.any(pc.starts_with(cells, "'")).as_py():
        cells = pc.replace_substring_regex(cells, f"^'{FORMULA}", r"\1")
    return _plain_text(cells)


def guard_text(texts: pa.Array) -> pa.Array:
    """Return the cells for texts: what a spreadsheet would compute gets one ``'`` more in front."""
    texts = _plain_text(texts)
    if pc.any(pc.match_substring_regex(texts, f"^{FORMULA}")).as_py():
        texts = pc.replace_substring_regex(texts, f"^{FORMULA}", r"'\1")
    return texts


def format_table(table: pd.DataFrame) -> str:
    """Return a table as CSV: days as ``2017-03-01``, numbers as they are, texts as `guard_text` makes them."""
    guarded = table.copy()
    for name in table.select_dtypes(exclude=["number", "datetime"]):
        texts = pa.array(table[name].astype("str"), pa.string(), from_pandas=True)
        guarded[name] = guard_text(texts).to_pandas().to_numpy()
    return guarded.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d", float_format=f"%{EXACT}")


def _plain_text(texts: pa.Array) -> pa.Array:
    """Return texts without spaces at their ends and with one kind of line end."""
    if pc.any(pc.match_substring(texts, "\r")).as_py():
        texts = pc.replace_substring_regex(texts, "\r\n?", "\n")
    return pc.utf8_trim_whitespace(texts)


def read_text(rows: Rows, name: str) -> Read:
    """Return a column of text as it stands."""
    cells = clean_text(rows.cells[name])
    text = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells).to_pandas().array
    return {name: text}, judge_text(name, cells, rows.row, is_name=name in NAMES)


def read_choice(rows: Rows, field: Field) -> Read:
    """Return a column of fixed words; case does not matter."""
    parse = partial(_parse_choice, choices=field.choices)
    values, code, problems = parse_cells(field.name, rows.cells[field.name], rows.row, parse)
    return {field.name: _take(values, code, "str")}, problems


def _parse_choice(text: str, *, choices: Sequence[str]) -> str | None:
    word = plain_cell(text).casefold()
    if word and word not in choices:
        nearest = find_nearest(word, {fold_spelling(choice): choice for choice in choices})
        hint = f"; did you mean '{nearest}'?" if nearest else ""
        refuse(f"is no value of this column{hint}", f"write one of {', '.join(choices)}", "choice")
    return word or None


def read_number(rows: Rows, name: str) -> Read:
    """Return a column of numbers from 0."""
    values, code, problems = parse_cells(name, rows.cells[name], rows.row, _parse_number)
    return {name: _take(values, code, "Float64")}, problems


def _parse_number(text: str) -> float | None:
    try:
        number = float(text) if text else None
    except ValueError:
        number = math.nan
    if number is not None and not 0 <= number < math.inf:
        refuse("is not a number from 0", "write it in digits with a decimal point", "number")
    return number


def read_actor_cells(rows: Rows, names: ActorNames) -> Read:
    """Return the actors of each incident as ids."""
    cells = clean_text(rows.cells["actors"])
    values, code, problems = parse_cells("actors", cells, rows.row, partial(match_actors, names=names))
    return {"actors": _take(values, code, "str")}, [*problems, *judge_text("actors", cells, rows.row, is_name=True)]


def read_dates(rows: Rows, order: DateOrder | None) -> Read:
    """Return first and last day and the precision of each incident's ``date``."""
    spans, code, problems = parse_cells("date", rows.cells["date"], rows.row, partial(parse_dates, order=order))
    first, last = (np.array([span and span[end] for span in spans], dtype="datetime64[us]")[code] for end in (0, 1))
    precision = _take([span and span.precision for span in spans], code, "str")
    problems = _tell_order(problems, rows, order)
    return {"date_start": first, "date_end": last, "date_precision": precision}, problems


def _tell_order(problems: list[Problem], rows: Rows, order: DateOrder | None) -> list[Problem]:
    """Return the problems, with the rows that prove the file's order of day and month.

    Rows that prove another order than the one that was said put all rows in doubt that either order can read: the file
    is refused as a whole.
    """
    if not problems:
        return problems
    first = dict(zip(reversed(rows.cells["date"].to_pylist()), reversed(rows.row.tolist()), strict=True))
    proofs = {name: sorted(first[text] for text in texts) for name, texts in prove_order(first).items() if texts}
    if not proofs or list(proofs) == [order]:
        return problems
    where = [
        f"the {_FIRST[n]} first in row {', '.join(map(str, proof[:_SHOWN_PROOFS]))}" for n, proof in proofs.items()
    ]
    wrong = f"has {' and '.join(where)}"
    todo = "write all days as 2017-03-17" if len(proofs) > 1 else f"run again with --date-order {next(iter(proofs))}"
    if order:
        return [Problem(1, "date", "", wrong, todo, "date-orders"), *problems]
    told = f"the file {wrong}: {todo}"
    return [replace(problem, todo=told) if problem.code == "date-order" else problem for problem in problems]


def read_counts(rows: Rows, count: str, *, decimal: str) -> Read:
    """Return the minimum and maximum of a count, from two columns or from one with ranges."""
    low, high = f"{count}_min", f"{count}_max"
    if count in rows.cells:
        return _read_range(rows, count, decimal)
    columns, problems = {}, []
    for name in (low, high):
        if name in rows.cells:
            parse = partial(parse_count, of=count, decimal=decimal)
            values, code, wrong = parse_cells(name, rows.cells[name], rows.row, parse)
            columns[name] = _take(values, code, "Int64")
            problems += wrong
    return columns, problems


def _read_range(rows: Rows, count: str, decimal: str) -> Read:
    low, high = f"{count}_min", f"{count}_max"
    parse = partial(parse_range, of=count, decimal=decimal)
    spans, code, problems = parse_cells(count, rows.cells[count], rows.row, parse)
    if twice := [name for name in (low, high) if name in rows.cells]:
        wrong, todo = f"says the same as {' and '.join(twice)}", "keep one of them"
        problems.append(Problem(1, count, "", wrong, todo, "count-twice"))
    assumed = np.array([bool(span and span.assumed) for span in spans], dtype=bool)[code]
    wrong, todo = "names no minimum: read as 0", f"write {low} and {high} if more is known"
    for at in np.flatnonzero(assumed):
        text = rows.cells[count][at].as_py()
        problems.append(Problem(int(rows.row[at]), count, text, wrong, todo, "minimum-assumed", "finding"))
    ends = {low: [span and span.minimum for span in spans], high: [span and span.maximum for span in spans]}
    return {name: _take(values, code, "Int64") for name, values in ends.items()}, problems


def read_position(rows: Rows, *, decimal: str) -> Read:
    """Return latitude, longitude and MGRS of each incident; a reference alone gives the coordinates of its centre."""
    degrees: dict[str, Any] = {}
    problems = []
    for axis in LIMIT:
        degrees[axis], wrong = _read_degrees(rows, axis, decimal)
        problems += wrong
    problems += _judge_halves(rows)
    if "mgrs" not in rows.cells:
        return degrees, problems
    cells, code, wrong = parse_cells("mgrs", rows.cells["mgrs"], rows.row, parse_mgrs)
    centre = np.array([cell or (np.nan,) * 3 for cell in cells], dtype=float).reshape(-1, 3)[code]
    for number, axis in enumerate(LIMIT):
        degrees[axis] = degrees[axis].fillna(pd.array(centre[:, number], dtype="Float64"))
    problems += [*wrong, *_judge_agreement(rows, degrees, centre)]
    return {**degrees, **read_text(rows, "mgrs")[0]}, problems


def _read_degrees(rows: Rows, axis: Axis, decimal: str) -> tuple[Any, list[Problem]]:
    """Return a column of coordinates: plain decimal degrees all at once, what is written otherwise cell by cell."""
    cells = rows.cells.get(axis, pa.array([""] * len(rows.row), pa.string()))
    plain = pc.match_substring_regex(cells, _PLAIN_DEGREES)
    degrees = pc.if_else(plain, cells, pa.scalar(None, pa.string())).cast(pa.float64()).to_numpy(zero_copy_only=False)
    degrees = np.round(degrees, DECIMALS) + 0.0  # never -0.0
    other = ~(np.abs(degrees) <= LIMIT[axis])
    parse = partial(parse_degrees, axis=axis, decimal=decimal)
    values, code, problems = parse_cells(axis, cells.filter(pa.array(other)), rows.row[other], parse)
    degrees[other] = np.array(values, dtype=float)[code]
    return pd.array(degrees, dtype="Float64"), problems


def _judge_halves(rows: Rows) -> list[Problem]:
    """Return a problem for every incident with a latitude alone or a longitude alone."""
    if not all(axis in rows.cells for axis in LIMIT):
        return []
    filled = {axis: pc.not_equal(rows.cells[axis], "").to_numpy(zero_copy_only=False) for axis in LIMIT}
    problems = []
    for axis, other in (("latitude", "longitude"), ("longitude", "latitude")):
        wrong, todo = f"is empty, but there is a {other}", "write both or neither"
        problems += [
            Problem(int(row), axis, "", wrong, todo, "coordinate-half")
            for row in rows.row[~filled[cast("Axis", axis)] & filled[cast("Axis", other)]]
        ]
    return problems


def _judge_agreement(rows: Rows, degrees: dict[str, Any], centre: NDArray[np.float64]) -> list[Problem]:
    """Return a problem for every incident whose coordinates lie outside its own MGRS cell."""
    latitude, longitude = (degrees[axis].to_numpy(dtype=float, na_value=np.nan) for axis in LIMIT)
    both = np.flatnonzero(~np.isnan(latitude + longitude + centre[:, 0]))
    km = _WGS84.inv(longitude[both], latitude[both], centre[both, 1], centre[both, 0])[2] / 1000
    problems = []
    for at, distance in zip(both, km, strict=True):
        if distance > centre[at, 2] + SLACK_KM:
            wrong = f"is {distance:.1f} km away from the latitude and longitude of the row"
            text, todo = rows.cells["mgrs"][at].as_py(), "keep the one that is right"
            problems.append(Problem(int(rows.row[at]), "mgrs", text, wrong, todo, "mgrs-disagrees"))
    return problems


def _take(values: Sequence[Any], code: NDArray[np.int64], dtype: Any) -> Any:  # noqa: ANN401  # any pandas array
    """Return the value of each cell as a pandas array."""
    return pd.array(list(values), dtype=dtype).take(code)
