from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.boundaries import MAX_FEATURES, read_boundaries
from geo.errors import InputError, UsageError
from geo.schema import CRS

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"a.gpkg": "GPKG", "a.geojson": "GeoJSON", "a.shp": "ESRI Shapefile", "a.parquet": None}


@pytest.fixture
def plain() -> gpd.GeoDataFrame:
    boxes = [shapely.box(36, 35, 37, 36), shapely.box(37, 35, 38, 36)]
    return gpd.GeoDataFrame({"PCODE": ["X1", "X2"], "NAME_AR": ["حلب", "إدلب"]}, geometry=boxes, crs=CRS)


def write(frame: gpd.GeoDataFrame, path: Path, **options: Any) -> Path:  # noqa: ANN401 - passed on to GDAL
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver=NAMES[f"a{path.suffix}"], **options)
    return path


def codes_of(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [p.code for p in error.value.problems]


@pytest.mark.parametrize("name", NAMES)
def test_every_format_reads_alike(plain: gpd.GeoDataFrame, tmp_path: Path, name: str) -> None:
    read = read_boundaries(write(plain, tmp_path / name))
    assert read["PCODE"].tolist() == ["X1", "X2"]
    assert read["NAME_AR"].tolist() == ["حلب", "إدلب"]
    assert read.index.tolist() == [2, 3]
    assert read.crs == CRS
    assert read.geometry.geom_equals(plain.geometry.set_axis([2, 3])).all()


@pytest.mark.parametrize("crs", ["EPSG:32637", "EPSG:3857"])
def test_other_coordinate_systems_are_reprojected(plain: gpd.GeoDataFrame, tmp_path: Path, crs: str) -> None:
    read = read_boundaries(write(plain.to_crs(crs), tmp_path / "a.gpkg"))
    assert read.crs == CRS
    assert read.total_bounds == pytest.approx([36, 35, 38, 36], abs=1e-6)


def strip_crs(path: Path) -> None:
    if path.suffix == ".shp":
        path.with_suffix(".prj").unlink()
    elif path.suffix == ".parquet":
        gpd.read_parquet(path).set_crs(None, allow_override=True).to_parquet(path)
    else:
        undefined = {"geographic": 0, "cartesian": -1}[path.stem]
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", [undefined])
            database.execute("UPDATE gpkg_contents SET srs_id = ?", [undefined])


@pytest.mark.parametrize("name", ["geographic.gpkg", "cartesian.gpkg", "a.shp", "a.parquet"])
def test_a_missing_coordinate_system_is_asked_for(plain: gpd.GeoDataFrame, tmp_path: Path, name: str) -> None:
    path = write(plain.to_crs("EPSG:32637"), tmp_path / name)
    strip_crs(path)
    with pytest.raises(InputError) as error:
        read_boundaries(path)
    assert codes_of(error) == ["no-crs"]
    assert read_boundaries(path, crs="EPSG:32637").total_bounds == pytest.approx([36, 35, 38, 36], abs=1e-6)


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_missing_part_of_a_shapefile_is_named(plain: gpd.GeoDataFrame, tmp_path: Path, part: str) -> None:
    path = write(plain, tmp_path / "a.shp")
    path.with_suffix(part).unlink()
    with pytest.raises(InputError, match=rf"its part {part} is missing"):
        read_boundaries(path)


def test_an_unstated_encoding_is_asked_for_with_both_readings(plain: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(plain, tmp_path / "a.shp", encoding="windows-1256")
    path.with_suffix(".cpg").unlink()
    with pytest.raises(InputError, match=r"'حلب' \(windows-1256\)") as error:
        read_boundaries(path)
    assert codes_of(error) == ["no-encoding"]
    assert read_boundaries(path, encoding="windows-1256")["NAME_AR"].tolist() == ["حلب", "إدلب"]


def test_an_unstated_encoding_of_plain_letters_does_not_matter(plain: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(plain.assign(NAME_AR="Halab"), tmp_path / "a.shp")
    path.with_suffix(".cpg").unlink()
    assert read_boundaries(path)["NAME_AR"].tolist() == ["Halab", "Halab"]


def test_a_vrt_in_disguise_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text("<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")
    with pytest.raises(InputError, match="content is a GDAL VRT, not GeoJSON"):
        read_boundaries(path)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.geojson", b"", "wrong-content"),
        ("a.geojson", b"{", "unreadable"),
        ("a.geojson", b'{"type": "Topology", "objects": {}, "arcs": []}', "unreadable"),
        ("a.gpkg", b"SQLite format 3\0 and then nothing", "unreadable"),
        ("a.parquet", b"PAR1 and then nothing", "unreadable"),
        ("a.shp", b"PK\3\4", "wrong-content"),
        ("a.kml", b"<kml/>", "unknown-format"),
        ("a.zip", b"PK\3\4", "unknown-format"),
    ],
)
def test_broken_and_other_files_are_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as error:
        read_boundaries(tmp_path / name)
    assert codes_of(error) == [code]


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet"])
def test_more_features_than_a_map_can_hold_are_refused(tmp_path: Path, name: str) -> None:
    points = gpd.points_from_xy(np.zeros(MAX_FEATURES + 1), np.zeros(MAX_FEATURES + 1))
    write(gpd.GeoDataFrame(geometry=points, crs="EPSG:4326"), tmp_path / name)
    with pytest.raises(InputError, match="has 100,001 features, more than 100,000"):
        read_boundaries(tmp_path / name)


def test_what_unpacks_to_too_much_is_refused(
    plain: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(plain, tmp_path / "a.parquet")
    monkeypatch.setattr("geo.boundaries.MAX_BYTES", 100)
    with pytest.raises(InputError, match="file-too-large"):
        read_boundaries(path)


def test_network_paths_are_refused() -> None:
    with pytest.raises(UsageError):
        read_boundaries("/vsicurl/http://example.org/a.gpkg")


def test_a_layer_of_several_must_be_named(plain: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(plain, tmp_path / "a.gpkg", layer="first")
    write(plain.iloc[:1], path, layer="second", mode="a")
    with pytest.raises(InputError, match="holds the layers first, second"):
        read_boundaries(path)
    assert len(read_boundaries(path, layer="second")) == 1


@pytest.mark.parametrize("table", ["a", "gpkg_contents"])
def test_views_are_not_read(plain: gpd.GeoDataFrame, tmp_path: Path, table: str) -> None:
    path = write(plain, tmp_path / "a.gpkg")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"ALTER TABLE {table} RENAME TO renamed")
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n"
        database.execute(f"CREATE VIEW {table} AS {endless}")
    with pytest.raises(InputError, match="is a view; only tables are read"):
        read_boundaries(path)


def test_uppercase_parts_belong_to_the_shapefile(plain: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(plain, tmp_path / "a.shp")
    for part in (".dbf", ".shx", ".prj", ".cpg"):
        shutil.move(path.with_suffix(part), path.with_suffix(part.upper()))
    assert read_boundaries(path)["PCODE"].tolist() == ["X1", "X2"]


def test_a_property_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    feature = '{"type":"Feature","properties":{%s},"geometry":{"type":"Point","coordinates":[1,2]}}'
    sound, twice = '"PCODE":"a","NAME":"b"', '"PCODE":"a","NAME":"b","NAME":"c"'
    path = tmp_path / "a.geojson"
    path.write_text(
        f'{{"type":"FeatureCollection","features":[{feature % sound},{feature % twice}]}}', encoding="utf-8"
    )
    with pytest.raises(InputError) as error:
        read_boundaries(path)
    [problem] = error.value.problems
    assert (problem.row, problem.column, problem.code) == (3, "NAME", "duplicate-key")
    deep = '"PCODE":"a","x":' + "[" * 100_000 + "]" * 100_000
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature % deep}]}}', encoding="utf-8")
    with pytest.raises(InputError, match="lists in lists"):
        read_boundaries(path)


def test_what_a_shapefile_lacks_can_be_added_beside_it(plain: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write(plain, tmp_path / "a.shp", encoding="windows-1256")
    path.with_suffix(".cpg").unlink()
    with pytest.raises(InputError, match=r"write the encoding that reads right into a text file a\.cpg beside it"):
        read_boundaries(path)
    path.with_suffix(".cpg").write_text("windows-1256", encoding="utf-8")
    assert read_boundaries(path)["NAME_AR"].tolist() == ["حلب", "إدلب"]
