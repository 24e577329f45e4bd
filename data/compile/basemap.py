"""Compile ``basemap.json``: the vector base map that every page carries, so that it needs no tiles and no network.

``{"parts": [part, ...], "labels": [label, ...]}``. A part has ``name``, ``bbox`` (west, south, east, north),
``scale`` and the lists ``land``, ``borders``, ``rivers`` and ``lakes``; each line or ring in them is flat and
delta-coded, ``[x0, y0, dx, dy, ...]`` in 1/``scale`` degrees. The rings of ``land`` (and of ``lakes``) are to be filled
together by the even-odd rule, and not stroked: a part ends at its box. A label has ``name``, ``name_ar`` (empty where
unknown), ``lat``, ``lon`` and ``rank``: 0 a country, 1 a capital, 2 a seat of a governorate, 3 of a district, 4 a town.
"""

from __future__ import annotations

import io
import json
import unicodedata
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from regions import EQUAL_AREA, fit_together
from sources import (
    CONFLICT_COUNTRIES,
    DATA,
    HERE,
    OUTLINES,
    RIVERS,
    read_country_names,
    read_geonames,
    read_lakes,
    read_member,
)

if TYPE_CHECKING:
    from sources import Package

REGION = (33.0, 27.0, 52.0, 40.0)
"""West, south, east, north of the detailed part, in degrees."""
LAKE_SIZE = 4
"""Lakes smaller than the square of this many tolerances are left out."""
OVERLAP_DEGREES = 0.05
"""The world's land reaches this far under the detailed part, so that no seam shows."""
NUMERIC = {"760": "SY", "368": "IQ"}
"""ISO 3166-1 numbers of the countries whose outline the regions hold better."""

SEAT_RANK = {"PPLC": 1, "PPLA": 2}
"""Rank of GeoNames' capitals and seats of first-order units; population says nothing (99071 is a mere quarter)."""
UNLABELLED = (7870654, 8199394)
"""Seats without a label: East Jerusalem, which stands under Jerusalem, and Ariel, which GeoNames counts to Israel."""
ROMANISATION_MARKS = "\N{COMBINING MACRON}\N{COMBINING CEDILLA}\N{COMBINING DOT BELOW}\N{COMBINING MACRON BELOW}"


def compile_basemap() -> None:
    """Write ``data/basemap.json``; ``regions.parquet`` has to be there."""
    regions = gpd.read_parquet(DATA / "regions.parquet")
    countries = regions[regions.level == 0]
    region, hole = shapely.box(*REGION), shapely.box(*REGION).buffer(-OVERLAP_DEGREES, join_style="mitre")
    world = shapely.box(-180, -90, 180, 90).difference(hole)
    parts = [
        make_part("iraq-syria", outline_region(countries), "asia", within=region, scale=1000, tolerance=0.001),
        make_part("world", countries.geometry, "world", within=world, scale=100, tolerance=0.04),
    ]
    text = json.dumps({"parts": parts, "labels": make_labels()}, ensure_ascii=False, separators=(",", ":"))
    (DATA / "basemap.json").write_text(text + "\n", encoding="utf-8")
    print(f"basemap.json: {len(text.encode())} bytes")


def outline_region(countries: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the detailed outlines; Syria's and Iraq's are those of the regions, so that no border is drawn twice."""
    frame = read_topology(OUTLINES, "countries-10m.json", "countries")
    frame = frame.clip(shapely.box(*REGION).buffer(1, join_style="mitre"), keep_geom_type=True)
    core = countries[countries.country.isin(list(NUMERIC.values()))]
    inner, outer = fit_together(core, frame.assign(country=frame.id.map(NUMERIC).fillna("")))
    return pd.concat([inner.geometry, outer.geometry], ignore_index=True)


def read_topology(package: Package, member: str, layer: str) -> gpd.GeoDataFrame:
    """Return one layer of a TopoJSON file, made valid, in EPSG:4326."""
    frame = gpd.read_file(io.BytesIO(read_member(package, member)), layer=layer)
    valid = shapely.make_valid(frame.geometry.to_numpy(), method="structure", keep_collapsed=False)
    return frame.set_geometry(valid, crs="EPSG:4326")


def make_part(
    name: str, outlines: gpd.GeoSeries, rivers: str, *, within: shapely.Geometry, scale: int, tolerance: float
) -> dict[str, Any]:
    """Return one part of the base map, cut to ``within`` and simplified by ``tolerance`` degrees."""
    simple = shapely.coverage_simplify(outlines.to_numpy(), tolerance)
    land = shapely.union_all(simple)
    borders = shapely.difference(shapely.union_all(shapely.boundary(simple)), shapely.boundary(land))
    streams = shapely.union_all(read_topology(RIVERS, f"dist/{rivers}_50m.json", "rivers").geometry.to_numpy())
    lakes = read_lakes().geometry.to_numpy()
    lakes = shapely.union_all(lakes[shapely.area(lakes) > (LAKE_SIZE * tolerance) ** 2])
    layers = {"land": land, "borders": borders}
    layers |= {"rivers": shapely.simplify(streams, tolerance), "lakes": shapely.simplify(lakes, tolerance)}
    cut = {key: encode_lines(shapely.intersection(geometry, within), scale) for key, geometry in layers.items()}
    return {"name": name, "bbox": list(shapely.bounds(within)), "scale": scale, **cut}


def encode_lines(geometry: shapely.Geometry, scale: int) -> list[list[int]]:
    """Return rings or lines as flat lists of differences in whole steps; those that shrink to nothing are left out."""
    parts = shapely.get_parts(shapely.normalize(geometry))
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts[shapely.get_dimensions(parts) == 1])))
    polygons = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - an area
    shortest = 4 if len(polygons) else 2
    flat = (_deltas(shapely.get_coordinates(line), scale) for line in [*shapely.get_rings(polygons), *lines])
    return [deltas.ravel().tolist() for deltas in flat if len(deltas) >= shortest]


def _deltas(coordinates: np.ndarray, scale: int) -> np.ndarray:
    """Return the first point and the differences that follow, in steps of 1/``scale`` degrees without standstill."""
    steps = np.rint(coordinates * scale).astype(int)
    deltas = np.diff(steps, axis=0, prepend=np.zeros((1, 2), dtype=int))
    moving = deltas.any(axis=1)
    moving[0] = True
    return deltas[moving]


def make_labels() -> list[dict[str, Any]]:
    """Return countries, capitals, and seats of the conflict countries' governorates; `labels.csv` over all others."""
    places = read_geonames().set_index("geonameid")
    rank = places.feature.map(SEAT_RANK)
    rank = rank[(rank == 1) | places.country.isin(CONFLICT_COUNTRIES)].dropna()
    own = pd.read_csv(HERE / "labels.csv", dtype={"name": str, "name_ar": str}, index_col="geonameid")
    seats = places.loc[rank.index.difference([*own.index, *UNLABELLED])].assign(rank=rank, name_ar="")
    seats["name"] = seats.name.where(seats.country == "TR", seats.name.map(_plain))  # Turkish letters are no marks
    towns = own.join(places[["latitude", "longitude"]], how="left", validate="one_to_one")
    labels = pd.concat([_country_labels(), seats, towns]).sort_values(["rank", "name", "latitude"])
    labels = labels.rename(columns={"latitude": "lat", "longitude": "lon"}).round({"lat": 3, "lon": 3})
    if labels.lat.isna().any():
        message = f"labels.csv names places that are not in GeoNames: {labels[labels.lat.isna()].index.tolist()}"
        raise ValueError(message)
    columns = ["name", "name_ar", "lat", "lon", "rank"]
    return labels.astype({"rank": int})[columns].to_dict("records")


def _country_labels() -> pd.DataFrame:
    """Return the countries at the middle of their largest part."""
    regions = gpd.read_parquet(DATA / "regions.parquet")
    countries = regions[regions.level == 0].set_index("pcode")
    parts = countries[["geometry"]].explode()
    largest = parts.assign(area=parts.to_crs(EQUAL_AREA).area).sort_values("area").groupby(level=0).geometry.last()
    middle = shapely.get_point(shapely.maximum_inscribed_circle(largest.to_numpy(), 0.1), 0)
    arabic = pd.Series(read_country_names("ar"))
    return pd.DataFrame(
        {
            "name": countries.name.reindex(largest.index),
            "name_ar": arabic.reindex(largest.index).fillna(""),
            "latitude": shapely.get_y(middle),
            "longitude": shapely.get_x(middle),
            "rank": 0,
        }
    )


def _plain(name: str) -> str:
    """Return a romanised name without the marks that GeoNames adds for letters of other scripts."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if c not in ROMANISATION_MARKS)
    return unicodedata.normalize("NFC", bare).strip("‘’`'")
