"""Write ``registry.json``: where each file of ``data/`` comes from, under which licence, and what it holds.

The facts a person has to know stand here; hashes, rows and dates are read from the files. After a CSV was changed by
hand, ``python data/compile registry`` brings the registry up to date.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from sources import (
    AIRFIELDS,
    COUNTRY_NAMES,
    DATA,
    FEATURES,
    GEOBOUNDARIES,
    GEONAMES,
    HERE,
    LAKES,
    NATURAL_EARTH,
    OUTLINES,
    RIVERS,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sources import Package

CONTENTS = {
    GEOBOUNDARIES: ("geoBoundaries gbOpen: Syria ADM3, Iraq ADM2 (UN OCHA, Iraq CSO)", "CC-BY-3.0-IGO"),
    NATURAL_EARTH: ("Natural Earth 10m, states and provinces", "public domain"),
    OUTLINES: ("Natural Earth 10m, countries", "public domain"),
    RIVERS: ("Natural Earth 50m, rivers", "public domain"),
    LAKES: ("Natural Earth 10m, lakes", "public domain"),
    GEONAMES: ("GeoNames cities500: names, places, populations", "CC-BY-4.0"),
    FEATURES: ("GeoNames cities500: feature codes", "CC-BY-4.0"),
    AIRFIELDS: ("airportsdata: names and positions of airfields", "MIT"),
    COUNTRY_NAMES: ("Unicode CLDR: names of countries", "Unicode-3.0"),
}
"""What was taken from each package, and the licence of that, which is not the licence of the package's code."""

OWN_LICENCE = "BSD-3-Clause"


@dataclass(frozen=True)
class Facts:
    """What has to be known of one data file and cannot be read from it."""

    description: str
    attribution: str
    packages: tuple[Package, ...] = ()
    licence: str = OWN_LICENCE
    crs: str | None = None


FILES = {
    "regions.parquet": Facts(
        "Administrative units of every country, with the sub-districts of Syria and the districts of Iraq",
        "Administrative boundaries of Syria and Iraq: UN OCHA / Iraq Central Statistics Office via geoBoundaries gbOpen"
        " (Runfola et al. 2020), CC BY 3.0 IGO; simplified, gaps closed, governorates dissolved. Other boundaries: made"
        " with Natural Earth (public domain). Names of countries: Unicode CLDR. Boundaries and names imply no"
        " endorsement.",
        (GEOBOUNDARIES, NATURAL_EARTH, COUNTRY_NAMES),
        "CC-BY-3.0-IGO AND Unicode-3.0",
        "EPSG:4326",
    ),
    "gazetteer.parquet": Facts(
        "Places of 500 people and more in 17 countries at war and around them, with their other spellings",
        "Place names: GeoNames, CC BY 4.0.",
        (GEONAMES, FEATURES),
        "CC-BY-4.0",
        "EPSG:4326",
    ),
    "airfields.parquet": Facts(
        "Airfields and air bases of the same countries",
        "Airfields: airportsdata (Mike Borsetti), MIT.",
        (AIRFIELDS,),
        "MIT",
        "EPSG:4326",
    ),
    "basemap.json": Facts(
        "Land, borders, rivers, lakes and place labels, detailed around Syria and Iraq; a row is a line or a label",
        "Base map: made with Natural Earth (public domain); Syria and Iraq from geoBoundaries gbOpen, CC BY 3.0 IGO;"
        " labels from GeoNames, CC BY 4.0.",
        (OUTLINES, RIVERS, LAKES, GEOBOUNDARIES, NATURAL_EARTH, GEONAMES, FEATURES, COUNTRY_NAMES),
        "CC-BY-3.0-IGO AND CC-BY-4.0 AND Unicode-3.0",
        "EPSG:4326",
    ),
    "incidents.csv": Facts(
        "Documented incidents of February to April 2017 in Syria and Iraq",
        "Incidents: written by hand from the sources that each row names.",
        crs="EPSG:4326",
    ),
    "claims.csv": Facts(
        "What each source said of those incidents, and when",
        "Claims: each is the number of the source that its row names.",
    ),
    "findings.csv": Facts(
        "What sources state about an area and a time without a number",
        "Findings: each is the statement of the source that its row names.",
    ),
    "totals.csv": Facts(
        "Totals published for a country, a period and a party",
        "Published totals: each is the number of the source that its row names.",
    ),
    "coverage.csv": Facts(
        "Where, when and for whom the sources of the built-in incidents looked",
        "Coverage windows: written by hand from the sources that each row names.",
    ),
    "crosswalk.csv": Facts(
        "Terms of sources for parties to the conflicts, and what is lost between them and ours",
        "Crosswalk of terms: written by hand.",
    ),
    "story.toml": Facts(
        "What a news story of 3 April 2017 said that figures can decide; a row is a statement",
        "Statements: written by hand, in words of their own, after The Independent, 3 April 2017.",
    ),
    "actors.csv": Facts(
        "Parties to the conflicts, with their spellings, a colour and a shape", "Actors: written by hand."
    ),
    "golden.md": Facts(
        "Results worked out from these data, which a test compares",
        "Golden results: each is of the source that it names.",
    ),
    "extra_places.csv": Facts(
        "Places that GeoNames' cities leave out",
        "Further places: written by hand from the sources that each row names.",
        crs="EPSG:4326",
    ),
}


def write_registry() -> None:
    """Write ``data/registry.json`` for every file of `FILES`, and hold the folder to that list.

    Raises
    ------
    ValueError
        When a file of the folder is not in `FILES`.
    """
    there = {path.name for path in DATA.iterdir() if path.is_file()} - {"registry.json"}
    if there != set(FILES):
        message = f"data/ and FILES differ: {sorted(there ^ set(FILES))}"
        raise ValueError(message)
    files = {name: describe_file(name, facts) for name, facts in FILES.items()}
    notices = {licence: (HERE / f"{licence}.txt").read_text(encoding="utf-8") for licence in ("MIT", "Unicode-3.0")}
    text = json.dumps({"files": files, "notices": notices}, ensure_ascii=False, indent=2)
    (DATA / "registry.json").write_text(text + "\n", encoding="utf-8")
    print(f"registry.json: {len(files)} files")


def describe_file(name: str, facts: Facts) -> dict[str, Any]:
    """Return the registry's entry for one file."""
    rows, valid_from, valid_to = measure_file(name)
    return {
        "description": facts.description,
        "sources": [_source(package) for package in facts.packages],
        "licence": facts.licence,
        "attribution": facts.attribution,
        "sha256": hashlib.sha256((DATA / name).read_bytes()).hexdigest(),
        "rows": rows,
        "crs": facts.crs,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


def _source(package: Package) -> dict[str, str]:
    data, licence = CONTENTS[package]
    fields = {"package": package.name, "version": package.version, "registry": package.registry}
    return {**fields, "sha256": package.sha256, "data": data, "licence": licence}


def measure_file(name: str) -> tuple[int, str | None, dict[str, str] | str | None]:
    """Return rows, first day and last day: of the incidents, or that boundaries were valid, by country."""
    if name == "regions.parquet":
        regions = gpd.read_parquet(DATA / name)
        return len(regions), None, regions.dropna(subset="valid_to").groupby("country").valid_to.min().to_dict()
    if name == "incidents.csv":
        days = pd.read_csv(DATA / name, dtype=str).date.str.split("/").explode()
        return count_rows(DATA / name), days.min(), days.max()
    return count_rows(DATA / name), None, None


def count_rows(path: Path) -> int:
    """Return the rows of a table, the statements of a story, the lines and labels of the base map, or of a text."""
    if path.suffix == ".parquet":
        return len(pd.read_parquet(path))
    if path.suffix == ".csv":
        return len(pd.read_csv(path, dtype=str))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        content = json.loads(text)
        lines = sum(len(part[kind]) for part in content["parts"] for kind in ("land", "borders", "rivers", "lakes"))
        return lines + len(content["labels"])
    return len(tomllib.loads(text)["statement"]) if path.suffix == ".toml" else text.count("\n")
