"""A places frame: where each place is, how it is called, what it is, and in which governorate it lies.

One row per place, with the columns of `PLACE_COLUMNS`. The governorate is found by point in polygon; at
simplified borders GeoNames decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.locate import TOLERANCE_KM, locate_points
from geo.name_rules import MODIFIERS
from geo.names import fold_names, plain_names, skeletons
from geo.schema import CRS, POINT_RADIUS_KM
from geo.toponyms.place_text import INNER_KINDS, KIND_WORDS, UNNAMED_WORDS, parse_place, read_names
from geo.toponyms.pool import KM_PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PLACE_COLUMNS = {
    "id": "str",
    "name": "str",
    "local": "str",
    "names": "str",
    "lat": "float64",
    "lon": "float64",
    "country": "str",
    "admin1": "str",
    "feature": "str",
    "population": "int64",
    "precision": "str",
    "precision_km": "float64",
    "source": "str",
    "located": "bool",
}
"""Columns of a places frame with their dtypes. ``names`` holds further spellings, separated by ``|``; ``country`` is
ISO 3166-1 and ``admin1`` the code of the built-in governorate; ``feature`` is a GeoNames code; ``located`` tells places
known from incidents that somebody located."""

COLUMN_NAMES = {
    "id": ("id", "geonameid", "pcode", "admin4pcode", "pcode_4", "code", "incident_id", "fid"),
    "name": ("place", "name", "name_en", "admin4name_en", "settlement", "village", "asciiname", "location", "toponym"),
    "local": ("ar", "name_ar", "place_local", "place_ar", "admin4name_ar", "local", "name_local"),
    "names": ("aliases", "alternatenames", "alternate_names", "alternatename", "altnames", "alias", "names"),
    "lat": ("lat", "latitude", "y", "lat_dd", "point_y", "latitude_y"),
    "lon": ("lon", "longitude", "lng", "long", "x", "lon_dd", "point_x", "longitude_x"),
    "country": ("country", "country_code", "iso2", "admin0", "adm0", "countrycode", "admin0name_en"),
    "parent": ("admin2", "adm2", "district", "admin2name_en", "adm3", "admin3"),
    "feature": ("feature", "feature_code", "featurecode", "fcode", "type"),
    "population": ("population", "pop"),
    "precision": ("precision", "location_precision"),
}
"""Headers under which gazetteer files keep each column; the first one present is taken."""

CITY_POPULATION, TOWN_POPULATION = 100_000, 10_000
SEAT = "PPLA3"
"""GeoNames code of the seat of a district, given to places of unknown kind that bear its name."""
BORDER_KM = 25.0
"""How far outside its country's simplified boundaries a place may lie and still belong to the nearest of its units."""
SIMPLIFIED = "Natural Earth 10m"
"""Source of built-in outlines that are off by kilometres."""
CODE_VOTES = 10
"""Places of a code of GeoNames from which it is known which governorate it stands for."""
NO_CODE = "00"
"""GeoNames' code of a place whose governorate it does not know."""
SPREAD_KM = 5.0
"""Located incidents of one name that lie within so many km of their median agree; else each cluster stands alone."""
_EMPTY = frozenset([*UNNAMED_WORDS.split(), *MODIFIERS, *" ".join([*MODIFIERS.values(), *KIND_WORDS.values()]).split()])
"""Words that are no name by themselves."""


def place_precision(feature: pd.Series, population: pd.Series) -> pd.Series:
    """Return the precision that a place's GeoNames feature code and population allow."""
    part = feature.isin(["PPLX", "PPLQX"])
    city = (population >= CITY_POPULATION) | feature.isin(["PPLC", "PPLA"])
    town = (population >= TOWN_POPULATION) | feature.isin(["PPLA2", "PPLA3"])
    return pd.Series(
        np.select([part, city, town], ["neighbourhood", "city", "town"], "village"), index=feature.index, dtype="str"
    )


def make_places(found: pd.DataFrame, regions: gpd.GeoDataFrame, *, source: str) -> pd.DataFrame:
    """Return a places frame from whatever columns of `COLUMN_NAMES` a file gives.

    Rows without a name or usable coordinates are left out, and so are those that are not at a named place ("near X",
    "between X and Y"). Located incidents (a column ``located`` that is true) of one name and governorate that agree
    become one place. A place keeps the label of its row, which is its id where it has no other.
    """
    lat, lon = (pd.to_numeric(found[c], errors="coerce").astype("float64") for c in ("lat", "lon"))
    usable = lat.between(-90, 90) & lon.between(-180, 180) & (found["name"].fillna("").str.strip() != "")
    found = found.assign(lat=lat, lon=lon)[usable]
    if found.empty:
        return pd.DataFrame({c: pd.Series(dtype=dtype) for c, dtype in PLACE_COLUMNS.items()})
    text = {c: found[c].fillna("").astype("str") if c in found else pd.Series("", found.index) for c in COLUMN_NAMES}
    population = pd.to_numeric(text["population"], errors="coerce").fillna(0).astype("int64")
    told = text["country"].where(text["country"].str.len() == 2, "")  # noqa: PLR2004 - ISO 3166-1 alpha-2
    codes = found["geonames_admin1"] if "geonames_admin1" in found else pd.Series("", found.index)
    unit, country, admin1 = _find_units(found, told, codes, regions)
    kinds, spellings = _spell_out(text["name"], text["local"])
    seat = (text["feature"] == "") & _is_seat(text["name"], unit)
    text["feature"] = text["feature"].where(~seat, SEAT)
    places = pd.DataFrame(
        {
            "id": text["id"].where(text["id"] != "", pd.Series(found.index, found.index).astype("str")),
            "name": text["name"].str.strip(),
            "local": text["local"].str.strip(),
            "names": spellings,
            "lat": found["lat"],
            "lon": found["lon"],
            "country": country,
            "admin1": admin1,
            "feature": text["feature"],
            "population": population,
            "precision": text["precision"].where(
                text["precision"].isin(POINT_RADIUS_KM),
                place_precision(text["feature"].where(kinds != "part", "PPLX"), population),
            ),
            "source": source,
            "located": "located" in found and found["located"],
        }
    )
    places["precision_km"] = places["precision"].map(POINT_RADIUS_KM)
    parents = [text["parent"], unit.fillna(""), admin1.map(regions.set_index("pcode")["name"]).fillna("")]
    places["names"] = join_names([spellings, text["names"], _drop_parents(text["name"], parents)])
    places = places[kinds != "skip"]
    if places["located"].any():
        places = _merge_located(places)
    return places.astype(PLACE_COLUMNS)[list(PLACE_COLUMNS)]


def _find_units(
    found: pd.DataFrame, told: pd.Series, codes: pd.Series, regions: gpd.GeoDataFrame
) -> tuple[pd.Series, ...]:
    """Return the name of the deepest unit of each place, its country and the code of its governorate.

    A place that its file counts to a country belongs to it, and to the nearest of its units, also where the boundaries
    put it across the border: a border town stays in its country. See `heed_geonames` for governorates.
    """
    points = gpd.GeoSeries(gpd.points_from_xy(found["lon"], found["lat"]), index=found.index, crs=CRS)
    units = regions.drop_duplicates("pcode").set_index("pcode")
    pcode = locate_points(points, regions)["pcode"]
    across = (told != "") & (pcode.map(units["country"]).fillna("") != told) & told.isin(units["country"])
    for country in told[across].unique():
        lost = across & (told == country)
        own = regions[regions["country"] == country]
        pcode[lost] = locate_points(points[lost], own, tolerance_km=BORDER_KM)["pcode"]
    level1 = pcode.copy()
    for _ in range(2):  # from level 3 or 2 up to level 1
        deeper = level1.map(units["level"]) > 1
        level1 = level1.where(~deeper, level1.map(units["parent"]))
    deep = pcode.where(pcode.map(units["level"]) > 1)
    level1 = heed_geonames(level1, told, codes, points, regions)
    columns = (deep.map(units["name"]), told.where(told != "", pcode.map(units["country"]).fillna("")), level1)
    return tuple(column.astype("str") for column in columns)


def heed_geonames(
    admin1: pd.Series, country: pd.Series, codes: pd.Series, points: gpd.GeoSeries, regions: gpd.GeoDataFrame
) -> pd.Series:
    """Return the governorate of each place: where outlines are simplified, at a border the one GeoNames counts it to.

    A code of GeoNames stands for the governorate in which more than half of its places lie; others of its places that
    lie no more than `geo.locate.TOLERANCE_KM` outside are in it as well.

    Parameters
    ----------
    admin1
        Code of the governorate around each place, missing where there is none.
    country, codes
        ISO code of its country and GeoNames' code of its governorate, empty where unknown; aligned.
    points
        Where the places are, EPSG:4326; aligned.
    regions
        A regions frame.
    """
    simplified = set(regions.loc[regions["source"] == SIMPLIFIED, "pcode"])
    known = (country != "") & ~codes.isin(["", NO_CODE]) & admin1.isin(simplified)
    label = (country + "." + codes)[known]
    counts = admin1[known].groupby([label, admin1[known]]).size()
    total = counts.groupby(level=0).transform("sum")
    most = counts[(counts > total / 2) & (total >= CODE_VOTES)]
    wanted = label.map(pd.Series(most.index.get_level_values(1), most.index.get_level_values(0)))
    odd = wanted[wanted.notna() & (wanted != admin1[known])]
    heeded = admin1.copy()
    for unit, rows in odd.groupby(odd).groups.items():
        near = locate_points(points[rows], regions[regions["pcode"] == unit], tolerance_km=TOLERANCE_KM)["pcode"]
        heeded[rows] = near.fillna(admin1[rows])
    return heeded


def _is_seat(names: pd.Series, unit: pd.Series) -> pd.Series:
    """Return which places bear the name of the district or sub-district they lie in."""
    known = unit.notna()
    keys = [_skeletons(texts[known]) for texts in (names, unit)]
    same = np.zeros(len(names), dtype=bool)
    same[known] = (keys[0] == keys[1]) & (keys[0] != "")
    return pd.Series(same, names.index)


def _skeletons(names: pd.Series) -> NDArray[np.object_]:
    """Return the skeleton of each name, worked out once for each distinct one."""
    number, distinct = pd.factorize(names)
    return np.array(skeletons(distinct), dtype=object)[number]


def _spell_out(names: pd.Series, local: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return what each place is (``part``, ``skip`` when it is not at a named place) and its names taken apart."""
    plain, told = read_names({*names, *local})

    def take(name: str) -> tuple[str, tuple[str, ...]]:
        if name in plain:
            return "part" if told.get(name) in INNER_KINDS else "", (plain[name],)
        return _take_apart(name)

    kinds, spellings = [], []
    for name, own in zip(names, local, strict=True):
        kind, spelt = take(name)
        kinds.append(kind)
        spellings.append("|".join(dict.fromkeys([*spelt, *(take(own)[1] if own else ())])))
    return pd.Series(kinds, names.index, dtype="str"), pd.Series(spellings, names.index, dtype="str")


def are_places(texts: pd.Series) -> pd.Series:
    """Return which texts name a place, not what lies near one or between two."""
    plain, _ = read_names(set(texts))
    named = {text: text in plain or _take_apart(text)[0] != "skip" for text in texts.unique()}
    return texts.map(named).astype(bool)


def _take_apart(name: str) -> tuple[str, tuple[str, ...]]:
    said = parse_place(name)
    if not said.mentions or said.offset or said.between or said.mentions[0].relation != "at":
        return "skip", ()
    part = ":" in name or said.mentions[0].kind in INNER_KINDS
    return "part" if part else "", tuple(n for text in said.mentions[0].names for n in text.split("_"))


def _drop_parents(names: pd.Series, parents: list[pd.Series]) -> pd.Series:
    """Return each name without its last word where that is the name of a unit it lies in ("Jum Afrin")."""
    plain = names.where(~names.str.contains(r"[,:;/(]| (?:near|in|of) "), "").str.strip()
    cut = plain.str.rpartition(" ")
    stem, last = cut[0].str.strip(), cut[2].where(cut[0] != "", "")
    keys = _skeletons(last)
    same = np.zeros(len(names), dtype=bool)
    for parent in parents:
        same |= keys == _skeletons(parent)
    tells_nothing = pd.Series(plain_names(stem), names.index).str.split().map(_EMPTY.issuperset)
    return stem.where(same & (keys != "") & (last != "") & ~tells_nothing, "")


def join_names(columns: Sequence[pd.Series]) -> pd.Series:
    """Return the texts of aligned columns, separated by ``|``, empty ones left out."""
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + "|" + column
    return joined.str.replace(r"\|{2,}", "|", regex=True).str.strip("|")


def _merge_located(places: pd.DataFrame) -> pd.DataFrame:
    """Return one place for the incidents of one name and governorate that agree; those that don't stay apart."""
    key = pd.Series(fold_names(places["name"]), places.index) + "|" + places["admin1"].fillna("")
    middle = places.groupby(key)[["lat", "lon"]].transform("median")
    off = np.hypot(places["lat"] - middle["lat"], (places["lon"] - middle["lon"]) * np.cos(np.radians(places["lat"])))
    spread = (off * KM_PER_DEGREE).groupby(key).transform("max")
    agrees = spread <= SPREAD_KM
    places = places.assign(
        lat=places["lat"].where(~agrees, middle["lat"]),
        lon=places["lon"].where(~agrees, middle["lon"]),
        precision_km=places["precision_km"].where(~agrees, np.maximum(places["precision_km"], spread)),
    )
    apart = [c.where(~agrees, 0.0).round(2) for c in (places["lat"], places["lon"])]
    names = places.groupby([key, *apart])["names"].transform(lambda n: "|".join(sorted(set("|".join(n).split("|")))))
    return places.assign(names=names).groupby([key, *apart], sort=False).head(1)
