"""The incident table as the map page holds it: packed columns, sorted so that each layer's month is one run of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.schema import AREA_LEVEL, fields
from layers.pack import Pack

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.schema import Field

    Ints = NDArray[np.int64]

DEGREE = 100_000
"""Coordinates travel in 1/100,000 of a degree: a metre."""
THOUSAND = 1000
"""Numbers with decimals travel in thousandths."""
SHARPNESS = 2500
"""Outlines keep about one point per so many parts of the map's width: a pixel on a large screen."""
POINT, AREA, UNPLACED = 0, 1, 2
"""How a row is drawn; the page's data.js knows the same three."""
LONGER = "longer"
"""The month of incidents that lasted longer than one, or whose day is missing: they stand in no month's cell."""
UNKNOWN = "unknown"
"""The actor of an incident that names none."""
TOLD_OTHERWISE = {"actors", "attribution", "latitude", "longitude"}
"""Columns that travel as something else: the layers, and the geometry."""


@dataclass(frozen=True)
class Table:
    """Packed incidents and what the page must know of them.

    Parameters
    ----------
    pack
        The columns.
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
    layers: list[dict[str, Any]]
    months: list[str]
    slices: list[int]
    days: tuple[int, int]
    bounds: tuple[float, float, float, float] | None


def pack_incidents(incidents: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> Table:
    """Pack located incidents; ``units`` are the regions that are shaded, in the order in which the page gets them."""
    layer_ids, layers = number_layers(incidents)
    month_ids, months = number_months(incidents)
    kind, lon, lat, area, areas = _locate(incidents)
    order = np.lexsort((lon, lat, kind, month_ids, layer_ids))
    days = _span(incidents)
    pack = Pack()
    pack.add_ints("kind", kind[order])
    pack.add_ints("lon", lon[order], delta=True)
    pack.add_ints("lat", lat[order], delta=True)
    pack.add_ints("area", area[order])
    pack.add_ints("region", pd.Index(units["pcode"]).get_indexer(incidents["adm1_pcode"])[order] + 1)
    rows = incidents.drop(columns="geometry").take(order)
    for field in fields():
        if field.public and field.name not in TOLD_OTHERWISE and field.name in rows:
            _pack_column(pack, field, rows[field.name], days[0])
    bounds = _bounds(kind, lon, lat, areas)
    pack.add_json("areas", outline(areas, bounds))
    return Table(pack, layers, months, _runs(layer_ids[order], month_ids[order]), days, bounds)


def number_layers(incidents: gpd.GeoDataFrame) -> tuple[Ints, list[dict[str, Any]]]:
    """Return the layer of every incident and the layers: those of one actor first, each group by its incidents."""
    actors, sets = pd.factorize(incidents["actors"].fillna(UNKNOWN), sort=True)
    how, ways = pd.factorize(incidents["attribution"].fillna("shared"), sort=True)
    several = np.array(["|" in actor_set for actor_set in sets], dtype=bool)
    pairs, codes, counts = np.unique(
        actors * (len(ways) + 1) + np.where(several[actors], how + 1, 0), return_inverse=True, return_counts=True
    )
    layers = []
    for pair in pairs.tolist():
        actor_set, way = sets[pair // (len(ways) + 1)], pair % (len(ways) + 1)
        attribution = ways[way - 1] if way else ("unknown" if actor_set == UNKNOWN else "sole")
        key = f"{actor_set}:{attribution}" if way else actor_set
        layers.append({"key": key, "actors": actor_set.split("|"), "attribution": attribution})
    rank = sorted(range(len(layers)), key=lambda i: (len(layers[i]["actors"]), layers[i]["key"] == UNKNOWN, -counts[i]))
    position = np.empty(len(layers), dtype=np.int64)
    position[rank] = np.arange(len(layers))
    return position[codes], [layers[i] for i in rank]


def number_months(incidents: gpd.GeoDataFrame) -> tuple[Ints, list[str]]:
    """Return the month of every incident's first day and the months; `LONGER` comes last."""
    start = incidents["date_start"]
    undated = (start.isna() | (incidents["date_precision"] == LONGER)).to_numpy()
    number = start.to_numpy().astype("datetime64[M]").astype(np.int64)
    number[undated] = np.iinfo(np.int64).max
    found, codes = np.unique(number, return_inverse=True)
    names = np.datetime_as_string(found[found < np.iinfo(np.int64).max].astype("datetime64[M]")).tolist()
    return codes, [*names, LONGER][: len(found)]


def outline(geometries: NDArray[Any], bounds: tuple[float, float, float, float] | None) -> dict[str, Any]:
    """Return the rings of (multi)polygons as the page reads them: delta-coded whole numbers in 1/``scale`` degrees."""
    width = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) if bounds else 1.0
    tolerance = max(width / SHARPNESS, 1 / DEGREE)
    scale = int(min(DEGREE, 10 ** np.ceil(np.log10(2 / tolerance))))
    simple = shapely.simplify(geometries, tolerance)
    return {"scale": scale, "outlines": [_rings(geometry, scale) for geometry in simple]}


def _rings(geometry: shapely.Geometry, scale: int) -> list[list[int]]:
    rings = shapely.get_rings(shapely.get_parts(geometry))
    rounded = (np.rint(shapely.get_coordinates(ring) * scale).astype(np.int64) for ring in rings)
    return [np.diff(points, axis=0, prepend=0).ravel().tolist() for points in rounded]


def _locate(incidents: gpd.GeoDataFrame) -> tuple[Ints, Ints, Ints, Ints, NDArray[Any]]:
    """Return kind, longitude, latitude and area number (1 and up) of every row, and the areas."""
    geometry = np.array(incidents.geometry.array, dtype=object)
    geometry[shapely.is_empty(geometry)] = None
    types = shapely.get_type_id(geometry)
    x, y = shapely.get_x(geometry), shapely.get_y(geometry)
    kind = np.full(len(geometry), UNPLACED)
    kind[np.isfinite(x) & np.isfinite(y)] = POINT
    shaped = np.flatnonzero(np.isin(types, (3, 6)))
    kind[shaped] = AREA
    numbers, first = _number_areas(incidents.iloc[shaped])
    areas = geometry[shaped[first]]
    inside = shapely.point_on_surface(areas)
    area = np.zeros(len(geometry), dtype=np.int64)
    area[shaped] = numbers + 1
    x[shaped], y[shaped] = shapely.get_x(inside)[numbers], shapely.get_y(inside)[numbers]
    kind[(incidents["precision"] == "country").to_numpy()] = UNPLACED  # never a mark, whatever its geometry
    placed = kind != UNPLACED
    lon, lat = (np.where(placed, np.rint(np.where(placed, v, 0) * DEGREE), 0).astype(np.int64) for v in (x, y))
    return kind, lon, lat, area, areas


def _number_areas(rows: gpd.GeoDataFrame) -> tuple[Ints, Ints]:
    """Return the number of each row's area, told apart by unit code or else shape, and the first row of each area."""
    key = pd.Series(pd.NA, index=rows.index, dtype="str")
    for precision, level in AREA_LEVEL.items():
        key = key.mask(rows["precision"] == precision, rows[f"adm{level}_pcode"])
    nameless = key.isna()
    key[nameless] = shapely.to_wkb(np.asarray(rows.geometry.array)[nameless.to_numpy()], hex=True)
    numbers, _ = pd.factorize(key)
    return numbers, np.unique(numbers, return_index=True)[1]


def _bounds(kind: Ints, lon: Ints, lat: Ints, areas: NDArray[Any]) -> tuple[float, float, float, float] | None:
    if (kind == UNPLACED).all():
        return None
    x, y = lon[kind != UNPLACED] / DEGREE, lat[kind != UNPLACED] / DEGREE
    boxes = np.vstack([shapely.bounds(areas).reshape(-1, 4), [x.min(), y.min(), x.max(), y.max()]])
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _pack_column(pack: Pack, field: Field, values: pd.Series, first_day: int) -> None:
    """Pack one column by its kind; numbers stand one up, so that 0 is missing."""
    if field.kind == "count":
        pack.add_ints(field.name, values.fillna(-1).to_numpy(dtype=np.int64) + 1)
    elif field.kind == "number":
        thousandths = np.rint(values.fillna(0).to_numpy(dtype=float) * THOUSAND).astype(np.int64)
        pack.add_ints(field.name, np.where(values.isna(), 0, thousandths + 1))
    elif field.kind == "day":
        pack.add_ints(field.name, np.where(values.isna(), 0, _days(values) - first_day + 1), delta=True)
    elif field.kind == "flag":
        pack.add_ints(field.name, values.astype("Int64").fillna(-1).to_numpy(dtype=np.int64) + 1)
    else:
        pack.add_texts(field.name, values)


def _days(values: pd.Series) -> Ints:
    """Return days from 1970; of missing ones a number nobody may use."""
    return values.to_numpy().astype("datetime64[D]").astype(np.int64)


def _span(incidents: gpd.GeoDataFrame) -> tuple[int, int]:
    days = pd.concat([incidents["date_start"], incidents["date_end"]]).dropna()
    return (int(_days(days).min()), int(_days(days).max())) if len(days) else (0, 0)


def _runs(layer_ids: Ints, month_ids: Ints) -> list[int]:
    """Return layer, month and length of every run of rows, flat."""
    starts = np.flatnonzero(np.diff(layer_ids, prepend=-1) | np.diff(month_ids, prepend=-1))
    lengths = np.diff(starts, append=len(layer_ids))
    return np.column_stack([layer_ids[starts], month_ids[starts], lengths]).ravel().tolist()
