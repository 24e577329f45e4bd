"""Administrative units: read them, and join each incident to the one it belongs to at every level.

A regions frame is a GeoDataFrame in EPSG:4326 with one row per unit and level: ``level`` (0 is the country),
``pcode`` (unique), ``name``, ``name_local``, ``aliases`` (other names, ``|``-separated), ``country`` (ISO 3166-1
alpha-2), ``parent`` (code of the unit one stored level up), ``valid_from``, ``valid_to``, ``source``, ``population``
(people; missing when unknown), ``population_column`` (the column of the source that states it), ``geometry``.
Points are joined to the deepest level of each country; the levels above it follow from ``parent``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.boundaries import read_boundaries
from geo.countries import match_countries
from geo.errors import InputError, Problem, UsageError
from geo.locate import (
    TOLERANCE_KM,
    border_distances,
    index_units,
    locate_points,
    locate_spots,
    point_coordinates,
)
from geo.names import fold_names, skeletons
from geo.reference import reference_path
from geo.schema import ADMIN_LEVELS, AREA_LEVEL, BY_GAZETTEER, BY_REGION, CRS, DTYPES, FIELDS, fields
from geo.units import build_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geo.locate import UnitIndex

    Array = NDArray[Any]

__all__ = [
    "embedded_regions",
    "find_anachronisms",
    "find_countries",
    "find_overlaps",
    "join_regions",
    "locate_points",
    "match_units",
    "read_regions",
]

DEPTH_LIMITS_KM = ((8.0, 2), (25.0, 1))
"""A location known to no better than so many km is joined no deeper than this level; the last that applies counts."""

SHORTEST_SKELETON = 3
"""Consonants that two spellings of a name must share; fewer are shared by chance."""

DECIDED = "decided: "
"""Start of ``location_note`` of an incident that a person placed; what was chosen follows."""


def read_regions(
    paths: Path | str | Iterable[Path | str] | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    onto: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the embedded regions, with the units of files instead in the countries that the files cover.

    The embedded ones are Syria to sub-districts, Iraq to districts, and the governorates of the world. A file's
    units bring the levels above them, and keep the names of the units they replace as aliases.

    Parameters
    ----------
    paths
        GeoPackage, GeoJSON, Shapefile or GeoParquet files, each with the units of one level.
    columns
        Which columns of the files hold what, see `geo.units.build_units`; recognised when None.
    layer, crs, encoding
        What a file does not say, see `geo.boundaries.read_boundaries`.
    onto
        Regions frame that the files' units go into; the embedded one when None.

    Raises
    ------
    UsageError
        When a path is no local file, or a named column is not in it.
    InputError
        When a file or its units are refused; every problem of that file is listed.
    """
    known = embedded_regions() if onto is None else onto
    for path in [paths] if isinstance(paths, (str, Path)) else paths or ():
        features = read_boundaries(path, layer=layer, crs=crs, encoding=encoding)
        world = known[known["level"] == 0]
        units = build_units(features, path, world=world, columns=columns)
        _inherit_names(units, known)
        _check_position(units, world, path)
        others = known[~known["country"].isin(units["country"])]
        _check_codes(units, others, path)
        known = pd.concat([others, units], ignore_index=True)
    return gpd.GeoDataFrame(known, crs=CRS)


def embedded_regions(countries: Sequence[str] | None = None) -> gpd.GeoDataFrame:
    """Return the embedded units (EPSG:4326), without populations; those of some countries alone are read sooner.

    Parameters
    ----------
    countries
        ISO 3166-1 two-letter codes, which are the embedded countries' P-codes too. None: every country.
    """
    chosen = None if countries is None else pc.field("country").isin(pa.array(countries, type=pa.string()))
    units = pd.read_parquet(reference_path("regions.parquet"), filters=chosen)
    units["geometry"] = gpd.GeoSeries.from_wkb(units["geometry"], crs=CRS)  # faster than the file's own PROJJSON
    return gpd.GeoDataFrame(
        units.assign(
            population=pd.array([None] * len(units), dtype="Int64"),
            population_column=pd.array([None] * len(units), dtype="str"),
        )
    )


def _inherit_names(units: gpd.GeoDataFrame, known: gpd.GeoDataFrame) -> None:
    """Give each unit, in place, the names of the known unit it replaces as aliases, and countries also as names."""
    for level, group in units.groupby("level"):
        asked = group["country"] if level == 0 else group["name"]
        same = match_units(asked, known, level=level, country=group["country"])
        names = known.set_index("pcode")[["name", "name_local", "aliases"]].reindex(same)
        units.loc[group.index, "aliases"] = ["|".join(row.dropna()) or None for _, row in names.iterrows()]
        if level == 0:
            for column in ("name", "name_local"):
                units.loc[group.index, column] = names[column].fillna(group[column].set_axis(same)).array


def _check_position(units: gpd.GeoDataFrame, world: gpd.GeoDataFrame, path: Path | str) -> None:
    """Refuse units of a country that lie nowhere near it: axes swapped, or another coordinate system than stated."""
    countries = units[units["level"] == 0].merge(world, on="country", suffixes=("", "_known"))
    apart = countries[~shapely.intersects(countries["geometry"].array, countries["geometry_known"].array)]
    wrong, todo = "its units lie outside that country", "check the axes and the coordinate system"
    if len(apart):
        raise InputError(path, [Problem(0, "country", code, wrong, todo, "misplaced") for code in apart["country"]])


def _check_codes(units: gpd.GeoDataFrame, others: gpd.GeoDataFrame, path: Path | str) -> None:
    """Refuse units with the code of one in another country: swapped axes put them there."""
    owner = units["pcode"].map(others.set_index("pcode")["country"]).dropna()
    todo = "check the axes, or give the units of each country codes of their own"
    problems = [
        Problem(0, "pcode", units["pcode"][at], f"is a code of {code}, and the unit lies in {lies}", todo, "misplaced")
        for at, code, lies in zip(owner.index, owner, units["country"][owner.index], strict=True)
    ]
    if problems:
        raise InputError(path, problems)


def match_units(
    names: pd.Series, regions: gpd.GeoDataFrame, *, level: int, country: pd.Series | None = None
) -> pd.Series:
    """Return the code of the unit that each name stands for; missing when no unit does, or several do.

    A code is taken as it is; else names, local names and aliases are compared as they are, then folded, then by their
    consonants. Countries (level 0) are known by more forms of their names, see `geo.countries.match_countries`.

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
    if level == 0:
        return _match_countries(names, regions)
    known = regions.loc[regions["level"] == level, ["pcode", "country", "name", "name_local", "aliases"]]
    known = pd.DataFrame(known.assign(aliases=known["aliases"].str.split("|"))).explode("aliases")
    spelt = known.melt(["pcode", "country"], ["name", "name_local", "aliases"], value_name="text").dropna(subset="text")
    asked = pd.DataFrame({"text": names.array, "country": None if country is None else country.array})
    wanted = asked.drop_duplicates().dropna(subset="text")
    codes = wanted["text"].where(wanted["text"].isin(known["pcode"]))
    for key, shortest in ((_casefold, 1), (fold_names, 1), (skeletons, SHORTEST_SKELETON)):
        keyed = [frame.assign(key=pd.array(key(frame["text"]), dtype="str")) for frame in (wanted, spelt)]
        codes = codes.fillna(_match_keys(*keyed, shortest=shortest))
    found = asked.merge(wanted.assign(pcode=codes), how="left", on=["text", "country"])["pcode"]
    return pd.Series(found.array, index=names.index, dtype="str")


def _match_countries(names: pd.Series, regions: gpd.GeoDataFrame) -> pd.Series:
    """Return the code of the country that each name, or code, stands for; missing when none does."""
    countries = regions[regions["level"] == 0].drop_duplicates("country").set_index("country")["pcode"]
    codes = match_countries(names.dropna().unique(), regions)
    own = names.where(names.isin(countries))
    return pd.Series(own.fillna(names.map(codes).map(countries)).array, index=names.index, dtype="str")


def find_countries(codes: pd.Series, units: pd.DataFrame) -> pd.Series:
    """Return the ISO code of the country of each code of a country, which boundaries may write as they like.

    Parameters
    ----------
    codes
        Codes of level 0; missing stays missing.
    units
        Rows of a regions frame, of level 0 or of governorates, which name the country's code as their parent.
    """
    upper = units[units["level"] <= 1]
    code = upper["pcode"].where(upper["level"] == 0, upper["parent"])
    return codes.map(dict(zip(code, upper["country"], strict=True))).astype("str")


def _casefold(names: Iterable[str]) -> list[str]:
    return [name.casefold() for name in names]


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

    A point gets exactly one unit (see `locate_points`) and the units above it, no deeper than its precision allows; one
    that a gazetteer gave is in the governorate stated, else in the one listed, else in the country stated, where that
    is no farther than the tolerance. An area-level incident gets the unit that is its geometry; one without a geometry,
    or outside every unit, only the country stated or named. The stated governorate is compared with the joined one.

    Parameters
    ----------
    incidents
        Incidents of stage ``geocoded``, EPSG:4326.
    regions
        A regions frame.
    tolerance_km
        How far outside every unit a point may lie and still be joined to the nearest one, in km.

    Raises
    ------
    UsageError
        When either frame is in another CRS, or in none.
    """
    require_degrees(incidents, "incidents")
    require_degrees(regions, "regions")
    units = index_units(regions)
    country = units.find(match_units(incidents["country"], regions, level=0), len(incidents))
    told = units.codes.get_indexer(incidents["located_by"].str.removeprefix(BY_REGION))  # by the text of the place
    country = np.where((country < 0) & (incidents["precision"] == "country").to_numpy(dtype=bool), told, country)
    iso = pd.Series(units.text("country", country), index=incidents.index)
    stated = units.find(match_units(incidents["admin1"], regions, level=1, country=iso), len(incidents))
    spots = point_coordinates(incidents.geometry.array)
    found = locate_spots(spots, units, np.column_stack([stated, country]), tolerance_km).set_axis(incidents.index)
    listed = units.find(incidents["listed_admin1"], len(incidents))
    for hint in (country, listed, stated):  # the last counts most
        _keep_in(hint, incidents, spots, units, found, tolerance_km=tolerance_km)
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


def require_degrees(frame: gpd.GeoDataFrame, what: str) -> None:
    """Raise a `UsageError` unless a frame is in EPSG:4326, whatever the order of its axes."""
    if frame.crs is None or not frame.crs.equals(CRS, ignore_axis_order=True):
        given = "no CRS" if frame.crs is None else frame.crs.name
        message = f"the {what} are in {given}, not in {CRS} — call to_crs({CRS!r}), or set_crs where it is missing"
        raise UsageError(message)


def _depth(incidents: gpd.GeoDataFrame) -> Array:
    """Return the deepest level that each incident's precision allows."""
    depth = np.full(len(incidents), max(ADMIN_LEVELS))
    radius = incidents["precision_km"].to_numpy(dtype=float, na_value=0.0)
    for limit, level in DEPTH_LIMITS_KM:
        depth[radius > limit] = level
    areas = incidents["precision"].map(AREA_LEVEL).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(areas), depth, areas).astype(int)


def _keep_in(
    hint: Array, incidents: pd.DataFrame, spots: Array, units: UnitIndex, found: pd.DataFrame, *, tolerance_km: float
) -> None:
    """Move, in place, points that a gazetteer gave into the unit told that is no farther than the tolerance.

    The source says where the place is, the gazetteer only that one of the name is here, and outlines are simplified.
    """
    unit = found["unit"].to_numpy()
    listed = incidents["located_by"].str.startswith(BY_GAZETTEER).fillna(value=False).to_numpy(dtype=bool)
    at = np.flatnonzero(listed & (unit >= 0) & (hint >= 0) & (units.lineage[unit] != hint[:, None]).all(axis=1))
    for one in np.unique(hint[at]):
        rows = at[hint[at] == one]
        inner = index_units(units.frame[(units.lineage == one).any(axis=1)])
        nearest = locate_spots(spots[rows], inner, np.full((len(rows), 2), -1), tolerance_km)
        near = (nearest["unit"] >= 0).to_numpy()
        nearest = nearest[near].assign(unit=units.codes.get_indexer(inner.codes[nearest["unit"][near]]))
        found.iloc[rows[near]] = nearest[found.columns].to_numpy()


def _join_areas(incidents: gpd.GeoDataFrame, units: UnitIndex, found: pd.DataFrame) -> None:
    """Set, in place, the unit of area-level incidents: the one that located them, else the one around their middle."""
    geometry = incidents.geometry.array
    area = shapely.get_dimensions(geometry) > 0
    own = units.codes.get_indexer(incidents.loc[area, "located_by"].str.removeprefix(BY_REGION))
    middles = point_coordinates(shapely.point_on_surface(geometry[area]))
    around = locate_spots(middles, units, np.full((len(middles), 2), -1), 0.0)["unit"].to_numpy()
    unit = np.where(own >= 0, own, around)
    found.loc[area, "unit"] = unit
    found.loc[area, "method"] = np.where(unit >= 0, "area", "outside")
    found.loc[shapely.is_missing(geometry), "method"] = "none"


def _compare_stated(spots: Array, units: UnitIndex, stated: Array, joined: Array) -> dict[str, Any]:
    """Return whether the joined governorate is the stated one, and for points the km to the stated one."""
    point = ~np.isnan(spots[:, 0])
    known = (stated >= 0) & (point | (joined >= 0))
    agrees = pd.array(stated == joined, dtype="boolean")
    agrees[~known] = pd.NA
    km = np.where(known & (stated == joined), 0.0, np.nan)
    apart = np.flatnonzero(known & (stated != joined) & point)
    km[apart] = border_distances(spots[apart], stated[apart], units)
    return {"admin_agrees": agrees, "admin_km": km}


def _find_deepest(incidents: pd.DataFrame) -> pd.Series:
    """Return the code of the deepest unit that each incident is joined to."""
    deepest = incidents["adm0_pcode"]
    for level in ADMIN_LEVELS[1:]:
        deepest = incidents[f"adm{level}_pcode"].fillna(deepest)
    return deepest


def find_anachronisms(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Return a finding for each set of boundaries that was not in force when incidents joined to it happened.

    Parameters
    ----------
    incidents
        Located incidents, as `join_regions` returns them, indexed by row.
    regions
        The regions frame they were joined to.
    """
    spans = regions.set_index("pcode")[["source", "valid_from", "valid_to"]]
    spans = spans.reindex(_find_deepest(incidents)).reset_index(drop=True)
    since, until = (pd.to_datetime(spans[name]).array for name in ("valid_from", "valid_to"))
    off = (incidents["date_end"].array < since) | (incidents["date_start"].array > until)
    apart = spans.assign(row=incidents.index)[off].fillna("?").groupby(["source", "valid_from", "valid_to"])["row"]
    todo = "join them to boundaries of their time"
    problems = []
    for (source, since, until), n, row in apart.agg(["size", "min"]).itertuples():
        first = f"the first of {n:,} incidents " if n > 1 else ""
        wrong = f"is {first}outside {since}–{until}, the time of the boundaries of {source}"
        problems.append(Problem(row, "", "", wrong, todo, "anachronism", "finding"))
    return problems


def find_overlaps(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Return a finding for each incident whose point lies within several units that overlap: it is counted in one.

    Parameters
    ----------
    incidents
        Located incidents, as `join_regions` returns them, indexed by row.
    regions
        The regions frame they were joined to.
    """
    units = index_units(regions)
    several = incidents[incidents["join_method"] == "border"]
    at, unit = shapely.STRtree(units.frame.geometry.array[units.base]).query(several.geometry.array, predicate="within")
    pairs = pd.DataFrame({"at": at, "code": units.codes[units.base[unit]]}).sort_values(["at", "code"])
    overlapping = pairs[pairs["at"].duplicated(keep=False)].groupby("at")["code"].agg(" and ".join)
    there = several.iloc[overlapping.index]
    todo = "correct the boundaries, or state the governorate"
    told = zip(there.index, there["place"].fillna(""), overlapping, _find_deepest(there), strict=True)
    return [
        Problem(
            int(row),
            "place",
            place,
            f"lies in {codes}, which overlap: counted in {code}",
            todo,
            "overlapping-regions",
            "finding",
        )
        for row, place, codes, code in told
    ]
