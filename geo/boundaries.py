"""Boundary files a user brings, opened with care: GeoPackage, GeoJSON, Shapefile and GeoParquet."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, NoReturn

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pyproj

from geo.errors import InputError, Problem
from geo.files import require_file
from geo.schema import CRS

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = {
    ".gpkg": ("GPKG", b"SQLite format 3\0"),
    ".geojson": ("GeoJSON", b"{"),
    ".json": ("GeoJSON", b"{"),
    ".shp": ("ESRI Shapefile", b"\0\0'\n"),
    ".parquet": ("GeoParquet", b"PAR1"),
}
"""Accepted endings, with the GDAL driver and the first bytes of such a file."""

MAX_FEATURES = 100_000
"""Features in a file; the districts of the whole world are about half as many."""

MAX_BYTES = 2**30
"""Bytes that a packed file may have unpacked."""

_COORDINATES = re.compile(rb'"coordinates"\s*:\s*\[[][\d\s.,eE+-]*\]')
_NON_ASCII = re.compile(rb"[\x80-\xff]{2}[\x20-\x7e\x80-\xff]*")


def read_boundaries(
    path: Path | str, *, layer: str | None = None, crs: str | None = None, encoding: str | None = None
) -> gpd.GeoDataFrame:
    """Read the features of a boundary file with all their columns.

    Only the formats of `FORMATS` are opened, recognised by their content, and nothing is fetched.

    Parameters
    ----------
    path
        A local file.
    layer
        Layer to read; needed when a GeoPackage holds several.
    crs
        Coordinate system of a file that states none, in any form PROJ knows.
    encoding
        Text encoding of a Shapefile without ``.cpg``.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4326, indexed by the row a person sees (the first feature is row 2).

    Raises
    ------
    UsageError
        When ``path`` is not a regular local file.
    InputError
        When the content is not what the name says, or too much, or states no coordinate system or encoding.
    """
    source = require_file(path)
    driver = _sniff_driver(source)
    if driver == "GPKG":
        layer = _choose_table(source, layer)
    if driver == "ESRI Shapefile":
        encoding = _check_parts(source, encoding)
    if driver == "GeoJSON":
        _check_keys(source)
    try:
        frame = _open(source, driver, layer, encoding)
    except (OSError, RuntimeError, ValueError) as error:
        _refuse(source, f"cannot be read ({str(error).splitlines()[0]})", "export it again", "unreadable")
    if frame.crs is None or frame.crs.name.startswith("Undefined"):  # GeoPackage's ids -1 and 0
        if crs is None:
            _refuse(source, "states no coordinate system", "export it with its .prj, or as GeoPackage", "no-crs")
        frame = frame.set_crs(pyproj.CRS(crs), allow_override=True)
    return frame.set_axis(np.arange(2, len(frame) + 2)).rename_axis("row").to_crs(CRS)


def _refuse(path: Path, wrong: str, todo: str, code: str) -> NoReturn:
    raise InputError(path, [Problem(0, "", "", wrong, todo, code)])


def _sniff_driver(path: Path) -> str:
    """Return the GDAL driver for ``path``, by its ending, proved by its first bytes."""
    known = ", ".join(FORMATS)
    if path.suffix.lower() not in FORMATS:
        _refuse(path, f"'{path.suffix}' is not a boundary format", f"save it as one of {known}", "unknown-format")
    driver, magic = FORMATS[path.suffix.lower()]
    with path.open("rb") as file:
        start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n" if driver == "GeoJSON" else b"")
    if not start.startswith(magic):
        found = "a GDAL VRT" if start.startswith(b"<OGRVRT") else f"something else (first bytes {start[:4].hex(' ')})"
        _refuse(path, f"content is {found}, not {driver}", f"save it as one of {known}", "wrong-content")
    return driver


def _open(path: Path, driver: str, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame:
    if driver == "GeoParquet":
        about = pq.read_metadata(path)
        size = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        _check_size(path, about.num_rows, size)
        return gpd.read_parquet(path)
    import pyogrio  # noqa: PLC0415 - GDAL takes much memory, and most runs read no boundaries

    info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    if info["driver"] != driver:
        _refuse(path, f"content is {info['driver']}, not {driver}", "save it as plain GeoJSON", "wrong-content")
    _check_size(path, info["features"])
    return pyogrio.read_dataframe(path, layer=layer, encoding=encoding)


def _check_size(path: Path, features: int, unpacked: int = 0) -> None:
    """Refuse a file of more than `MAX_FEATURES`, or that unpacks to more than `MAX_BYTES`."""
    todo = "leave out what the map does not need"
    if features > MAX_FEATURES:
        _refuse(path, f"has {features:,} features, more than {MAX_FEATURES:,}", todo, "too-many-features")
    if unpacked > MAX_BYTES:
        wrong = f"unpacks to {unpacked / 1e6:,.0f} MB, the limit is {MAX_BYTES / 1e6:,.0f} MB"
        _refuse(path, wrong, todo, "file-too-large")


def _choose_table(path: Path, layer: str | None) -> str:
    """Return the one feature table of a GeoPackage, or the one named. Views are code of the file and are not run."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            kinds = dict(database.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"))
            for name in sorted(kinds):
                if kinds[name] == "view" and name.startswith("gpkg_"):
                    _refuse(path, f"layer list '{name}' is a view; only tables are read", "export it again", "view")
            layers = [name for (name,) in database.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name")]
    except sqlite3.Error as error:
        _refuse(path, f"is not a GeoPackage ({error})", "export it again", "unreadable")
    chosen = layers[0] if layer is None and len(layers) == 1 else str(layer)
    if chosen not in layers:
        _refuse(
            path,
            f"holds the layers {', '.join(layers) or 'none'}",
            "save the one to read as a file of its own",
            "which-layer",
        )
    if kinds.get(chosen) != "table":
        _refuse(path, f"layer '{chosen}' is a view; only tables are read", "save it as a table", "view")
    return chosen


def _check_keys(path: Path) -> None:
    """Refuse a GeoJSON that names one property twice: readers keep either, and tell nobody."""
    features = 0
    problems: list[Problem] = []

    def count(pairs: list[tuple[str, object]]) -> None:
        nonlocal features
        problems.extend(
            Problem(features + 2, name, "", f"is there {number} times in one feature", "keep one", "duplicate-key")
            for name, number in Counter(name for name, _ in pairs).items()
            if number > 1
        )
        features += ("type", "Feature") in pairs

    try:
        json.loads(_COORDINATES.sub(b'"coordinates":0', path.read_bytes()), object_pairs_hook=count)
    except RecursionError:
        _refuse(path, "holds lists in lists without end", "export it again", "unreadable")
    except ValueError:
        return  # the reader says what is wrong
    if problems:
        raise InputError(path, problems)


def _check_parts(path: Path, encoding: str | None) -> str | None:
    """Return the encoding to read a Shapefile with; None when it states its own."""
    parts = {part.suffix.lower(): part for part in path.parent.glob("*") if part.stem == path.stem}
    for part in (".shx", ".dbf"):
        if part not in parts:
            _refuse(path, f"its part {part} is missing", "copy all parts of the Shapefile", "missing-part")
    if ".cpg" in parts or encoding is not None:
        return encoding
    table = parts[".dbf"].read_bytes()
    text = _NON_ASCII.search(table, int.from_bytes(table[8:10], "little"))
    if text is None:
        return "utf-8"
    readings = " or ".join(f"'{text[0][:40].decode(e, 'replace').strip()}' ({e})" for e in ("utf-8", "windows-1256"))
    todo = f"write the encoding that reads right into a text file {path.stem}.cpg beside it"
    return _refuse(path, f"states no encoding; its text reads {readings}", todo, "no-encoding")
