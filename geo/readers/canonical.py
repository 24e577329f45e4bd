"""Incidents as the cells of the project's own CSV, which reading turns back into the same incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.coordinates import DECIMALS
from geo.files import atomic_path
from geo.readers.columns import guard_text
from geo.schema import BY_DECISION, FIELD, UNPLACED, fields

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.schema import Kind

DATES = ("date_start", "date_end", "date_precision")
"""Columns of a frame that are the one column ``date`` of a file."""

STATED = ("incident_id", "date", *(f.name for f in fields("stated") if f.name not in ("incident_id", *DATES)))
"""Columns of a file, in order."""

GEOCODED = tuple(f.name for f in fields("geocoded"))
"""Columns that a file has besides when its incidents are located."""

CHUNK = 100_000
"""Rows that are written out at a time."""


def write_incidents(incidents: pd.DataFrame, path: Path | str) -> None:
    """Write incidents as CSV (UTF-8) that `read_incidents` reads back unchanged.

    Text that a spreadsheet would compute gets a ``'`` in front, which reading takes off again. Coordinates that only
    the geometry has are written too; columns of stage ``joined`` are not, joining makes them anew.

    Parameters
    ----------
    incidents
        Incidents of any stage.

    Raises
    ------
    FileError
        When the file cannot be written; what was there before is left as it was.
    """
    names = [*STATED, *(name for name in GEOCODED if name in incidents)]
    incidents = _show_points(incidents)
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(names) + "\n")
        for start in range(0, len(incidents), CHUNK):
            cells = write_cells(incidents.iloc[start : start + CHUNK], names).values()
            lines = pc.binary_join_element_wise(*map(_quote, cells), ",", null_handling="replace")
            file.writelines(f"{line}\n" for line in lines.to_pylist())


def _quote(cells: pa.Array) -> pa.Array:
    """Return cells as CSV has them: in quotes where they contain a comma, a quote or a line end."""
    special = pc.match_substring_regex(cells, '[",\n]')
    if not pc.any(special).as_py():
        return cells
    return pc.if_else(special, pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', ""), cells)


def _show_points(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents with the coordinates of their points where none are stated, or a person decided otherwise.

    Those overruled stand in the note alone: the list would be read as stating them.
    """
    if "geometry" not in incidents:
        return incidents
    geometry = incidents["geometry"].array
    bare = (incidents["latitude"].isna() | incidents["longitude"].isna()).to_numpy()
    placed = incidents["located_by"].str.startswith(BY_DECISION) & (incidents["precision"] != UNPLACED)
    decided = placed.fillna(value=False).to_numpy(dtype=bool)
    found = {"latitude": shapely.get_y(geometry), "longitude": shapely.get_x(geometry)}
    shown = {axis: incidents[axis].mask(bare | decided, found[axis]) for axis in found}
    return pd.DataFrame(incidents).assign(**shown, mgrs=incidents["mgrs"].mask(decided))


def write_cells(incidents: pd.DataFrame, names: list[str]) -> dict[str, pa.Array]:
    """Return the columns of a file as text, missing where a cell is empty."""
    return {
        name: _write_dates(incidents) if name == "date" else _write_column(incidents[name], FIELD[name].kind)
        for name in names
    }


def _write_column(column: pd.Series, kind: Kind) -> pa.Array:
    if kind == "count":
        return pa.array(column, pa.int64()).cast(pa.string())
    if kind in ("degrees", "number"):
        return _write_numbers(column.to_numpy(dtype=float, na_value=np.nan))
    return guard_text(pa.array(column, pa.string()))


def _write_numbers(numbers: NDArray[np.float64]) -> pa.Array:
    """Return numbers in digits, without an exponent and without zeros at the end."""
    text = pa.array(np.round(numbers, DECIMALS) + 0.0, from_pandas=True).cast(pa.string())
    tiny = pc.fill_null(pc.match_substring(text, "e"), fill_value=False)
    if not pc.any(tiny).as_py():
        return text
    digits = [None if np.isnan(n) else f"{n:.{DECIMALS}f}".rstrip("0") for n in numbers]
    return pc.if_else(tiny, pa.array(digits, pa.string()), text)


def _write_dates(incidents: pd.DataFrame) -> pa.Array:
    """Return ``2017-03-17``, ``2017-03`` or ``2017-03-20/2017-03-21``."""
    start, end = (pa.array(incidents[name].to_numpy().astype("datetime64[D]")).cast(pa.string()) for name in DATES[:2])
    precision = pa.array(incidents["date_precision"], pa.string())
    spans = pc.binary_join_element_wise(start, end, "/")
    month = pc.if_else(pc.equal(precision, "month"), pc.utf8_slice_codeunits(start, 0, len("2017-03")), spans)
    return pc.if_else(pc.equal(precision, "day"), start, month)
