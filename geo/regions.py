"""Administrative units: which one a point belongs to, and whether that is the one the source stated.

A regions frame is a GeoDataFrame in EPSG:4326 with one row per unit and level: ``level`` (0 is the country),
``pcode`` (unique), ``name``, ``name_local``, ``aliases`` (other names, ``|``-separated), ``country`` (ISO 3166-1
alpha-2), ``parent`` (code of the unit one stored level up), ``valid_from``, ``valid_to``, ``source``, ``geometry``.
Points are joined to the deepest level of each country; the levels above it follow from ``parent``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.names import fold_names, skeletons
from geo.reference import reference_path
from geo.schema import ADMIN_LEVELS, AREA_LEVEL, DTYPES, FIELDS, fields

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Array = NDArray[Any]

TOLERANCE_KM = 5.0
"""How far outside every unit a point may lie and still be joined to the nearest one."""

DEPTH_LIMITS_KM = ((8.0, 2), (25.0, 1))
"""A location known to no better than so many km is joined no deeper than this level; the last that applies counts."""

SHORTEST_DEGREE_KM = 110.5
"""A degree of latitude at the equator on WGS 84, where it is shortest: a search box is never too small."""

SHORTEST_SKELETON = 3
"""Consonants that two spellings of a name must share; fewer are shared by chance."""

LOCATED_BY = "regions:"
"""Start of ``located_by`` of an incident whose geometry is a unit; the unit's code follows."""

_WGS84 = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class _Units:
    """A regions frame by position; -1 is no unit. ``lineage`` holds the position of each unit's own at every level."""

    frame: gpd.GeoDataFrame
    codes: pd.Index
    rank: Array
    lineage: Array
    base: Array

    def find(self, codes: pd.Series | None, length: int) -> Array:
        return np.full(length, -1) if codes is None else self.codes.get_indexer(pd.Index(codes))

    def text(self, column: str, positions: Array) -> Array:
        """Return a column at ``positions``, missing where there is no unit."""
        return np.array([*self.frame[column], None], dtype=object)[positions]


def _index_units(regions: gpd.GeoDataFrame) -> _Units:
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
    return _Units(frame, codes, codes.argsort().argsort(), lineage, np.flatnonzero(levels == deepest))


def read_regions(path: Path | None = None) -> gpd.GeoDataFrame:
    """Return the embedded regions: Syria to sub-districts, Iraq to districts, the world to governorates."""
    return gpd.read_parquet(path or reference_path("regions.parquet"))


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
    units = _index_units(regions)
    hints = np.column_stack([units.find(codes, len(points)) for codes in (stated, country)])
    found = _locate(_coordinates(points.array), units, hints, tolerance_km).set_axis(points.index)
    found.insert(0, "pcode", units.text("pcode", found.pop("unit").to_numpy()))
    return found.astype({"method": "str", "km": "Float64"})


def match_units(
    names: pd.Series, regions: gpd.GeoDataFrame, *, level: int, country: pd.Series | None = None
) -> pd.Series:
    """Return the code of the unit that each name stands for; missing when no unit does, or several do.

    A code is taken as it is; else names, local names and aliases are compared folded, then by their consonants.

    Parameters
    ----------
    names
        Names in any spelling and script, or codes.
    regions
        A regions frame.
    level
        Administrative level of the units looked for.
    country
        ISO code of the country the unit must lie in, aligned with ``names``; where missing, any.
    """
    known = regions.loc[regions["level"] == level, ["pcode", "country", "name", "name_local", "aliases"]]
    known = pd.DataFrame(known.assign(aliases=known["aliases"].str.split("|"))).explode("aliases")
    spelt = known.melt(["pcode", "country"], ["name", "name_local", "aliases"], value_name="text").dropna(subset="text")
    asked = pd.DataFrame({"text": names.array, "country": None if country is None else country.array})
    wanted = asked.drop_duplicates().dropna(subset="text")
    codes = wanted["text"].where(wanted["text"].isin(known["pcode"]))
    for key, shortest in ((fold_names, 1), (skeletons, SHORTEST_SKELETON)):
        keyed = [frame.assign(key=key(frame["text"])) for frame in (wanted, spelt)]
        codes = codes.fillna(_match_keys(*keyed, shortest=shortest))
    found = asked.merge(wanted.assign(pcode=codes), how="left", on=["text", "country"])["pcode"]
    return pd.Series(found.array, index=names.index, dtype="str")


def _match_keys(wanted: pd.DataFrame, spelt: pd.DataFrame, *, shortest: int) -> pd.Series:
    """Return the code of the one unit whose key is that of the wanted name, in the wanted country."""
    long = wanted["key"].str.len() >= shortest
    pairs = wanted[long].reset_index().merge(spelt, on="key", suffixes=("", "_unit"))
    pairs = pairs[pairs["country"].isna() | (pairs["country"] == pairs["country_unit"])]
    return pairs.drop_duplicates(["index", "pcode"]).drop_duplicates("index", keep=False).set_index("index")["pcode"]


def join_regions(
    incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, *, tolerance_km: float = TOLERANCE_KM
) -> gpd.GeoDataFrame:
    """Return the incidents with the columns of stage ``joined``: their unit at every level, and how it was found.

    A point gets exactly one unit (see `locate_points`) and the units above it, no deeper than its precision allows.
    An area-level incident gets the unit that is its geometry; one without a geometry, or outside every unit, only
    its stated country. The stated governorate is compared with the joined one.

    Parameters
    ----------
    incidents
        Incidents of stage ``geocoded``, EPSG:4326.
    regions
        A regions frame.
    tolerance_km
        How far outside every unit a point may lie and still be joined to the nearest one, in km.
    """
    units = _index_units(regions)
    country = units.find(match_units(incidents["country"], regions, level=0), len(incidents))
    iso = pd.Series(units.text("country", country), index=incidents.index)
    stated = units.find(match_units(incidents["admin1"], regions, level=1, country=iso), len(incidents))
    spots = _coordinates(incidents.geometry.array)
    found = _locate(spots, units, np.column_stack([stated, country]), tolerance_km).set_axis(incidents.index)
    _join_areas(incidents, units, found)
    unit = found["unit"].to_numpy()
    lineage = np.where((unit < 0)[:, None], -1, units.lineage[unit])
    lineage[np.arange(len(ADMIN_LEVELS)) > _depth(incidents)[:, None]] = -1
    lineage[unit < 0, 0] = country[unit < 0]
    columns = {f"adm{k}_{part}": units.text(part, lineage[:, k]) for k in ADMIN_LEVELS for part in ("name", "pcode")}
    columns |= {"join_method": found["method"], "join_km": found["km"]} | _compare_stated(
        spots, units, stated, lineage[:, 1]
    )
    dtypes = {f.name: DTYPES[f.kind] for f in fields("joined")}
    joined = incidents.assign(**columns).astype(dtypes)
    return joined[[*(f.name for f in FIELDS), incidents.geometry.name]]


def _depth(incidents: gpd.GeoDataFrame) -> Array:
    """Return the deepest level that each incident's precision allows."""
    depth = np.full(len(incidents), max(ADMIN_LEVELS))
    radius = incidents["precision_km"].to_numpy(dtype=float, na_value=0.0)
    for limit, level in DEPTH_LIMITS_KM:
        depth[radius > limit] = level
    areas = incidents["precision"].map(AREA_LEVEL).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(areas), depth, areas).astype(int)


def _join_areas(incidents: gpd.GeoDataFrame, units: _Units, found: pd.DataFrame) -> None:
    """Set, in place, the unit of area-level incidents: the one that located them, else the one around their middle."""
    geometry = incidents.geometry.array
    area = shapely.get_dimensions(geometry) > 0
    own = units.codes.get_indexer(incidents.loc[area, "located_by"].str.removeprefix(LOCATED_BY))
    middles = _coordinates(shapely.point_on_surface(geometry[area]))
    around = _locate(middles, units, np.full((len(middles), 2), -1), 0.0)["unit"].to_numpy()
    unit = np.where(own >= 0, own, around)
    found.loc[area, "unit"] = unit
    found.loc[area, "method"] = np.where(unit >= 0, "area", "outside")
    found.loc[shapely.is_missing(geometry), "method"] = "none"


def _compare_stated(spots: Array, units: _Units, stated: Array, joined: Array) -> dict[str, Any]:
    """Return whether the joined governorate is the stated one, and for points the km to the stated one."""
    point = ~np.isnan(spots[:, 0])
    known = (stated >= 0) & (point | (joined >= 0))
    agrees = pd.array(stated == joined, dtype="boolean")
    agrees[~known] = pd.NA
    km = np.where(known & (stated == joined), 0.0, np.nan)
    apart = np.flatnonzero(known & (stated != joined) & point)
    km[apart] = _distances(spots[apart], stated[apart], units)
    return {"admin_agrees": agrees, "admin_km": km}


def _coordinates(geometries: Array) -> Array:
    """Return x and y of each point, NaN where there is no point."""
    return np.column_stack([shapely.get_x(geometries), shapely.get_y(geometries)])


def _locate(spots: Array, units: _Units, hints: Array, tolerance_km: float) -> pd.DataFrame:
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


def _pair_up(places: Array, units: _Units, tolerance_km: float) -> pd.DataFrame:
    """Return each place with every base unit that touches it, or else with those within the tolerance."""
    touching = _touch(places, units)
    lost = np.flatnonzero(np.bincount(touching["place"], minlength=len(places)) == 0)
    x, y = places[lost].T
    height = tolerance_km / SHORTEST_DEGREE_KM
    width = height / np.cos(np.radians(np.clip(y, -89, 89)))
    tree = shapely.STRtree(units.frame.geometry.array[units.base])
    box, unit = tree.query(shapely.box(x - width, y - height, x + width, y + height), predicate="intersects")
    near = pd.DataFrame({"place": lost[box], "unit": units.base[unit]})
    near["km"] = _distances(places[near["place"]], near["unit"].to_numpy(), units)
    return pd.concat([touching, near[near["km"] <= tolerance_km]], ignore_index=True)


def _touch(places: Array, units: _Units) -> pd.DataFrame:
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


def _distances(spots: Array, unit: Array, units: _Units) -> Array:
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
