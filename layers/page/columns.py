"""The incident table as the map page holds it: two packed tables, incidents and the places they refer to.

Many incidents share a place, and everything that is said about it: coordinates, names, precision, regions. Incidents
are sorted so that each layer's month is one run of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.relations import number_spans
from geo.schema import AREA_LEVEL, fields
from layers.areas import find_stated
from layers.layer import LONGER, layer_keys, split_key
from layers.page.outline import DEGREE, outline
from layers.page.pack import Pack

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.schema import Field
    from layers.page.outline import Bounds

    Ints = NDArray[np.int64]

THOUSAND = 1000
"""Numbers with decimals travel in thousandths."""
MOST_MONTHS = 1200
"""Months from the first to the last incident up to which those without one are listed too."""
POINT, AREA, UNPLACED = 0, 1, 2
"""How a place is drawn; the page's data.js knows the same three."""
STATED_OF_PLACE = ("place", "place_local", "admin1", "admin2", "country", "mgrs", "location_precision")
"""Stated columns that are about the place; those added by geocoding and joining all are."""
TOLD_OTHERWISE = {"actors", "attribution", "latitude", "longitude", "listed_admin1"}
"""Columns that travel as something else: the layers, the geometry, and the unit joined."""


@dataclass(frozen=True)
class Table:
    """Packed incidents and what the page must know of them.

    Parameters
    ----------
    pack
        The columns, of ``rows`` (one per incident) and of ``places``.
    places
        Number of distinct places.
    layers
        One dictionary per set of actors: ``key``, ``actors`` (ids), ``attribution``.
    months
        ``YYYY-MM`` in order, then ``longer`` when there is such an incident.
    slices
        Layer, month and number of rows of every run, flat, in the order of the rows.
    days
        First and last day of the incidents, in days from 1970; dates are counted from the first.
    bounds
        West, south, east, north of everything placed; None when nothing is.
    """

    pack: Pack
    places: int
    layers: list[dict[str, Any]]
    months: list[str]
    slices: list[int]
    days: tuple[int, int]
    bounds: Bounds | None


@dataclass(frozen=True)
class Marks:
    """How and where every incident is drawn: kind, coordinates in 1/`DEGREE`, number of its area (from 1; 0: none)."""

    kind: Ints
    lon: Ints
    lat: Ints
    area: Ints
    areas: NDArray[Any]


def pack_incidents(incidents: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> Table:
    """Pack located incidents; ``units`` are the regions that are shaded, in the order in which the page gets them.

    The order of the incidents makes no difference: those of one layer, month and place stand by their ids.
    """
    layer_ids, layers = number_layers(incidents)
    month_ids, months = number_months(incidents)
    marks = locate_marks(incidents)
    by_id = pc.sort_indices(pa.array(incidents["incident_id"])).to_numpy().astype(np.int64)
    at, first = _number_places(incidents, marks, by_id)
    order = by_id[np.argsort(((layer_ids * len(months) + month_ids) * len(first) + at)[by_id], kind="stable")]
    days = _span(incidents)
    pack = Pack()
    pack.add_ints("at", at[order], delta=True)
    _pack_rows(pack, incidents, order, days[0])
    _pack_groups(pack, incidents, order)
    _pack_places(pack, incidents, marks, first, units)
    bounds = bound_marks(marks)
    pack.add_json("areas", outline(marks.areas, bounds))
    return Table(pack, len(first), layers, months, _runs(layer_ids[order], month_ids[order]), days, bounds)


def number_layers(incidents: gpd.GeoDataFrame) -> tuple[Ints, list[dict[str, Any]]]:
    """Return the layer of every incident and the layers: those of one actor first, and those of most incidents."""
    numbers, keys = pd.factorize(layer_keys(incidents))
    counts = np.bincount(numbers, minlength=len(keys))
    layers = []
    for key in keys:
        actors, attribution = split_key(key)
        layers.append({"key": key, "actors": actors, "attribution": attribution})
    rank = sorted(range(len(layers)), key=lambda i: (len(layers[i]["actors"]), -counts[i], layers[i]["key"]))
    return np.argsort(rank)[numbers], [layers[i] for i in rank]


def number_months(incidents: gpd.GeoDataFrame) -> tuple[Ints, list[str]]:
    """Return the month of every incident (see `layers.layer.incident_month`) and all months from the first to the last.

    Of a list that spans more than `MOST_MONTHS` only the months that have an incident: some of its days are slips.
    """
    start = incidents["date_start"]
    number = start.to_numpy().astype("datetime64[M]").astype(np.int64)
    dated = ~(start.isna() | (incidents["date_precision"] == LONGER)).to_numpy()
    found = np.unique(number[dated])
    if len(found) and found[-1] - found[0] < MOST_MONTHS:
        found = np.arange(found[0], found[-1] + 1)
    names = np.datetime_as_string(found.astype("datetime64[M]")).tolist()
    codes = np.where(dated, np.searchsorted(found, number), len(found))
    return codes, names if dated.all() else [*names, LONGER]


def locate_marks(incidents: gpd.GeoDataFrame) -> Marks:
    """Return how and where each incident is drawn; what is known only to a country is not."""
    geometry = np.array(incidents.geometry.array, dtype=object)
    geometry[shapely.is_empty(geometry)] = None
    x, y = shapely.get_x(geometry), shapely.get_y(geometry)
    kind = np.full(len(geometry), UNPLACED)
    kind[np.isfinite(x) & np.isfinite(y)] = POINT
    shaped = np.flatnonzero(np.isin(shapely.get_type_id(geometry), (3, 6)))
    kind[shaped] = AREA
    numbers, first = _number_areas(incidents.iloc[shaped])
    areas = geometry[shaped[first]]
    inside = shapely.point_on_surface(areas)
    area = np.zeros(len(geometry), dtype=np.int64)
    area[shaped] = numbers + 1
    x[shaped], y[shaped] = shapely.get_x(inside)[numbers], shapely.get_y(inside)[numbers]
    kind[(incidents["precision"] == "country").to_numpy()] = UNPLACED  # never a mark, whatever its geometry
    lon, lat = (np.rint(np.where(kind == UNPLACED, 0, v) * DEGREE).astype(np.int64) for v in (x, y))
    return Marks(kind, lon, lat, area, areas)


def _number_areas(rows: gpd.GeoDataFrame) -> tuple[Ints, Ints]:
    """Return the number of each row's area, told apart by unit code or else shape, and the first row of each area."""
    key = pd.Series(pd.NA, index=rows.index, dtype="str")
    for precision, level in AREA_LEVEL.items():
        key = key.mask(rows["precision"] == precision, rows[f"adm{level}_pcode"])
    nameless = key.isna()
    key[nameless] = shapely.to_wkb(np.asarray(rows.geometry.array)[nameless.to_numpy()], hex=True)
    numbers, _ = pd.factorize(key, sort=True)
    return numbers, _first_of(numbers)


def _number_places(incidents: gpd.GeoDataFrame, marks: Marks, by_id: Ints) -> tuple[Ints, Ints]:
    """Return the place of every incident, numbered from south to north, and each place's incident of the lowest id."""
    spot, _ = pd.factorize((marks.lon + 180 * DEGREE) * (180 * DEGREE) + marks.lat)
    told = (pd.factorize(incidents[field.name])[0] + 1 for field in _fields_of("places"))
    numbers = _number_rows((spot, marks.kind, marks.area, *told))
    first = by_id[_first_of(numbers[by_id])]
    rank = np.lexsort((np.argsort(by_id)[first], marks.lon[first], marks.lat[first]))
    return np.argsort(rank)[numbers], first[rank]


def _number_rows(columns: Iterable[Ints]) -> Ints:
    """Return a number from 0 for each row of columns of numbers from 0: the same for equal rows."""
    numbers, size = np.zeros(1, dtype=np.int64), 1
    for codes in columns:
        several = int(codes.max(initial=0)) + 1
        if size * several >= np.iinfo(np.int64).max:
            numbers, found = pd.factorize(numbers)
            size = len(found)
        numbers, size = numbers * several + codes, size * several
    return pd.factorize(numbers)[0]


def _first_of(numbers: Ints) -> Ints:
    """Return where each number from 0 up stands first."""
    first = np.empty(numbers.max(initial=-1) + 1, dtype=np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    return first


def _fields_of(table: str) -> list[Field]:
    """Return the fields that are columns of ``rows`` or of ``places``."""
    return [
        field
        for field in fields()
        if field.name not in TOLD_OTHERWISE
        and (field.stage != "stated" or field.name in STATED_OF_PLACE) == (table == "places")
    ]


def _pack_rows(pack: Pack, incidents: gpd.GeoDataFrame, order: Ints, first_day: int) -> None:
    """Pack what is told of each incident: its first day counted from ``first_day``, its last day from its first."""
    start, end = (incidents[name].take(order) for name in ("date_start", "date_end"))
    since = np.where(start.isna(), first_day, _days(start))
    pack.add_ints("date_start", np.where(start.isna(), 0, since - first_day + 1), delta=True)
    pack.add_ints("date_end", np.where(end.isna(), 0, _days(end) - since + 1))
    for field in _fields_of("rows"):
        if field.kind != "day":
            _pack_column(pack, field, incidents[field.name], order, "rows")


def _pack_groups(pack: Pack, incidents: gpd.GeoDataFrame, order: Ints) -> None:
    """Pack which records are counted together, as `geo.relations.Spans` has them."""
    spans = number_spans(incidents)
    if spans is None:
        return
    for name, numbers in (("span", spans.own), ("whole", spans.whole), ("turn", spans.turn)):
        pack.add_ints(name, numbers[order])


def _pack_places(pack: Pack, incidents: gpd.GeoDataFrame, marks: Marks, first: Ints, units: gpd.GeoDataFrame) -> None:
    for name in ("lon", "lat"):
        pack.add_ints(name, getattr(marks, name)[first], delta=True, table="places")
    for name in ("kind", "area"):
        pack.add_ints(name, getattr(marks, name)[first], table="places")
    regions, chosen = pd.Index(units["pcode"]), incidents.iloc[first]
    pack.add_ints("region", regions.get_indexer(chosen["adm1_pcode"]) + 1, table="places")
    stated = find_stated(chosen, units)
    pairs = np.unique(np.column_stack([stated.index, regions.get_indexer(stated) + 1]), axis=0)
    pack.add_json("stated", pairs.tolist())
    for field in _fields_of("places"):
        _pack_column(pack, field, incidents[field.name], first, "places")


def _pack_column(pack: Pack, field: Field, values: pd.Series, order: Ints, table: str) -> None:
    """Pack the rows ``order`` of one column by its kind; numbers stand one up, so that 0 is missing."""
    if field.kind in {"count", "number", "flag"}:
        taken = values.take(order) if values.notna().any() else values.iloc[: len(order)]
        pack.add_ints(field.name, _numbers(taken, THOUSAND if field.kind == "number" else 1), table=table)
    else:
        pack.add_texts(field.name, values, order, table=table)


def _numbers(values: pd.Series, unit: int) -> Ints:
    missing = values.isna().to_numpy()
    if missing.all():
        return np.zeros(len(values), dtype=np.int64)
    found = values.to_numpy(dtype=float, na_value=0)
    return np.where(missing, 0, np.rint(found * unit).astype(np.int64) + 1)


def _days(values: pd.Series) -> Ints:
    """Return days from 1970; of missing ones a number nobody may use."""
    return values.to_numpy().astype("datetime64[D]").astype(np.int64)


def _span(incidents: gpd.GeoDataFrame) -> tuple[int, int]:
    days = pd.concat([incidents["date_start"], incidents["date_end"]]).dropna()
    return (int(_days(days).min()), int(_days(days).max())) if len(days) else (0, 0)


def bound_marks(marks: Marks) -> Bounds | None:
    """Return the frame of everything drawn; None when nothing is."""
    placed = marks.kind != UNPLACED
    if not placed.any():
        return None
    x, y = marks.lon[placed] / DEGREE, marks.lat[placed] / DEGREE
    boxes = np.vstack([shapely.bounds(marks.areas).reshape(-1, 4), [x.min(), y.min(), x.max(), y.max()]])
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _runs(layer_ids: Ints, month_ids: Ints) -> list[int]:
    """Return layer, month and length of every run of rows, flat."""
    starts = np.flatnonzero(np.diff(layer_ids, prepend=-1) | np.diff(month_ids, prepend=-1))
    lengths = np.diff(starts, append=len(layer_ids))
    runs: list[int] = np.column_stack([layer_ids[starts], month_ids[starts], lengths]).ravel().tolist()
    return runs
