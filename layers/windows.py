"""Coverage windows laid over the cells of a product: where no incident is a zero, and where it is a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.coverage import NOT_STATED, STATUSES, cover_months, merge_codes
from layers.layer import LONGER, incident_month, split_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray


def span_months(incidents: pd.DataFrame) -> list[str]:
    """Return every month from the first to the last one of the incidents, as ``2017-03``, also those without any."""
    months = incident_month(incidents)
    months = months[months != LONGER]
    if months.empty:
        return []
    first, last = (np.datetime64(month, "M") for month in (months.min(), months.max()))
    span: list[str] = np.datetime_as_string(np.arange(first, last + 1)).tolist()
    return span


def name_actors(incidents: pd.DataFrame) -> list[str]:
    """Return the ids of all actors that the incidents name, sorted."""
    return sorted({actor for ids in incidents["actors"].dropna().unique() for actor in ids.split("|")})


def state_cells(cells: pd.DataFrame, windows: pd.DataFrame | None, actors: pd.DataFrame) -> pd.Series:
    """Return how each cell of a summary is covered, as one of `STATUSES`.

    A layer of several actors is covered as the best covered of them. Incidents of no month or no country are covered
    by nothing.

    Parameters
    ----------
    cells
        Rows with ``adm0_pcode``, ``adm1_pcode``, ``layer`` (a key) and ``month``.
    windows
        Coverage windows; None when nobody stated any.
    actors
        Actor table with ``parent``.
    """
    told = pd.Series(STATUSES[NOT_STATED], index=cells.index, dtype="str")
    months = sorted(set(cells["month"]) - {LONGER})
    if windows is None or not months:
        return told
    places = cells[["adm0_pcode", "adm1_pcode"]].dropna(subset="adm0_pcode").drop_duplicates()
    level = places["adm1_pcode"].notna().astype(int)
    codes = places["adm1_pcode"].fillna(places["adm0_pcode"])
    units = pd.DataFrame({"level": level, "pcode": codes, "parent": places["adm0_pcode"]})
    named = {actor for key in cells["layer"].unique() for actor in split_key(key)[0]}
    found = cover_months(windows, units=units, months=months, actors=actors, named=named)
    unit_at, month_at = pd.Index(codes), pd.Index(months)
    asked = cells[(cells["month"] != LONGER) & cells["adm0_pcode"].notna()]
    for row, country, region, layer, month in asked[["adm0_pcode", "adm1_pcode", "layer", "month"]].itertuples():
        at = unit_at.get_loc(country if pd.isna(region) else region), month_at.get_loc(month)
        told[row] = STATUSES[min(found[actor][at] for actor in split_key(layer)[0])]
    return told


def cover_units(
    units: gpd.GeoDataFrame,
    windows: pd.DataFrame,
    *,
    months: Sequence[str],
    actors: pd.DataFrame,
    named: Iterable[str],
) -> NDArray[np.int8]:
    """Return how each unit is covered over all months and all named actors together, as places in `STATUSES`."""
    found = cover_months(windows, units=units, months=months, actors=actors, named=named)
    cells = [np.concatenate([codes[u] for codes in found.values()]) for u in range(len(units))] if found else []
    return np.array([merge_codes(line) for line in cells], dtype=np.int8)


def cover_span(
    incidents: pd.DataFrame,
    windows: pd.DataFrame | None,
    *,
    months: Sequence[str],
    units: pd.DataFrame,
    actors: pd.DataFrame,
) -> list[str]:
    """Return how each month is covered in all units for all actors of the incidents together, as one of `STATUSES`."""
    if windows is None or not len(units):
        return [STATUSES[NOT_STATED]] * len(months)
    found = cover_months(windows, units=units, months=months, actors=actors, named=name_actors(incidents))
    lines = np.concatenate([*found.values(), np.empty((0, len(months)), dtype=np.int8)])
    return [STATUSES[merge_codes(lines[:, month])] for month in range(len(months))]


def fill_months(
    months: pd.DataFrame,
    windows: pd.DataFrame,
    *,
    span: Sequence[str],
    units: pd.DataFrame,
    actors: pd.DataFrame,
    listed: Collection[tuple[str, str]],
) -> pd.DataFrame:
    """Return a table by actor and month with a row for every month, and ``coverage``.

    Parameters
    ----------
    months
        ``actor`` (id), ``month`` and numbers. A month that is added has the number 0 where all of it is covered in all
        units, and else none: it is a gap.
    span
        Every month from the first to the last.
    units
        Regions of level 1 or 0 that the list is about.
    listed
        Actors and months that have records: without a row they are no zero, for the records are counted with others.
    """
    ids = months["actor"].unique()
    found = cover_months(windows, units=units, months=span, actors=actors, named=ids)
    told = {(one, month): merge_codes(found[one][:, m]) for one in ids for m, month in enumerate(span)}
    every = pd.DataFrame([*told], columns=["actor", "month"], dtype="str")
    wide = months.merge(every, on=["actor", "month"], how="outer", indicator="origin")
    codes = np.array([told.get(cell, NOT_STATED) for cell in zip(wide["actor"], wide["month"], strict=True)])
    numbers = [name for name in months if name not in ("actor", "month")]
    lent = np.array([cell in listed for cell in zip(wide["actor"], wide["month"], strict=True)], dtype=bool)
    zero = (wide.pop("origin") == "right_only") & (codes == 0) & ~lent
    wide.loc[zero, numbers] = 0
    return wide.assign(coverage=np.array(STATUSES)[codes])
