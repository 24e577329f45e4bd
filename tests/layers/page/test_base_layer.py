from __future__ import annotations

import gzip
import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from pmtiles.reader import MmapSource, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geo.errors import InputError, UsageError
from geo.schema import CRS
from layers.page import base_layer
from layers.page.base_layer import read_base_layer

if TYPE_CHECKING:
    from pathlib import Path

BOX = (37.0, 34.0, 40.0, 37.0)
LAKES = [shapely.box(38, 35, 38.5, 35.4), shapely.box(39, 35, 39.2, 35.1)]
ROAD = shapely.LineString([(37.1, 35), (38, 36), (39.9, 36.2)])
LAYERS = {
    "water": gpd.GeoDataFrame({"kind": ["lake"] * 2}, geometry=LAKES, crs=CRS),
    "roads": gpd.GeoDataFrame({"kind": ["highway"]}, geometry=[ROAD], crs=CRS),
    "buildings": gpd.GeoDataFrame({"kind": ["house"]}, geometry=[shapely.box(38, 36, 38.2, 36.2)], crs=CRS),
    "places": gpd.GeoDataFrame(
        {"name": ["Raqqa", "North"], "name:ar": ["الرقة", None], "kind": ["city", "region"]},
        geometry=gpd.points_from_xy([39.01, 38.9], [35.95, 36.9]),
        crs=CRS,
    ),
}


def write_tiles(path: Path, *names: str, attribution: str = "") -> Path:
    """Write layers as one archive: GDAL makes the tiles of each, and tiles of several layers are laid end to end."""
    tiles: defaultdict[tuple[int, int, int], bytes] = defaultdict(bytes)
    for name in names:
        single = path.with_name(f"one-{name}.pmtiles")
        pyogrio.write_dataframe(LAYERS[name], single, driver="PMTiles", layer=name, MINZOOM=0, MAXZOOM=8, NAME="test")
        with single.open("rb") as file:
            for zxy, data in all_tiles(MmapSource(file)):
                tiles[zxy] += gzip.decompress(data)
    with path.open("wb") as file:
        writer = Writer(file)
        for zxy in sorted(tiles, key=lambda zxy: zxy_to_tileid(*zxy)):
            writer.write_tile(zxy_to_tileid(*zxy), gzip.compress(tiles[zxy], mtime=0))
        corners = dict(zip(("min_lon", "min_lat", "max_lon", "max_lat"), BOX, strict=True))
        header = {f"{corner}_e7": int(value * 1e7) for corner, value in corners.items()}
        header |= {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": 0, "max_zoom": 8}
        header |= {"center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0}
        layers = [
            {"id": name, "fields": dict.fromkeys(LAYERS[name].columns.drop("geometry"), "String")} for name in names
        ]
        writer.finalize(header, {"vector_layers": layers, "attribution": attribution})
    return path


def shapes_of(part: dict[str, Any], kind: str) -> list[np.ndarray[Any, Any]]:
    """Return the points of each line, in degrees."""
    return [np.cumsum(np.reshape(line, (-1, 2)), axis=0) / part["scale"] for line in part[kind]]


def area(part: dict[str, Any], kind: str) -> float:
    return float(sum(shapely.Polygon(ring).area for ring in shapes_of(part, kind)))


def test_tiles_stand_instead_of_the_map_under_them(tmp_path: Path) -> None:
    thanks = '<a href="https://example.org">&copy; Them</a>'
    path = write_tiles(tmp_path / "a.pmtiles", "water", "roads", "buildings", "places", attribution=thanks)
    found = read_base_layer(path, BOX)
    part = found["part"]
    assert part["over"] is False
    assert area(part, "land") == pytest.approx(9, rel=1e-3), "tiles without land draw their water on it"
    assert area(part, "lakes") == pytest.approx(sum(lake.area for lake in LAKES), rel=0.01)
    assert len(part["lakes"]) == 2, "what the edges of tiles have cut is one again"
    assert [len(part[kind]) for kind in ("rivers", "borders", "areas")] == [0, 0, 0]
    road = shapely.MultiLineString(shapes_of(part, "roads"))
    assert shapely.hausdorff_distance(road, ROAD, densify=0.01) < 0.01
    (label,) = found["labels"]
    assert (label["name"], label["name_ar"], label["rank"]) == ("Raqqa", "الرقة", 2)
    assert (label["lat"], label["lon"]) == pytest.approx((35.95, 39.01), abs=1e-3)
    assert (found["source"], found["attribution"]) == ("a.pmtiles", "© Them")


def test_tiles_without_land_and_water_lie_over_it(tmp_path: Path) -> None:
    part = read_base_layer(write_tiles(tmp_path / "a.pmtiles", "roads"), BOX)["part"]
    assert part["over"] is True
    assert part["roads"]
    assert not part["land"]


def test_what_no_layer_is_known_of_is_drawn_as_it_is(tmp_path: Path) -> None:
    part = read_base_layer(write_tiles(tmp_path / "a.pmtiles", "buildings"), BOX)["part"]
    assert area(part, "areas") == pytest.approx(0.04, rel=0.02)


def test_a_level_that_is_too_much_gives_way_to_a_coarser_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tiles(tmp_path / "a.pmtiles", "water")
    monkeypatch.setattr(base_layer, "MAX_TILES", 9)
    assert area(read_base_layer(path, BOX)["part"], "lakes") == pytest.approx(0.22, rel=0.05)
    monkeypatch.setattr(base_layer, "MAX_POINTS", 3)
    with pytest.raises(InputError, match="too-much"):
        read_base_layer(path, BOX)


def test_any_other_format_is_drawn_over_the_map(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["Lake", "Road", "Camp"]}, geometry=[LAKES[0], ROAD, shapely.Point(38.2, 36.5)], crs=CRS
    )
    frame.to_file(tmp_path / "a.geojson")
    found = read_base_layer(tmp_path / "a.geojson", BOX)
    part = found["part"]
    assert part["over"] is True
    assert area(part, "areas") == pytest.approx(LAKES[0].area, rel=1e-3)
    assert shapely.LineString(shapes_of(part, "roads")[0]).equals_exact(ROAD, 1e-3)
    assert found["labels"] == [{"name": "Camp", "name_ar": "", "lat": 36.5, "lon": 38.2, "rank": 2}]


def test_what_lies_elsewhere_stays_out(tmp_path: Path) -> None:
    far = shapely.box(10, 10, 11, 11)
    gpd.GeoDataFrame(geometry=[LAKES[0], far], crs=CRS).to_file(tmp_path / "a.geojson")
    assert len(read_base_layer(tmp_path / "a.geojson", BOX)["part"]["areas"]) == 1
    gpd.GeoDataFrame(geometry=[far], crs=CRS).to_file(tmp_path / "b.geojson")
    for path in (tmp_path / "b.geojson", write_tiles(tmp_path / "b.pmtiles", "water")):
        with pytest.raises(InputError, match="nothing near the incidents"):
            read_base_layer(path, (100, 10, 101, 11))


def test_too_many_points_are_refused_with_their_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zigzag = shapely.LineString([(37 + k / 1000, 35 + k % 2) for k in range(3000)])
    gpd.GeoDataFrame(geometry=[zigzag], crs=CRS).to_file(tmp_path / "a.geojson")
    monkeypatch.setattr(base_layer, "MAX_POINTS", 1000)
    with pytest.raises(InputError) as refused:
        read_base_layer(tmp_path / "a.geojson", BOX)
    assert "comes to 3,000 points near the incidents, more than 1,000" in refused.value.problems[0].wrong


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pmtiles", b"<OGRVRTDataSource/>"),
        ("a.pmtiles", b"PMTiles\x03" + b"x" * 300),
        ("a.geojson", b"<OGRVRTDataSource/>"),
        ("a.png", b"\x89PNG"),
    ],
)
def test_what_is_no_base_layer_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        read_base_layer(tmp_path / name, BOX)


@pytest.mark.parametrize(
    "path", ["https://example.org/a.pmtiles", "/vsicurl/https://example.org/a.pmtiles", "pmtiles://a", "no.pmtiles"]
)
def test_only_local_files_are_read(path: str) -> None:
    with pytest.raises(UsageError):
        read_base_layer(path, BOX)


def test_the_same_file_gives_the_same_lines(tmp_path: Path) -> None:
    path = write_tiles(tmp_path / "a.pmtiles", "water", "roads", "places")
    first, second = itertools.starmap(read_base_layer, [(path, BOX)] * 2)
    assert first == second
