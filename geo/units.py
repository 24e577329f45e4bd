"""From a table of polygons to administrative units of every level, linked upwards.

Recognised in any case are the columns of OCHA's common operational datasets (``ADM1_PCODE``, ``ADM1_EN``, ``ADM1_AR``,
``adm1_name``, ``validOn``), of geoBoundaries (``shapeID``, ``shapeName``, ``shapeGroup``) and of GADM (``GID_1``,
``NAME_1``, ``NL_NAME_1``).
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.countries import match_countries
from geo.errors import InputError, Problem, UsageError
from geo.readers.cells import judge_text
from geo.schema import ADMIN_LEVELS, CRS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

UNIT_COLUMNS = (
    *("level", "pcode", "name", "name_local", "aliases", "country", "parent"),
    *("valid_from", "valid_to", "source", "population", "population_column", "geometry"),
)
"""Columns of a regions frame."""
MOST_PEOPLE = 2_000_000_000
"""More than live in any country: a population above it is another number."""

_ISO = re.compile("[A-Z]{2}")
_LEVEL = r"adm(?:in)?_?{k}_?"
_LEVEL_COLUMNS = {
    "pcode": _LEVEL + r"p?code|gid_{k}",
    "name": _LEVEL + r"(?:(?:name_?)?en|name)|name_{k}",
    "name_local": _LEVEL + r"(?:(?:name_?)?(?!en)[a-z]{{2}}|name1)|nl_name_{k}",
}
_OWN_COLUMNS = {
    "pcode": r"p_?code|shapeid",
    "name": r"(?:name_)?en|name(?:_en)?|shapename",
    "name_local": r"name_local|name_(?!en)[a-z]{2}",
    "country": r"country(?:_code)?|iso_?a?[23]|shapegroup",
    "valid_from": r"valid_?(?:on|from)",
    "valid_to": r"valid_?to",
}


def build_units(
    features: gpd.GeoDataFrame,
    path: Path | str,
    *,
    world: gpd.GeoDataFrame,
    columns: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the units of a boundary file and of every level above them, as a regions frame.

    Parameters
    ----------
    features
        Polygons with the columns of the file, as `geo.boundaries.read_boundaries` gives them.
    path
        The file, for messages and as the units' source.
    world
        Country units (level 0), by which units without an ISO country code are placed.
    columns
        Columns that hold the ``pcode``, ``name``, ``name_local``, the code of the ``parent`` and the ``country``;
        recognised by their names when missing. ``country`` may be a two-letter code for the whole file, and
        ``level`` is the level of the features, else the deepest that the columns speak of. ``population`` is never
        guessed: many columns count people, and not all of the same year.

    Raises
    ------
    UsageError
        When a named column is not in the file, or the level is none.
    InputError
        When no column with codes is recognised, and for every feature with an invalid polygon, without a code or name,
        with characters that turn a name round, with the code of another, with a code above it that elsewhere lies in
        another unit, or with a population that is no number of people.
    """
    present = [str(c) for c in features.columns.drop(features.geometry.name)]
    given = dict(columns or {})
    people = given.pop("population", None)
    level = _read_level(given.pop("level", None))
    country = None if given.get("country") in present else given.pop("country", None)
    named = [*given.values(), people, None if country and _ISO.fullmatch(country) else country]
    if absent := {*filter(None, named)} - set(present):
        message = f"{path} has no column {', '.join(sorted(absent))}; it has {', '.join(present)}"
        raise UsageError(message)
    level, found = _recognise(present, given, level)
    for role, what in (("pcode", "codes"), ("name", "names")):
        if f"{role}{level}" not in found:
            wrong = f"no column with {what} is recognised among {', '.join(present)}"
            todo = f"name the column that holds them with --region-column {role}=COLUMN"
            raise InputError(path, [Problem(0, "", "", wrong, todo, f"no-{what}")])
    table = _tidy(features, found)
    table["population"] = _read_people(features[people], path) if people else pd.Series(pd.NA, table.index, "Int64")
    stated = table.get("country", table.get("pcode0"))
    table["country"] = country or _find_countries(table, stated, world)
    table["pcode0"] = table["pcode0"].fillna(table["country"]) if "pcode0" in table else table["country"]
    levels = [k for k in ADMIN_LEVELS if k <= level and f"pcode{k}" in table]
    _check_units(table, path, levels, found, elsewhere=_contradict(table["country"], stated, world))
    units = _stack_levels(table, levels).assign(source=Path(path).name, population_column=people)
    return units.astype({"population_column": "str"})[[*UNIT_COLUMNS]]


def _read_level(text: str | None) -> int | None:
    if text is None or text in map(str, ADMIN_LEVELS):
        return None if text is None else int(text)
    message = f"level {text}: not one of {', '.join(map(str, ADMIN_LEVELS))}"
    raise UsageError(message)


def _recognise(columns: list[str], given: dict[str, str], level: int | None) -> tuple[int, dict[str, str]]:
    """Return the level of the features, and the file's column for each of ours, such as ``pcode1``."""
    upper = {f"{role}{k}": _find(columns, p.format(k=k)) for role, p in _LEVEL_COLUMNS.items() for k in ADMIN_LEVELS}
    own = {role: _find(columns, pattern) for role, pattern in _OWN_COLUMNS.items()} | given
    if level is None:
        stated = [k for k in ADMIN_LEVELS if upper[f"pcode{k}"]]
        deeper = own["pcode"] and own["pcode"] not in upper.values()  # codes of a level below those that say theirs
        level = min(max(stated, default=0) + bool(deeper), max(ADMIN_LEVELS))
    for role in _LEVEL_COLUMNS:
        upper[f"{role}{level}"] = given.get(role) or upper[f"{role}{level}"] or own[role]
    if level > 0 and "parent" in given:
        upper[f"pcode{level - 1}"] = given["parent"]
    found = upper | {role: own[role] for role in ("country", "valid_from", "valid_to")}
    return level, {ours: theirs for ours, theirs in found.items() if theirs}


def _find(columns: list[str], pattern: str) -> str | None:
    """Return the first column that matches ``pattern``, a regular expression, in any case."""
    return next((c for c in columns if re.fullmatch(pattern, c, re.IGNORECASE)), None)


def _tidy(features: gpd.GeoDataFrame, found: dict[str, str]) -> gpd.GeoDataFrame:
    """Return the columns found, as trimmed text under our names, with the geometry."""
    texts = {}
    for ours, theirs in found.items():
        values = features[theirs].convert_dtypes()
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.strftime("%Y-%m-%d")
        text = values.astype("str").str.normalize("NFC").str.strip()
        texts[ours] = text.mask(text == "")
    return gpd.GeoDataFrame(texts, geometry=features.geometry.array, index=features.index, crs=CRS)


def _read_people(values: pd.Series, path: Path | str) -> pd.Series:
    """Return populations as whole numbers; empty ones are missing, and what is no number of people is refused."""
    text = values.convert_dtypes().astype("str").str.strip()
    text = text.mask(text == "")
    people = pd.to_numeric(text, errors="coerce")
    wrong = text.notna() & ~people.between(0, MOST_PEOPLE)
    if wrong.any():
        todo = "write it as a plain number, or leave it empty when unknown"
        problems = [
            Problem(row, str(values.name), text[row], "is no number of people", todo, "population")
            for row in text.index[wrong]
        ]
        raise InputError(path, problems)
    return people.astype("Float64").round().astype("Int64")


def _contradict(country: pd.Series, stated: pd.Series | None, world: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Return which units state a country by its name that they are not in."""
    if stated is None:
        return np.zeros(len(country), dtype=bool)
    meant = stated.map(match_countries(stated.dropna().unique(), world)).fillna("")
    return ((meant != "") & country.notna() & (meant != country)).to_numpy(dtype=bool)


def _find_countries(table: gpd.GeoDataFrame, stated: pd.Series | None, world: gpd.GeoDataFrame) -> pd.Series:
    """Return the ISO code of each unit's country: as stated, else the one most units of the same code lie in."""
    if stated is not None and stated.str.fullmatch(_ISO).all():
        return pd.Series(stated)
    middles = table.set_geometry(shapely.point_on_surface(table.geometry.array), crs=CRS)[["geometry"]]
    inside = middles.sjoin(world[["country", "geometry"]], how="left").groupby(level=0)["country"].first()
    group = pd.Series("", index=table.index) if stated is None else stated.fillna("")
    return pd.Series(inside.groupby(group).transform(lambda codes: codes.mode().min()))


def _check_units(
    table: gpd.GeoDataFrame,
    path: Path | str,
    levels: list[int],
    found: dict[str, str],
    *,
    elsewhere: NDArray[np.bool_],
) -> None:
    """Refuse polygons and codes that would join an incident to no unit, or to two, or ``elsewhere`` than stated.

    Names that are missing or turn a text round are refused too. ``found`` are the file's own columns, by ours.
    """
    shapes, codes = table.geometry.array, [table[f"pcode{k}"] for k in levels]
    missing, valid = shapely.is_missing(shapes) | shapely.is_empty(shapes), shapely.is_valid(shapes)
    flat = shapely.get_dimensions(shapes) < 2  # noqa: PLR2004 - an area has two dimensions
    beyond = (np.abs(shapely.bounds(shapes)) > [180, 90, 180, 90]).any(axis=1)
    faults = [
        (missing, "has no geometry", "draw it, or leave the unit out", "no-geometry"),
        (flat & ~missing, "is not a polygon", "keep the polygons alone", "not-a-polygon"),
        (~valid & ~missing, "", "repair the polygon", "invalid-polygon"),
        (beyond, "lies beyond ±180, ±90 degrees", "export it with its true coordinate system", "not-degrees"),
        (table["country"].isna(), "lies in no known country", "name its two-letter country code", "no-country"),
        (
            elsewhere,
            "lies outside the country stated",
            "check the axes, the coordinate system, the country",
            "misplaced",
        ),
        (codes[-1].duplicated(keep=False), "has the code of another unit", "give each unit its own", "duplicate-code"),
        *((_torn(*pair), "its unit above lies in two units", "correct one", "two-parents") for pair in pairwise(codes)),
    ]
    own = codes[-1].name
    told = [(own, *fault) for fault in faults]
    for k in levels:
        code, name = f"pcode{k}", f"name{k}"
        if code in found:
            told.append((code, table[code].isna(), "has no code", "fill it in", "no-code"))
        if name in found and k > 0:  # the names of countries are known
            unnamed = table[name].groupby(table[code]).transform("count") == 0
            told.append((name, unnamed, "has no name", "fill it in, with the code if there is none", "no-name"))
    problems = [
        Problem(
            int(table.index[k]),
            found[column],
            table[column].fillna("").iloc[k],
            wrong or shapely.is_valid_reason(shapes[k]),
            todo,
            rule,
        )
        for column, odd, wrong, todo, rule in told
        for k in np.flatnonzero(odd)
    ]
    for column, theirs in found.items():
        cells = pa.array(table[column].fillna(""), pa.string())
        problems += judge_text(theirs, cells, table.index.to_numpy(), is_name=True)
    if problems:
        raise InputError(path, problems)


def _torn(upper: pd.Series, lower: pd.Series) -> pd.Series:
    """Return which units have a code at the lower level that elsewhere has another code above it."""
    pairs = pd.DataFrame({"upper": upper, "lower": lower}).drop_duplicates().dropna()
    return lower.isin(pairs.loc[pairs["lower"].duplicated(keep=False), "lower"])


def _stack_levels(table: gpd.GeoDataFrame, levels: list[int]) -> gpd.GeoDataFrame:
    """Return the units of every level under each other, the upper ones dissolved from the features."""
    stacked = []
    for above, k in zip([None, *levels], levels, strict=False):
        units = table if k == levels[-1] else table.dissolve(f"pcode{k}", as_index=False)
        columns = {role: units.get(f"{role}{k}") for role in ("pcode", "name", "name_local")}
        columns |= {role: units.get(role) for role in ("aliases", "country", "valid_from", "valid_to")}
        columns |= {"parent": None if above is None else units[f"pcode{above}"]}
        frame = pd.DataFrame(columns, index=units.index, dtype="str").assign(level=np.int8(k))
        whole = table.groupby(f"pcode{k}")["population"].agg(lambda people: people.sum(skipna=False))
        frame["population"] = whole.reindex(units[f"pcode{k}"]).array  # unknown when that of one part is
        frame["name"] = frame["name"].fillna(frame["pcode"])
        stacked.append(gpd.GeoDataFrame(frame, geometry=units.geometry.array, crs=CRS).sort_values("pcode"))
    return gpd.GeoDataFrame(pd.concat(stacked, ignore_index=True), crs=CRS)
