"""The reference data are what the registry says, and hold what the maps rely on."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
BOUNDARIES = ROOT.parent / "shared" / "eval" / "regions"
REGISTRY: dict[str, Any] = json.loads((DATA / "registry.json").read_text(encoding="utf-8"))
FILES: dict[str, dict[str, Any]] = REGISTRY["files"]
EQUAL_AREA = "+proj=cea +lat_ts=33"
DETAIL = {"SY": (3, 272, 14), "IQ": (2, 101, 18)}
"""Level and number of the deepest units of a country, and number of its governorates."""


@pytest.fixture(scope="module")
def regions() -> gpd.GeoDataFrame:
    return gpd.read_parquet(DATA / "regions.parquet")


@pytest.fixture(scope="module")
def gazetteer() -> pd.DataFrame:
    return pd.read_parquet(DATA / "gazetteer.parquet")


@pytest.fixture(scope="module")
def basemap() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DATA / "basemap.json").read_text(encoding="utf-8"))
    return content


def test_registry_lists_every_file() -> None:
    assert set(FILES) == {path.name for path in DATA.iterdir() if path.is_file()} - {"registry.json"}


@pytest.mark.parametrize("name", FILES)
def test_file_is_the_registered_one(name: str) -> None:
    again = "run 'python data/compile registry'"
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == FILES[name]["sha256"], again
    if name.endswith(".csv"):
        assert len(pd.read_csv(DATA / name, dtype=str)) == FILES[name]["rows"], again
    elif name.endswith(".parquet"):
        assert len(pd.read_parquet(DATA / name)) == FILES[name]["rows"], again


@pytest.mark.parametrize("name", FILES)
def test_file_states_licence_attribution_and_sources(name: str) -> None:
    entry = FILES[name]
    assert entry["description"]
    assert entry["licence"]
    assert entry["attribution"].endswith(".")
    assert entry["crs"] in {"EPSG:4326", None}
    assert bool(entry["sources"]) == (not name.endswith((".csv", ".md", ".toml")))
    for source in entry["sources"]:
        assert source["package"]
        assert source["data"]
        assert re.fullmatch(r"\d+\.\d+\.\d+|20\d{6}", source["version"])
        assert re.fullmatch(r"[0-9a-f]{64}", source["sha256"])
        # a licence that asks for its name to be kept is the file's own too
        assert source["licence"] == "public domain" or source["licence"] in entry["licence"]


def test_notice_of_every_licence_that_asks_for_it() -> None:
    licences = {source["licence"] for entry in FILES.values() for source in entry["sources"]}
    assert set(REGISTRY["notices"]) == licences - {"public domain", "CC-BY-4.0", "CC-BY-3.0-IGO"}


@pytest.mark.parametrize("name", ["gazetteer.parquet", "basemap.json", "regions.parquet"])
def test_attribution_names_each_licensor(name: str) -> None:
    licensors = {"geoBoundaries", "GeoNames", "Natural Earth"}
    used = {word for word in licensors for source in FILES[name]["sources"] if word in source["data"]}
    assert {word for word in licensors if word in FILES[name]["attribution"]} == used


def test_regions_frame(regions: gpd.GeoDataFrame) -> None:
    assert regions.crs == FILES["regions.parquet"]["crs"]
    assert regions.pcode.is_unique
    assert regions.is_valid.all()
    assert set(regions.geom_type) == {"Polygon", "MultiPolygon"}
    assert (regions.name.fillna("") != "").all()
    assert regions.source.notna().all()
    named = regions.set_index("pcode")
    assert set(regions.parent.dropna()) <= set(named.index)
    assert (regions.parent.isna() == (regions.level == 0)).all()
    child = regions[regions.level > 0]
    levels = child.parent.map(named.level)
    assert (levels == np.minimum(child.level - 1, 1)).all()  # Syria stores no level 2
    assert (child.parent.map(named.country) == child.country).all()


def test_codes(regions: gpd.GeoDataFrame) -> None:
    assert regions.country.str.fullmatch("[A-Z]{2}").all()
    assert (regions[regions.level == 0].pcode == regions[regions.level == 0].country).all()
    assert regions[regions.level == 1].pcode.str.fullmatch(r"[A-Z]{2}-\w+").all()


def test_every_level_covers_its_country(regions: gpd.GeoDataFrame) -> None:
    area = regions.assign(area=regions.to_crs(EQUAL_AREA).area).groupby(["level", "country"]).area.sum()
    for level in (1, 2, 3):
        np.testing.assert_allclose(area[level], area[0].loc[area[level].index], rtol=1e-6)


@pytest.mark.parametrize("country", DETAIL)
def test_units_of_the_detailed_countries(regions: gpd.GeoDataFrame, country: str) -> None:
    level, units, governorates = DETAIL[country]
    here = regions[regions.country == country]
    assert here.groupby("level").size().to_dict() == {0: 1, 1: governorates, level: units}
    assert here[here.level == level].parent.nunique() == governorates
    assert (here.name_local.str.match("[\u0621-\u064a]")).all()
    assert here.valid_to.unique().tolist() == [FILES["regions.parquet"]["valid_to"][country]]
    geometry = here[here.level == level].geometry.to_numpy()
    assert shapely.coverage_is_valid(geometry)
    assert shapely.get_num_interior_rings(shapely.get_parts(shapely.coverage_union_all(geometry))).sum() == 0  # no gaps


def test_provinces_of_the_world_fit_together(regions: gpd.GeoDataFrame) -> None:
    assert shapely.coverage_is_valid(regions[regions.level == 1].geometry.to_numpy())


@pytest.mark.parametrize(
    ("pcode", "spelling"),
    [
        ("SY-RD", "Rif Dimashq"),
        ("SY-RD", "Damascus Countryside"),
        ("SY-HA", "Hassakeh"),
        ("SY-DY", "Deir Ezzor"),
        ("SY-RA", "Raqqa"),
        ("SY-ID", "Idleb"),
        ("IQ-NI", "Ninewa"),
        ("IQ-NI", "Ninawa"),
        ("IQ-KI", "At-Tamim"),
        ("IQ-SD", "Saladin"),
        ("IQ-AN", "Anbar"),
        ("TR", "Türkiye"),
        ("SY", "Syrian Arab Republic"),
        ("UA-43", "Crimea"),
    ],
)
def test_spellings_in_use(regions: gpd.GeoDataFrame, pcode: str, spelling: str) -> None:
    unit = regions.set_index("pcode").loc[pcode]
    assert spelling in {unit["name"], unit["name_local"], *unit["aliases"].split("|")}


@pytest.mark.parametrize(("country", "file", "iou"), [("SY", "syr_admin1.shp", 0.94), ("IQ", "irq_adm1.geojson", 0.98)])
def test_governorates_match_the_publishers(regions: gpd.GeoDataFrame, country: str, file: str, iou: float) -> None:
    if not (BOUNDARIES / file).exists():
        pytest.skip(f"{BOUNDARIES / file} is not there")
    theirs = gpd.read_file(BOUNDARIES / file).to_crs(EQUAL_AREA)
    ours = regions[(regions.country == country) & (regions.level == 1)].to_crs(EQUAL_AREA)
    pairs = gpd.sjoin(theirs[["geometry"]].set_geometry(theirs.representative_point()), ours[["geometry"]])
    assert sorted(pairs.index_right) == sorted(ours.index)
    mine, other = ours.geometry.loc[pairs.index_right].to_numpy(), theirs.geometry.loc[pairs.index].to_numpy()
    score = shapely.area(shapely.intersection(mine, other)) / shapely.area(shapely.union(mine, other))
    assert score.min() >= iou


def test_gazetteer_frame(gazetteer: pd.DataFrame, regions: gpd.GeoDataFrame) -> None:
    assert gazetteer.geonameid.is_unique
    assert gazetteer.country.nunique() == 17  # as the registry's description says
    assert gazetteer.latitude.between(-90, 90).all()
    assert gazetteer.longitude.between(-180, 180).all()
    assert (gazetteer.population.dropna() > 0).all()
    assert gazetteer.admin1.isna().sum() < 10
    assert set(gazetteer.admin1.dropna()) <= set(regions[regions.level == 1].pcode)


@pytest.mark.parametrize("country", DETAIL)
def test_places_lie_in_their_governorate(gazetteer: pd.DataFrame, regions: gpd.GeoDataFrame, country: str) -> None:
    places = gazetteer[gazetteer.country == country]
    polygons = regions.set_index("pcode").geometry.loc[places.admin1].to_crs("EPSG:32637").to_numpy()
    points = gpd.GeoSeries.from_xy(places.longitude, places.latitude, crs=regions.crs).to_crs("EPSG:32637").to_numpy()
    assert shapely.distance(polygons, points).max() < 5200  # 5 km; the zone stretches 3 % at its far edge


@pytest.mark.parametrize(
    ("place", "spelling"), [(99072, "الموصل"), (172955, "الرقة"), (170063, "Halab"), (706483, "Харків")]
)
def test_spellings_of_places(gazetteer: pd.DataFrame, place: int, spelling: str) -> None:
    alternates = gazetteer.set_index("geonameid").alternates
    assert spelling in alternates.loc[place].split("|")


def test_alternates_are_names(gazetteer: pd.DataFrame) -> None:
    spellings = gazetteer.alternates.dropna().str.split("|").explode()
    assert not spellings.str.contains("http|/|\\d").any()
    assert not spellings.str.fullmatch("[A-Z]{3,4}").any()
    assert (spellings.str.strip() == spellings).all()
    assert (spellings != "").all()


def test_basemap_is_small_enough_to_carry(basemap: dict[str, Any]) -> None:
    assert (DATA / "basemap.json").stat().st_size < 1_000_000
    region = next(part for part in basemap["parts"] if part["name"] == "iraq-syria")
    assert len(json.dumps(region)) < 250_000


def _unpack(line: list[int], scale: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(np.cumsum(np.reshape(line, (-1, 2)), axis=0) / scale)


def test_basemap_lines_stay_in_their_part(basemap: dict[str, Any]) -> None:
    for part in basemap["parts"]:
        west, south, east, north = part["bbox"]
        for kind in ("land", "borders", "rivers", "lakes"):
            assert part[kind]
            points = np.concatenate([_unpack(line, part["scale"]) for line in part[kind]])
            assert points.min(axis=0).tolist() >= [west, south]
            assert points.max(axis=0).tolist() <= [east, north]
        for ring in part["land"] + part["lakes"]:
            points = _unpack(ring, part["scale"])
            assert points[0].tolist() == points[-1].tolist()


@pytest.mark.parametrize(
    ("point", "layer", "inside"),
    [
        ((43.13, 36.34), "land", True),  # Mosul
        ((34.5, 34.5), "land", False),  # the sea between Cyprus and Lebanon
        ((38.2, 36.0), "lakes", True),  # Lake Assad
        ((44.4, 33.3), "lakes", False),  # Baghdad
    ],
)
def test_basemap_land_and_lakes(
    basemap: dict[str, Any], point: tuple[float, float], layer: str, *, inside: bool
) -> None:
    part = next(part for part in basemap["parts"] if part["name"] == "iraq-syria")
    rings = [shapely.Polygon(_unpack(ring, part["scale"])) for ring in part[layer]]
    assert sum(ring.covers(shapely.Point(point)) for ring in rings) % 2 == inside


def test_borders_are_those_of_the_regions(basemap: dict[str, Any], regions: gpd.GeoDataFrame) -> None:
    part = next(part for part in basemap["parts"] if part["name"] == "iraq-syria")
    drawn = shapely.union_all([shapely.LineString(_unpack(line, part["scale"])) for line in part["borders"]])
    countries = regions[regions.level == 0].set_index("pcode").geometry
    shared = shapely.intersection(countries["SY"].boundary, countries["IQ"].boundary)
    assert shared.length > 3
    assert shapely.hausdorff_distance(shared, drawn.intersection(shared.buffer(0.01))) < 0.02


def test_labels(basemap: dict[str, Any]) -> None:
    labels = pd.DataFrame(basemap["labels"])
    assert set(labels["rank"]) == {0, 1, 2, 3, 4}
    rank = labels.set_index("name")["rank"]
    assert rank[["Syria", "Baghdad", "Mosul", "Fallujah"]].tolist() == [0, 1, 2, 3]
    assert (labels[labels.name_ar != ""].name_ar.str.match("[\u0621-\u064a]")).all()
    assert not labels[labels["rank"] > 0].duplicated(["lat", "lon"]).any()
