from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
import pytest

from geo.regions import join_regions
from layers.counts import assert_equal, total_ranges
from layers.export import TABLES, read_overlay, write_overlay

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

HOSTILE = '=HYPERLINK("x")<b>{{7*7}}&\u2028'

IN_QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
found = {}
for name in ("incidents", "incident_areas", "regions", "unplaced"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    renderer = layer.renderer()
    entry = {"valid": layer.isValid(), "features": layer.featureCount(), "renderer": renderer and renderer.type()}
    entry["dates"] = [f.typeName() for f in layer.fields() if f.name().startswith("date_s")]
    if renderer and renderer.type() == "categorizedSymbol":
        entry["looks"] = {c.value(): [c.label(), c.symbol().color().name()] for c in renderer.categories()}
        entry["shapes"] = [c.symbol().symbolLayer(0).properties().get("name") for c in renderer.categories()]
    if renderer and renderer.type() == "RuleRenderer":
        entry["rules"] = [[r.label(), r.filterExpression()] for r in renderer.rootRule().children()]
    found[name] = entry
print(json.dumps(found))
sys.stdout.flush()
import os; os._exit(0)
"""


@pytest.fixture
def located(make_incidents: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    units = squares.set_index("pcode").geometry
    area = {"geometry": units["A2"], "precision": "admin1", "located_by": "regions:A2"}
    incidents = make_incidents(
        {
            "x": 0.5,
            "y": 0.2,
            "country": "Aland",
            "killed_min": 2,
            "killed_max": 5,
            "actors": "russia",
            "description": HOSTILE,
        },
        {"x": 0.5, "y": 0.2, "country": "Aland", "actors": "russia|us-led-coalition", "attribution": "contested"},
        {"country": "Aland", "killed_min": 0, "killed_max": 3, **area},
        {"country": "Aland", "killed_min": 10, "place": "Nowhere"},
    )
    return join_regions(incidents, squares)


@pytest.fixture
def overlay(located: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "incidents.gpkg"
    write_overlay(located, squares, path, actors=actors)
    return path


def test_every_incident_is_in_exactly_one_table(located: gpd.GeoDataFrame, overlay: Path) -> None:
    assert {name: len(pyogrio.read_dataframe(overlay, layer=name)) for name in TABLES} == {
        "incidents": 2,
        "incident_areas": 1,
        "unplaced": 1,
    }
    back = read_overlay(overlay)
    assert sorted(back["incident_id"]) == sorted(located["incident_id"])
    assert_equal(total_ranges(located), total_ranges(back), "the overlay")


def test_values_come_back_as_they_were(overlay: Path) -> None:
    points = pyogrio.read_dataframe(overlay, layer="incidents", use_arrow=True).set_index("incident_id")
    assert points.loc["i0", "description"] == HOSTILE
    assert pd.isna(points.loc["i1", "killed_min"])
    assert points.loc["i1", "layer_label"] == "Contested: Russia or US-led coalition"
    assert dict(zip(*(pyogrio.read_info(overlay, layer="incidents")[k] for k in ("fields", "dtypes")), strict=True))[
        "date_start"
    ].startswith("datetime64")
    assert points.crs.to_epsg() == 4326


def test_regions_tell_zero_reported_from_unknown(overlay: Path) -> None:
    regions = pyogrio.read_dataframe(overlay, layer="regions").set_index("pcode")
    assert regions["coverage"].to_dict() == {"A1": "covered", "A2": "covered"}
    assert regions.loc["A1", ["incidents", "killed_min", "killed_max", "killed_unknown"]].tolist() == [2, 2, 5, 1]
    assert regions.loc["A2", ["incidents", "killed_min", "killed_max"]].tolist() == [1, 0, 3]


def test_gdal_reads_it_without_a_warning(overlay: Path) -> None:
    told = subprocess.run(["ogrinfo", "-so", "-al", overlay], capture_output=True, text=True, check=True)
    assert told.stderr == ""
    assert "Warning" not in told.stdout
    assert "date_start: Date" in told.stdout
    assert "Geometry: Multi Polygon" in told.stdout


def test_the_version_is_the_one_that_every_gis_reads(overlay: Path) -> None:
    assert int.from_bytes(overlay.read_bytes()[60:64], "big") == 10200  # GeoPackage 1.2, in the header of the file


def test_qgis_opens_it_styled(overlay: Path) -> None:
    command = ["/usr/bin/python3", "-c", IN_QGIS, str(overlay)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(overlay.parent)}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    assert {name: (entry["valid"], entry["features"]) for name, entry in found.items()} == {
        "incidents": (True, 2),
        "incident_areas": (True, 1),
        "regions": (True, 2),
        "unplaced": (True, 1),
    }
    assert found["incidents"]["dates"] == ["Date"]
    assert found["incidents"]["looks"] == {
        "russia": ["Russia", "#d55e00"],
        "unknown": ["Unknown", "#999999"],
        "russia|us-led-coalition:contested": ["Contested: Russia or US-led coalition", "#7f7f7f"],
    }
    assert found["incidents"]["shapes"] == ["triangle", "cross2", "circle"]
    assert found["incident_areas"]["renderer"] == "categorizedSymbol"
    labels = [label for label, _ in found["regions"]["rules"]]
    assert labels[:3] == ["no incident listed", "killed, maximum: unknown", "killed, maximum: 0"]
    assert len(labels) > 3


def test_same_incidents_same_bytes(
    located: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, overlay: Path, tmp_path: Path
) -> None:
    again = tmp_path / "elsewhere"
    again.mkdir()
    write_overlay(located, squares, again / "incidents.gpkg", actors=actors)
    assert (again / "incidents.gpkg").read_bytes() == overlay.read_bytes()


def test_a_list_without_any_point_is_written_too(
    make_incidents: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "incidents.gpkg"
    write_overlay(join_regions(make_incidents({"country": "Aland"}), squares), squares, path, actors=actors)
    assert len(read_overlay(path)) == 1
