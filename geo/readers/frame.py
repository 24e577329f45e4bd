"""Incidents from a GeoDataFrame of points, by the rules of the project's own CSV: one reader judges both."""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas.array import GeometryDtype

from geo.coordinates import LIMIT
from geo.errors import InputError, Problem, UsageError, refuse_errors
from geo.readers.canonical import GEOCODED, STATED
from geo.readers.columns import guard_text
from geo.readers.layouts import find_layout
from geo.readers.table import judge_incidents
from geo.schema import COUNTS, CRS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import geopandas as gpd

NAME = "frame"
"""What messages call the rows, which come from no file."""
_NAMED = [name for name in (*STATED, *COUNTS) if name not in LIMIT]
_READ = {*STATED, *GEOCODED, *COUNTS}


def frame_incidents(
    frame: gpd.GeoDataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    actors: pd.DataFrame | None = None,
    regions: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Return the rows of a GeoDataFrame as incidents of stage ``stated``, or refuse them with all that is wrong.

    Parameters
    ----------
    frame
        Points in any CRS, or missing ones, which alone say where an incident is. All other columns are judged as those
        of a list; what are no columns of the incident table are left out.
    columns
        Column of the incident table to the column of ``frame`` that holds it, as ``{"date": "when"}``, beside those
        that have its name already. Only ``date`` must be there.
    actors, regions
        As for `geo.readers.table.judge_incidents`.

    Warns
    -----
    UserWarning
        With every finding: what is doubtful, or not read although it may be meant.

    Raises
    ------
    UsageError
        When the frame has no CRS, holds anything but points, lacks a column that is named, or is a publisher's table;
        when ``columns`` names one twice, or what is no column of the incident table.
    InputError
        With every error in it; row 2 is the first row.
    """
    if frame.crs is None:
        message = "the frame has no CRS: set it with set_crs, or it is not known where its points are"
        raise UsageError(message)
    points = np.asarray(frame.geometry.to_crs(CRS).array)
    if not np.isin(shapely.get_type_id(points), (-1, 0)).all():
        message = "the frame holds lines or areas: incidents are points, or places by their names"
        raise UsageError(message)
    named = _name_columns(frame, columns or {})
    problems = [problem for name, cells in named if name.casefold() in _READ for problem in _find_several(name, cells)]
    table = pd.concat([_write_cells(cells).rename(name) for name, cells in named], axis=1) if named else pd.DataFrame()
    table = table.assign(latitude=shapely.get_y(points), longitude=shapely.get_x(points))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        table.to_csv(path, index=False, lineterminator="\n")
        try:
            incidents, found = judge_incidents(path, actors=actors, regions=regions)
        except InputError as error:
            raise InputError(NAME, [*problems, *error.problems]) from None
    refuse_errors(NAME, [*problems, *found])
    if findings := [problem.message(NAME) for problem in found if problem.severity == "finding"]:
        warnings.warn("\n".join(findings), stacklevel=2)
    return incidents


def _name_columns(frame: gpd.GeoDataFrame, columns: Mapping[str, str]) -> list[tuple[str, pd.Series]]:
    """Return the columns of a frame without its geometries, numbered, by the names that they have in a list."""
    if unknown := [name for name in columns if name not in _NAMED]:
        message = f"columns: {', '.join(unknown)} cannot be named — name some of {', '.join(_NAMED)}"
        raise UsageError(message)
    if missing := sorted(set(columns.values()) - set(frame.columns)):
        message = f"the frame has no column {', '.join(missing)}"
        raise UsageError(message)
    if twice := sorted(name for name, times in Counter(columns.values()).items() if times > 1):
        message = f"columns: {', '.join(twice)} stands for several columns — name it once"
        raise UsageError(message)
    own: dict[Hashable, str] = {held: name for name, held in columns.items()}
    hidden = {*columns, *LIMIT}  # the column named is meant, and the points are
    flat = pd.DataFrame(frame).reset_index(drop=True)
    kept = [
        (own.get(name, str(name)), cells)
        for name, cells in flat.items()
        if not isinstance(cells.dtype, GeometryDtype) and (name in own or str(name).casefold() not in hidden)
    ]
    if columns and (layout := find_layout(name for name, _ in kept)):
        message = f"the frame has the columns of {layout.name}, which are read as they are — leave columns out"
        raise UsageError(message)
    return kept


def _find_several(name: str, cells: pd.Series) -> list[Problem]:
    """Return a problem for each cell that is a list or the like, which text would hide."""
    wrong, todo = "is several values in one cell", "write one value, or one text with | between them"
    return [
        Problem(row, name, str(cell), wrong, todo, "several-values")
        for row, cell in enumerate(cells, start=2)
        if pd.api.types.is_list_like(cell)
    ]


def _write_cells(values: pd.Series) -> pd.Series:
    """Return values as a list has them: days without a time of day, whole numbers without decimals, texts guarded."""
    cells = pd.Series(values.convert_dtypes())
    if pd.api.types.is_datetime64_any_dtype(cells):
        cells = cells.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_numeric_dtype(cells):
        return cells
    return pd.Series(guard_text(pa.array(cells.astype("str"), pa.string())).to_pandas(), dtype="str").set_axis(
        cells.index
    )
