"""The project's own CSV: read, with every problem found at once."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from geo.actors import UNKNOWN, derive_attribution, index_actors, judge_new_actors, merge_cases, read_actors
from geo.check import check_incidents
from geo.coordinates import LIMIT
from geo.errors import InputError, Problem, refuse_errors
from geo.locate import TOLERANCE_KM
from geo.readers.canonical import CHUNK, GEOCODED, STATED, write_cells, write_incidents
from geo.readers.cells import judge_header
from geo.readers.columns import (
    read_actor_cells,
    read_choice,
    read_counts,
    read_dates,
    read_number,
    read_position,
    read_text,
)
from geo.readers.layouts import drop_tags, find_layout, name_columns, translate_rows
from geo.readers.rows import match_case, read_rows
from geo.readers.sums import judge_sums
from geo.regions import read_regions
from geo.schema import COUNTS, DTYPES, fields
from geo.spelling import fold_spelling

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pyarrow as pa

    from geo.dates import DateOrder
    from geo.readers.columns import Read
    from geo.readers.rows import Rows

__all__ = ["judge_incidents", "read_incidents", "write_incidents"]

WHERE = ("place", "place_local", "admin1", "admin2", "country", "latitude", "mgrs")
"""Columns of which a file must have one."""

SYNONYMS = {
    name: column
    for column, names in {
        "incident_id": "id event_id",
        "date": "event_date incident_date date_event date_of_incident date_of_event date_occurred when date_start"
        " start_date date_incident date_de_lincident date_de_levenement fecha fecha_del_incidente fecha_del_evento"
        " fecha_hecho data data_do_incidente datum tarih дата التاريخ تاريخ تاريخ_الحادث تاريخ_الحادثة",
        "place": "location location_name town village settlement city",
        "latitude": "lat",
        "longitude": "lon lng long",
        "admin1": "governorate province state",
        "admin2": "district",
        "actors": "perpetrator perpetrators belligerent belligerents attacker attackers who",
        "killed": "civilians_killed civilian_deaths fatalities deaths dead",
        "injured": "wounded",
        "children": "children_killed",
        "women": "women_killed",
        "sources": "url urls link links source_url source_urls",
    }.items()
    for name in names.split()
}
"""Names of other lists for our columns: pointed out, not guessed."""
NOT_READ = "all_deaths"
"""What a column is renamed to that counts combatants among the dead."""
PROVISOS = {
    **dict.fromkeys(
        ("fatalities", "deaths", "dead"), f" if it counts civilians alone, else to '{NOT_READ}', which is not read"
    ),
    **dict.fromkeys(("datestart", "startdate"), ", and write the last day into it too, as FIRST/LAST"),
}
"""What is said besides of some of those, by their folded names."""
KILLED = {"killed", "killed_min", "killed_max"}
TOLL = re.compile("kill|death|dead|fatal|casualt|victim", re.IGNORECASE)
CIVILIANS = re.compile(r"(?<!non)(?<!non[- _])ci(?:vil|v(?![a-z]))|zivil|sivil|цивіл|мирн|مدني", re.IGNORECASE)
NOT_KILLED = re.compile(
    "injur|wound|hurt|displac|detain|arrest|abduct|missing|object|build|house|target|affect|defen[cs]e|vehicle|area|ref|url"
    r"|infrastruct|status|comment|descri|source|(?<![a-z])id(?![a-z])",
    re.IGNORECASE,
)
"""What is in the name of a column that counts civilians, and in that of one that counts others than killed ones."""
DEGREES = re.compile(r"(?<![a-z])(?:lat|lon|lng|long|latitude|longitude)(?![a-z])|coord", re.IGNORECASE)
"""What is in the name of a column that may hold what counts most: people killed, and where."""
ENDS = {"_min": re.compile("min|low|least", re.IGNORECASE), "_max": re.compile("max|high|upper|most", re.IGNORECASE)}

WITHHOLDING = ("embargo", "embargo_until", "sensitive", "sensitivity", "confidential", "withhold")
"""Columns by which lists say what is not to be published."""
WITHHOLDING_NOTHING = ("0", "no", "false", "none", "n", "public", "low", "not sensitive")
"""What stands there of a row that may be."""


def read_incidents(
    path: Path | str,
    *,
    actors: pd.DataFrame | None = None,
    regions: gpd.GeoDataFrame | None = None,
    border_tolerance_km: float = TOLERANCE_KM,
    encoding: str = "utf-8",
    date_order: DateOrder | None = None,
    delimiter: str = ",",
    decimal: str = ".",
) -> pd.DataFrame:
    """Return the incidents of a CSV file, or refuse it with everything that is wrong in it.

    The parameters are those of `judge_incidents`, which also returns what is merely odd.

    Returns
    -------
    pandas.DataFrame
        The ``stated`` columns of `geo.schema.FIELDS`, and the ``geocoded`` ones when the file has any of them, indexed
        by ``row``.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file, or a setting is no such thing.
    FileError
        When it cannot be read.
    InputError
        With every error in it.
    """
    incidents, problems = judge_incidents(
        path,
        actors=actors,
        regions=regions,
        border_tolerance_km=border_tolerance_km,
        encoding=encoding,
        date_order=date_order,
        delimiter=delimiter,
        decimal=decimal,
    )
    refuse_errors(path, problems)
    return incidents


def judge_incidents(
    path: Path | str,
    *,
    actors: pd.DataFrame | None = None,
    regions: gpd.GeoDataFrame | None = None,
    border_tolerance_km: float = TOLERANCE_KM,
    encoding: str = "utf-8",
    date_order: DateOrder | None = None,
    delimiter: str = ",",
    decimal: str = ".",
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the incidents of a CSV file and all errors, findings and notes on it; refused cells are missing.

    Parameters
    ----------
    path
        A file with the columns `STATED`, of which only ``date`` and one of `WHERE` must be there. Instead of
        ``killed_min`` and ``killed_max`` (and so on) it may have one column ``killed`` with ranges. Or a table of a
        publisher that `geo.readers.layouts` knows by its header.
    actors
        Known actors (see `geo.actors.read_actors`); ``None`` for the built-in ones.
    regions
        A regions frame, for the borders of the stated countries; ``None`` for the built-in ones.
    border_tolerance_km
        How far outside the stated country coordinates may lie, in km.
    encoding
        What the file was saved as.
    date_order
        Whether the day or the month comes first in ``03/04/2017``; ``None`` refuses such dates.
    delimiter
        The character between two cells.
    decimal
        Decimal mark; with a comma none may part the thousands of a count.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file, or a setting is no such thing.
    FileError
        When it cannot be read.
    InputError
        When it is no table at all.
    """
    actors = read_actors() if actors is None else actors
    regions = read_regions() if regions is None else regions
    rows = drop_tags(read_rows(path, encoding=encoding, delimiter=delimiter, what="incidents"))
    rows = match_case(rows, [*STATED, *GEOCODED, *COUNTS])
    layout = find_layout(rows.cells)
    if layout:
        rows = translate_rows(rows, layout)
        if any(problem.code == "shifted-columns" for problem in rows.problems):
            raise InputError(path, [problem for problem in rows.problems if problem.severity == "error"])
    reads: list[Read] = [
        ({}, [*rows.problems, *_judge_columns(rows), *_judge_withholding(rows), *judge_sums(rows, regions)]),
        read_position(rows, decimal=decimal),
        *(read_counts(rows, count, decimal=decimal) for count in COUNTS),
        *([read_dates(rows, date_order)] if "date" in rows.cells else []),
        *([read_actor_cells(rows, index_actors(actors))] if "actors" in rows.cells else []),
        *_read_simple(rows),
    ]
    incidents = _build_frame(rows, {name: column for columns, _ in reads for name, column in columns.items()})
    problems = [problem for _, told in reads for problem in told]
    if "actors" not in rows.cells:
        incidents["actors"] = pd.Series(UNKNOWN, index=incidents.index, dtype="str")
    incidents["actors"] = merge_cases(incidents["actors"], actors.index)
    incidents["attribution"] = derive_attribution(incidents["actors"], incidents["attribution"])
    problems += _judge_ids(incidents) if "incident_id" in rows.cells else _make_ids(incidents, problems)
    problems += judge_new_actors(incidents["actors"].dropna(), actors.index)
    found = check_incidents(incidents, regions, border_tolerance_km=border_tolerance_km)
    problems += [_quote_cell(problem, rows) for problem in found]
    return incidents, sorted(name_columns(problems, layout))


def _quote_cell(problem: Problem, rows: Rows) -> Problem:
    """Return a problem of a date or of degrees with the cell as it is written, not as it is read."""
    if problem.column not in ("date", *LIMIT) or problem.column not in rows.cells:
        return problem
    at = np.searchsorted(rows.row, problem.row)
    return replace(problem, value=rows.cells[problem.column][at].as_py() or problem.value)


def _judge_columns(rows: Rows) -> list[Problem]:
    """Return what is wrong with the names of the columns, and which are missing."""
    placed = any(n in rows.cells for n in ("place_local", "latitude", "mgrs"))
    synonyms = {name: column for name, column in SYNONYMS.items() if column != "place" or not placed}
    problems = [
        _explain_column(problem, rows) for problem in judge_header(rows.cells, [*STATED, *GEOCODED, *COUNTS], synonyms)
    ]
    if not KILLED & rows.cells.keys():
        wrong, todo = "is missing: every number of killed is unknown", "nothing, if the list has no such numbers"
        problems.append(Problem(1, "killed", "", wrong, todo, "no-toll", "finding"))
    missing = [] if "date" in rows.cells else ["date"]
    missing += [] if any(name in rows.cells for name in WHERE) else ["place"]
    missing += [axis for axis in LIMIT if axis not in rows.cells and any(other in rows.cells for other in LIMIT)]
    todo = "add it to the header"
    return problems + [Problem(1, name, "", "is missing", todo, "missing-column") for name in missing]


def _explain_column(problem: Problem, rows: Rows) -> Problem:
    """Return the problem of a column, more grave where it may hold the numbers of killed or the coordinates."""
    name = problem.column
    if problem.code == "misspelt-column":
        return replace(problem, todo=problem.todo + PROVISOS.get(fold_spelling(name), ""))
    if problem.code != "unknown-column" or name.casefold() in (NOT_READ, *(f"{NOT_READ}{end}" for end in ENDS)):
        return problem
    end = next((end for end, word in ENDS.items() if word.search(name)), "")
    has_numbers = pc.any(pc.match_substring_regex(rows.cells[name], r"\d")).as_py()
    killed = sorted(KILLED & rows.cells.keys())
    if killed and CIVILIANS.search(name) and not NOT_KILLED.search(name) and _holds_counts(rows.cells[name]):
        beside, others = (
            " and ".join(f"'{other.replace('killed', stem)}'" for other in killed) for stem in ("killed", NOT_READ)
        )
        wrong = f"stands beside {beside}: which of them counts the civilians killed?"
        todo = f"if this one, rename it to 'killed{end}' and {beside} to {others}, which is not read; else leave it out"
        return replace(problem, wrong=wrong, todo=todo, code="killed-twice", severity="error")
    if TOLL.search(name):
        meant = {"killed", f"killed{end}"} if end else KILLED
        todo = f"rename it to 'killed{end}' if it counts civilians killed, else to '{NOT_READ}{end}', which is not read"
    elif DEGREES.search(name):
        meant = {*LIMIT, "mgrs"}
        todo = "write 'latitude' and 'longitude' in two columns, if these are the coordinates"
    else:
        return problem
    if not has_numbers or meant & rows.cells.keys():
        return problem
    return replace(problem, wrong="is not a column of this table and not read", todo=todo, severity="finding")


def _holds_counts(cells: pa.StringArray) -> bool:
    """Return whether a column holds numbers of people: every cell that is filled is one, or a range, and some above 1.

    No link, no reference and no sentence is, and no column of yes and no.
    """
    filled = cells.filter(pc.not_equal(cells, ""))
    counts = pc.match_substring_regex(filled, r"^\D{0,9}\d[\d., ]*(?:[-–+]|to)? ?\d*\D{0,3}$")
    return bool(
        len(filled) and pc.all(counts).as_py() and pc.any(pc.match_substring_regex(filled, r"[2-9]|\d\d")).as_py()
    )


def _judge_withholding(rows: Rows) -> list[Problem]:
    """Return an error for every row that says it is not to be published: all that is read is."""
    wrong = "may ask to withhold the row, and every row that is read is published"
    todo = "take the row out of the file, or empty the cell if it may be published"
    return [
        Problem(int(row), name, text, wrong, todo, "withheld")
        for name, cells in rows.cells.items()
        if name.casefold() in WITHHOLDING
        for row, text in zip(rows.row, cells.to_pylist(), strict=True)
        if text and text.casefold() not in WITHHOLDING_NOTHING
    ]


def _read_simple(rows: Rows) -> list[Read]:
    """Return the columns that are read by their kind alone."""
    reads: list[Read] = []
    for field in fields("stated", "geocoded"):
        if field.name not in rows.cells or field.name == "mgrs":
            continue
        if field.kind in ("id", "text", "urls"):
            reads.append(read_text(rows, field.name))
        elif field.kind == "choice":
            reads.append(read_choice(rows, field))
        elif field.kind == "number":
            reads.append(read_number(rows, field.name))
    return reads


def _build_frame(rows: Rows, columns: dict[str, object]) -> pd.DataFrame:
    """Return the frame with every column of its stage; those that the file lacks are missing throughout."""
    located = any(name in columns for name in GEOCODED)
    index = pd.Index(rows.row, name="row")
    stages = fields("stated", "geocoded") if located else fields("stated")
    return pd.DataFrame(
        {f.name: pd.Series(columns.get(f.name), index=index, dtype=DTYPES[f.kind]) for f in stages}, index=index
    )


def _judge_ids(incidents: pd.DataFrame) -> list[Problem]:
    """Return a problem for every incident without an id, where others have one."""
    todo = "give every incident an id, or leave the column out"
    empty = incidents.index[incidents["incident_id"].isna()]
    return [Problem(int(row), "incident_id", "", "has no id", todo, "no-id") for row in empty]


def _digest_rows(incidents: pd.DataFrame) -> list[str]:
    """Return an id for each incident that depends on what is stated about it alone."""
    cells = write_cells(incidents, [name for name in STATED if name != "incident_id"])
    filled = {name: column for name, column in cells.items() if column.null_count < len(column)}
    named = [pc.binary_join_element_wise(name, column, "=") for name, column in filled.items()]
    lines = pc.binary_join_element_wise(*named, "\x1f", null_handling="skip").to_pylist()
    return ["i" + blake2b(line.encode(), digest_size=8).hexdigest() for line in lines]  # a letter: 12e45 is a number


def _make_ids(incidents: pd.DataFrame, problems: list[Problem]) -> list[Problem]:
    """Set ids made from each row's own cells, wherever it stands in the file; equal rows are numbered.

    Returns a finding on every row that equals another one, unless cells were refused: more may differ than is seen.
    """
    chunks = (incidents.iloc[start : start + CHUNK] for start in range(0, len(incidents), CHUNK))
    ids = pd.Series([text for chunk in chunks for text in _digest_rows(chunk)], index=incidents.index, dtype="str")
    incidents["incident_id"] = ids
    again = ids.duplicated()
    if not again.any():
        return []
    number = ids.groupby(ids.to_numpy()).cumcount()[again] + 1
    incidents.loc[again, "incident_id"] = ids[again] + "-" + number.astype("str")
    if any(problem.severity == "error" for problem in problems):
        return []
    first = dict(zip(ids[~again], ids.index[~again], strict=True))
    todo = "delete it, unless both happened"
    return [
        Problem(row, "", "", f"is the same in every column as row {first[digest]}", todo, "identical-rows", "finding")
        for row, digest in zip(ids.index[again].tolist(), ids[again], strict=True)
    ]
