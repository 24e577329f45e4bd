"""Which unit a point belongs to: exactly one, by one rule, and how far it is from it.

Exact and quick for a million points: prepared polygons are asked about the points of their box, found by bisection in
the points sorted by x. Distances are only taken for points outside every unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.schema import ADMIN_LEVELS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Array = NDArray[Any]

TOLERANCE_KM = 5.0
"""How far outside every unit a point may lie and still be joined to the nearest one."""

SHORTEST_DEGREE_KM = 110.5
"""A degree of latitude at the equator on WGS 84, where it is shortest: a search box is never too small."""

_WGS84 = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class UnitIndex:
    """A regions frame by position; -1 is no unit. ``lineage`` holds the position of each unit's own at every level."""

    frame: gpd.GeoDataFrame
    codes: pd.Index
    rank: Array
    lineage: Array
    base: Array

    def find(self, codes: pd.Series | None, length: int) -> Array:
        """Return the position of each code, for ``length`` missing ones when None."""
        return np.full(length, -1) if codes is None else self.codes.get_indexer(pd.Index(codes))

    def text(self, column: str, positions: Array) -> Array:
        """Return a column at ``positions``, missing where there is no unit."""
        return np.array([*self.frame[column], None], dtype=object)[positions]


def index_units(regions: gpd.GeoDataFrame) -> UnitIndex:
    """Return what a join asks of a regions frame, worked out once."""
    frame = regions.reset_index(drop=True)
    codes, levels = pd.Index(frame["pcode"]), frame["level"].to_numpy()
    parents = np.append(codes.get_indexer(frame["parent"]), -1)  # the last entry answers for "no unit"
    lineage = np.full((len(frame), len(ADMIN_LEVELS)), -1)
    current = np.arange(len(frame))
    for _ in ADMIN_LEVELS:
        known = np.flatnonzero(current >= 0)
        lineage[known, levels[current[known]]] = current[known]
        current = parents[current]
    deepest = frame.groupby("country")["level"].transform("max").to_numpy()
    return UnitIndex(frame, codes, codes.argsort().argsort(), lineage, np.flatnonzero(levels == deepest))


def locate_points(
    points: gpd.GeoSeries,
    regions: gpd.GeoDataFrame,
    *,
    tolerance_km: float = TOLERANCE_KM,
    stated: pd.Series | None = None,
    country: pd.Series | None = None,
) -> pd.DataFrame:
    """Find the one unit of the deepest level that each point belongs to.

    The unit that touches the point; where several do (a shared border, or boundaries that overlap) the stated one,
    else one of the stated country, else the lowest code; outside all of them the nearest within the tolerance.

    Parameters
    ----------
    points
        Points in EPSG:4326; missing ones are outside.
    regions
        A regions frame.
    tolerance_km
        Largest distance to the nearest unit, in km.
    stated, country
        Codes of the stated unit, of any level, and of the stated country's level 0, aligned with ``points``.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``points``: ``pcode`` (missing when outside), ``method`` (``contains``, ``stated``, ``border``,
        ``nearest``, ``outside``) and ``km`` to the unit (0 when it touches the point, missing when outside).
    """
    units = index_units(regions)
    hints = np.column_stack([units.find(codes, len(points)) for codes in (stated, country)])
    found = locate_spots(point_coordinates(points.array), units, hints, tolerance_km).set_axis(points.index)
    found.insert(0, "pcode", units.text("pcode", found.pop("unit").to_numpy()))
    return found.astype({"method": "str", "km": "Float64"})


def point_coordinates(geometries: Array) -> Array:
    """Return x and y of each point, NaN where there is no point."""
    return np.column_stack([shapely.get_x(geometries), shapely.get_y(geometries)])


def locate_spots(spots: Array, units: UnitIndex, hints: Array, tolerance_km: float) -> pd.DataFrame:
    """Return ``unit``, ``method`` and ``km`` of each spot; ``hints`` are its stated unit and stated country."""
    row = np.flatnonzero(~np.isnan(spots[:, 0]))
    places, place = np.unique(spots[row, 0] + 1j * spots[row, 1], return_inverse=True)  # sorted by x
    pairs = _pair_up(np.column_stack([places.real, places.imag]), units, tolerance_km)
    claims = pd.DataFrame({"row": row, "place": place}).merge(pairs, on="place")
    own, hint = units.lineage[claims["unit"]], hints[claims["row"]]
    is_hinted = [(own == np.where(h < 0, -2, h)[:, None]).any(axis=1) for h in hint.T]
    claims = claims.assign(preference=np.select(is_hinted, [0, 1], 2), rank=units.rank[claims["unit"]])
    claims = claims.sort_values(["row", "km", "preference", "rank"])
    single = ~claims.duplicated("row", keep=False)
    decided = ~claims.duplicated(["row", "preference"], keep=False) & (claims["preference"] < len(is_hinted))
    claims["method"] = np.select([claims["km"] > 0, single, decided], ["nearest", "contains", "stated"], "border")
    best = claims.drop_duplicates("row").set_index("row")[["unit", "method", "km"]]
    return best.reindex(range(len(spots))).fillna({"unit": -1, "method": "outside"}).astype({"unit": int})


def _pair_up(places: Array, units: UnitIndex, tolerance_km: float) -> pd.DataFrame:
    """Return each place with every base unit that touches it, or else with those within the tolerance."""
    touching = _touch(places, units)
    lost = np.flatnonzero(np.bincount(touching["place"], minlength=len(places)) == 0)
    x, y = places[lost].T
    height = tolerance_km / SHORTEST_DEGREE_KM
    width = height / np.cos(np.radians(np.clip(y, -89, 89)))
    tree = shapely.STRtree(units.frame.geometry.array[units.base])
    box, unit = tree.query(shapely.box(x - width, y - height, x + width, y + height), predicate="intersects")
    near = pd.DataFrame({"place": lost[box], "unit": units.base[unit]})
    near["km"] = border_distances(places[near["place"]], near["unit"].to_numpy(), units)
    return pd.concat([touching, near[near["km"] <= tolerance_km]], ignore_index=True)


def _touch(places: Array, units: UnitIndex) -> pd.DataFrame:
    """Return every pair of a place and a base unit that touches it; ``places`` are sorted by x."""
    x, y = places.T
    geometries = units.frame.geometry.array[units.base]
    west, south, east, north = shapely.bounds(geometries).T
    starts, stops = np.searchsorted(x, west, "left"), np.searchsorted(x, east, "right")
    place, unit = [np.empty(0, dtype=int)], [np.empty(0, dtype=int)]
    for k in np.flatnonzero(starts < stops):
        part = slice(starts[k], stops[k])
        near = starts[k] + np.flatnonzero((y[part] >= south[k]) & (y[part] <= north[k]))
        if len(near):
            shapely.prepare(geometries[k])
            place.append(near[shapely.intersects_xy(geometries[k], x[near], y[near])])
            unit.append(np.full(len(place[-1]), units.base[k]))
    return pd.DataFrame({"place": np.concatenate(place), "unit": np.concatenate(unit), "km": 0.0})


def border_distances(spots: Array, unit: Array, units: UnitIndex) -> Array:
    """Return the km from each spot outside its unit to that unit's border, to the metre.

    The nearest point of the border is found in the Mercator projection, which has one scale in all directions; the
    distance to it is geodesic (Karney 2013, through PROJ).
    """
    km = np.empty(len(spots))
    for k, rows in pd.Series(unit).groupby(unit).indices.items():
        points = shapely.points(_project(spots[rows]))
        edges = _edges(units.frame.geometry.array[cast("int", k)])
        _, nearest = shapely.STRtree(edges).query_nearest(points, all_matches=False)
        x, y = shapely.get_coordinates(shapely.shortest_line(edges[nearest], points))[::2].T
        lon, lat = spots[rows].T
        km[rows] = _WGS84.inv(lon, lat, np.degrees(x), np.degrees(np.arctan(np.sinh(y))))[2] / 1000
    return km.round(3)


def _edges(geometry: shapely.Geometry) -> Array:
    """Return every edge of the rings of ``geometry`` as a line in the Mercator projection."""
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometry)), return_index=True)
    corners = _project(corners)
    return cast("Array", shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]]))


def _project(degrees: Array) -> Array:
    x, y = np.radians(degrees).T
    return np.column_stack([x, np.arcsinh(np.tan(y))])
