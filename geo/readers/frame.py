"""Incidents from a GeoDataFrame of points, by the rules of the project's own CSV: one reader judges both."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.errors import InputError, UsageError
from geo.readers.canonical import STATED
from geo.readers.columns import guard_text
from geo.readers.table import judge_incidents
from geo.schema import COUNTS, CRS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

NAME = "frame"
"""What messages call the rows, which come from no file."""
_READ = [*STATED, *COUNTS]


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
        Points in any CRS, or missing ones; columns that are no columns of the incident table are left out.
    columns
        Column of the incident table to the column of ``frame`` that holds it, as ``{"date": "when"}``, beside those
        that have its name already. Only ``date`` must be there.
    actors, regions
        As for `geo.readers.table.judge_incidents`.

    Raises
    ------
    UsageError
        When the frame has no CRS, holds anything but points, or lacks a column that is named.
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
    named = {column: name for name, column in (columns or {}).items()}
    if missing := sorted(set(named) - set(frame.columns)):
        message = f"the frame has no column {', '.join(missing)}"
        raise UsageError(message)
    renamed = pd.DataFrame(frame.drop(columns=[c for c in named.values() if c in frame and c not in named]))
    renamed = renamed.rename(columns=named)
    table = pd.DataFrame({name: _write_cells(renamed[name]) for name in _READ if name in renamed})
    table = table.assign(latitude=shapely.get_y(points), longitude=shapely.get_x(points))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        table.to_csv(path, index=False, lineterminator="\n")
        incidents, problems = judge_incidents(path, actors=actors, regions=regions)
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise InputError(NAME, errors)
    return incidents


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
