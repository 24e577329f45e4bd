from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import resource
import sqlite3
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import unescape

import pandas as pd
import pyogrio
import pytest
import shapely

from geo.actors import read_actors
from geo.coverage import read_coverage
from geo.errors import FileError, UsageError
from geo.ranges import WIDEST
from geo.regions import join_regions
from geo.schema import FIELD, FIELDS
from layers.counts import SUMS, assert_equal, total_ranges
from layers.export import TABLES, read_overlay, write_overlay
from layers.qgis import GRADE, TOLL_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd

    from geo.ledger import Ledger

    MakeIncidents = Callable[..., gpd.GeoDataFrame]
    MakeLedger = Callable[..., Ledger]

HOSTILE = '=HYPERLINK("x")<b>{{7*7}}&\u2028]]>'
ROWS: list[dict[str, Any]] = [
    {"x": 0.5, "y": 0.2, "killed_min": 2, "killed_max": 5, "actors": "russia", "description": HOSTILE, "place": "x\ny"},
    {"x": 0.5, "y": 0.2, "actors": "russia|us-led-coalition", "attribution": "contested"},
    {"x": 9.0, "y": 0.2, "killed_min": 1, "killed_max": 1, "actors": HOSTILE, "injured_max": 4},
    {"killed_min": 0, "killed_max": 3, "precision": "admin1", "located_by": "regions:A2", "actors": "russia"},
    {"killed_min": 10, "place": "Nowhere", "date_start": "2017-04-01"},
    {"killed_min": 7, "killed_max": 9, "precision": "country"},
]

IN_QGIS = """
import json, os, sys
from qgis.core import QgsApplication, QgsRenderContext, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
found = {}
for name in ("incidents", "incident_areas", "regions", "unplaced"):
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    renderer = layer.renderer()
    entry = {"valid": layer.isValid(), "features": layer.featureCount(), "renderer": renderer and renderer.type()}
    dated = "date_start" in layer.fields().names()
    entry["days"] = [f["date_start"].toString("yyyy-MM-dd") for f in layer.getFeatures()] if dated else []
    entry["alias"] = layer.attributeDisplayName(layer.fields().indexOf("killed_max"))
    if name in ("incidents", "incident_areas"):
        entry["categories"] = [
            [c.value(), c.label(), [[s.properties().get("name"), s.color().name()] for s in c.symbol().symbolLayers()]]
            for c in renderer.categories()
        ]
    if name == "regions":
        ranges = renderer.ranges()
        styles = [r.symbol().symbolLayer(0).properties()["style"] for r in ranges]
        entry["ranges"] = [[r.lowerValue(), r.upperValue(), r.label(), style] for r, style in zip(ranges, styles)]
    if name != "unplaced":
        kinds, key = (ranges, "pcode") if name == "regions" else (renderer.categories(), "incident_id")
        context = QgsRenderContext()
        context.setExpressionContext(layer.createExpressionContext())
        renderer.startRender(context, layer.fields())
        entry["drawn"] = {}
        for feature in layer.getFeatures():
            context.expressionContext().setFeature(feature)
            symbol = renderer.symbolForFeature(feature, context)
            labels = [kind.label() for kind in kinds if symbol and kind.symbol().dump() == symbol.dump()]
            entry["drawn"][feature[key]] = labels
        renderer.stopRender(context)
    found[name] = entry
print(json.dumps(found))
sys.stdout.flush()
os._exit(0)  # QGIS's own way out crashes without a display
"""


@pytest.fixture
def located(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    unit = squares.set_index("pcode").geometry["A2"]
    rows = [{"country": "Aland", **row, **({"geometry": unit} if "located_by" in row else {})} for row in ROWS]
    return join_regions(make_incidents(*rows), squares)


@pytest.fixture
def overlay(located: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "incidents.gpkg"
    write_overlay(located, squares, path, actors=actors)
    return path


@pytest.mark.parametrize(
    ("located_by", "told"),
    [
        ("gazetteer:builtin:170063", "Place names: GeoNames, CC BY 4.0. Airfields: airportsdata (Mike Borsetti), MIT."),
        ("gazetteer:SY:170063", "Place names: GeoNames, CC BY 4.0."),
        ("gazetteer:geonames:170063", "Place names: GeoNames, CC BY 4.0."),
        ("online:nominatim", "Places found online: © OpenStreetMap contributors, ODbL."),
        ("gazetteer:settlements:3", ""),
        ("stated", ""),
    ],
)
def test_a_layer_says_whose_places_it_holds(
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
    *,
    located_by: str,
    told: str,
) -> None:
    unit = squares.set_index("pcode").geometry["A2"]
    rows = [{"x": 0.5, "y": 0.2, "located_by": located_by}, {"geometry": unit, "located_by": "regions:A2"}]
    path = tmp_path / "incidents.gpkg"
    write_overlay(join_regions(make_incidents(*rows), squares), squares, path, actors=actors)
    with sqlite3.connect(path) as base:
        said = dict(base.execute("SELECT table_name, description FROM gpkg_contents"))
        assert dict(base.execute("SELECT f_table_name, description FROM layer_styles")) == {
            name: said[name] for name in ("incidents", "incident_areas", "regions")
        }
    what = "Incidents known to a point; precision_km is the radius in which each happened. "
    assert said["incidents"] == f"{what}{told}{' ' * bool(told)}Ranges: as the list states them [stated]"
    assert "geoBoundaries gbOpen" in said["incident_areas"], "an area is a boundary"
    assert "geoBoundaries gbOpen" in said["regions"]
    assert said["unplaced"].count(".") == 1


def test_every_incident_is_in_exactly_one_table(located: gpd.GeoDataFrame, overlay: Path) -> None:
    ids = {name: pyogrio.read_dataframe(overlay, layer=name)["incident_id"].tolist() for name in TABLES}
    assert ids == {"incidents": ["i0", "i1", "i2"], "incident_areas": ["i3"], "unplaced": ["i5", "i4"]}
    assert_equal(total_ranges(located), total_ranges(read_overlay(overlay)), "the overlay")


def test_every_cell_comes_back_as_it_was(located: gpd.GeoDataFrame, overlay: Path) -> None:
    for name in TABLES:
        _, table = pyogrio.read_arrow(overlay, layer=name)
        for line in table.to_pylist():
            row = located.set_index("incident_id").loc[line["incident_id"]]
            for field in FIELDS[1:]:
                expected, found = row[field.name], line[field.name]
                if field.kind == "day":
                    assert found == expected.date()
                else:
                    assert (None if pd.isna(expected) else expected) == found, field.name
                assert found is not None or pd.isna(expected)
            shape = shapely.from_wkb(line["geom"]) if "geom" in line else None
            assert (shape is None) == (row["geometry"] is None)
            assert shape is None or shape.equals(row["geometry"])


def test_layers_types_are_those_of_the_table(overlay: Path) -> None:
    _, table = pyogrio.read_arrow(overlay, layer="incidents")
    types = {
        name: str(table.schema.field(name).type)
        for name in ("date_start", "killed_min", "precision_km", "admin_agrees")
    }
    assert types == {
        "date_start": "date32[day]",
        "killed_min": "int64",
        "precision_km": "double",
        "admin_agrees": "bool",
    }
    assert table["layer_label"].to_pylist()[1] == "Contested: Russia or US-led coalition"
    assert table["month"].to_pylist() == ["2017-03"] * 3
    assert pyogrio.read_info(overlay, layer="incidents")["crs"] == "EPSG:4326"


def test_regions_hold_the_sums_and_tell_none_listed_from_unknown_and_zero(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    rows = [
        {"x": 0.5, "y": 0.2, "country": "Aland", "killed_max": 4},
        {"x": 2.5, "y": 0.2},
        {"country": "Aland", "killed_min": 3},
        {"x": 0.5, "y": 0.2, "country": "Aland", "injured_min": 100, "killed_max": 0},
    ]
    path = tmp_path / "o.gpkg"
    write_overlay(join_regions(make_incidents(*rows), squares), squares, path, actors=actors)
    regions = pyogrio.read_arrow(path, layer="regions")[1].to_pylist()
    assert [regions[0][f"injured_{part}"] for part in ("min", "max", "open")] == [100, None, 1], "100 is no maximum"
    assert {r["pcode"]: (r["coverage"], r["incidents"], r["killed_max"], r["killed_unknown"]) for r in regions} == {
        "A1": ("incidents listed", 2, 4, 0),
        "A2": ("no incident listed", 0, None, 0),
        "B1": ("incidents listed", 1, None, 1),
    }
    assert set(SUMS) <= set(regions[0])


def test_regions_tell_of_records_that_are_counted_with_others_or_not_placed(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    whole = {"x": 0.5, "y": 0.2, "killed_min": 9}
    rows = [whole, {"x": 1.5, "y": 0.2, "killed_min": 4, "related": "part of:i0"}, {"x": 2.5, "y": 0.2}]
    found = {}
    for name, told in (("lent", rows), ("named", [rows[0], {"country": "Aland", "admin1": "eastland"}])):
        path = tmp_path / f"{name}.gpkg"
        write_overlay(join_regions(make_incidents(*told), squares), squares, path, actors=actors)
        graded = f"SELECT coverage, incidents, {GRADE} AS grade FROM regions WHERE \"pcode\" = 'A2'"  # noqa: S608 - ours
        found[name] = pyogrio.read_dataframe(path, sql=graded, read_geometry=False).iloc[0].tolist()
    assert found == {
        "lent": ["incidents counted with others", 0, TOLL_UNKNOWN],
        "named": ["incidents stated, in no region", 0, TOLL_UNKNOWN],
    }


def test_a_country_without_governorates_is_a_region_itself(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    countries = squares[squares["level"] == 0]
    path = tmp_path / "o.gpkg"
    write_overlay(
        join_regions(make_incidents({"x": 0.5, "y": 0.2, "killed_max": 4}), countries), countries, path, actors=actors
    )
    regions = pyogrio.read_arrow(path, layer="regions")[1].to_pylist()
    assert [(r["pcode"], r["incidents"], r["killed_max"]) for r in regions] == [("AA", 1, 4)]


def test_gdal_reads_it_without_a_warning(overlay: Path) -> None:
    told = subprocess.run(["ogrinfo", "-so", "-al", overlay], capture_output=True, text=True, check=True)
    assert told.stderr == ""
    assert "Warning" not in told.stdout
    assert "date_start: Date" in told.stdout
    assert [line for line in told.stdout.splitlines() if line.startswith("Geometry: ")] == [
        "Geometry: Point", "Geometry: Multi Polygon", "Geometry: Multi Polygon", "Geometry: None", "Geometry: None",
    ]  # fmt: skip


def test_the_version_is_the_one_that_every_gis_reads(overlay: Path) -> None:
    assert int.from_bytes(overlay.read_bytes()[60:64], "big") == 10200  # GeoPackage 1.2, in the header of the file


def open_in_qgis(overlay: Path) -> dict[str, Any]:
    command = ["/usr/bin/python3", "-c", IN_QGIS, str(overlay)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(overlay.parent)}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


@pytest.fixture
def in_qgis(overlay: Path) -> dict[str, Any]:
    return open_in_qgis(overlay)


@pytest.mark.skipif(not Path("/usr/lib/python3/dist-packages/qgis").exists(), reason="QGIS is not installed")
def test_qgis_tells_discounted_records_apart(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    rows = [{"x": 0.5, "y": 0.2, "actors": "russia", "grading": grade} for grade in ("fair", "discounted", None)]
    incidents = join_regions(make_incidents(*rows), squares)
    write_overlay(incidents, squares, tmp_path / "o.gpkg", actors=actors)
    found = open_in_qgis(tmp_path / "o.gpkg")["incidents"]
    assert found["drawn"] == {"i0": ["Russia"], "i1": ["Discounted: not on map and report"], "i2": ["Russia"]}
    assert found["categories"][-1][2] == [["cross_fill", "#b0b0b0"]]


@pytest.mark.skipif(not Path("/usr/lib/python3/dist-packages/qgis").exists(), reason="QGIS is not installed")
def test_qgis_opens_it_styled(in_qgis: dict[str, Any]) -> None:
    assert {name: (e["valid"], e["features"], e["renderer"]) for name, e in in_qgis.items()} == {
        "incidents": (True, 3, "categorizedSymbol"),
        "incident_areas": (True, 1, "categorizedSymbol"),
        "regions": (True, 2, "graduatedSymbol"),
        "unplaced": (True, 2, None),
    }
    assert in_qgis["unplaced"]["days"] == ["2017-03-17", "2017-04-01"]
    assert {entry["alias"] for name, entry in in_qgis.items() if name != "unplaced"} == {FIELD["killed_max"].label}
    triangle, circle, unknown = ["triangle", "#d55e00"], ["circle", "#0072b2"], ["circle", "#7f7f7f"]
    assert in_qgis["incidents"]["categories"] == [
        [HOSTILE, HOSTILE, [unknown]],
        ["russia", "Russia", [triangle]],
        ["russia|us-led-coalition:contested", "Contested: Russia or US-led coalition", [triangle, circle]],
    ]
    assert [category[:2] for category in in_qgis["incident_areas"]["categories"]] == [["russia", "Russia"]]
    told = "Contested: Russia or US-led coalition"
    assert in_qgis["incidents"]["drawn"] == {"i0": ["Russia"], "i1": [told], "i2": [HOSTILE]}
    ranges = in_qgis["regions"]["ranges"]
    assert [label for _, _, label, _ in ranges[:3]] == [
        "No incident listed", "Civilians killed, minimum: unknown", "Civilians killed, minimum: 0",
    ]  # fmt: skip
    assert ranges[0][3] == "b_diagonal"
    assert [(low, high) for low, high, _, _ in ranges] == [(-2, -2), (-1, -1), (0, 0), (1, 1), (2, 1e9)]
    assert in_qgis["regions"]["drawn"] == {"A1": ["2 and more"], "A2": ["Civilians killed, minimum: 0"]}


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_same_incidents_same_bytes(  # noqa: PLR0917 - fixtures
    located: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    overlay: Path,
    tmp_path: Path,
    order: slice,
) -> None:
    again = tmp_path / "elsewhere"
    again.mkdir()
    write_overlay(located.iloc[order], squares, again / "incidents.gpkg", actors=actors)
    assert (again / "incidents.gpkg").read_bytes() == overlay.read_bytes()
    assert [entry.name for entry in again.iterdir()] == ["incidents.gpkg"]


def test_it_carries_the_time_it_is_told(
    located: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    path = tmp_path / "o.gpkg"
    write_overlay(located, squares, path, actors=actors)
    styles = pyogrio.read_arrow(path, layer="layer_styles")[1]
    assert set(styles["update_time"].to_pylist()) == {dt.datetime(2017, 7, 14, 2, 40, tzinfo=dt.UTC)}
    assert b"2017-07-14T02:40:00.000Z" in path.read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


@pytest.mark.parametrize("rows", [[{"country": "Aland"}], [{"x": 0.5, "y": 0.2}], []])
def test_lists_of_one_kind_or_of_nothing_are_written_too(
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
    rows: list[dict[str, Any]],
) -> None:
    incidents = make_incidents(*rows) if rows else make_incidents({}).iloc[:0]
    path = tmp_path / "o.gpkg"
    write_overlay(join_regions(incidents, squares), squares, path, actors=actors)
    assert len(read_overlay(path)) == len(rows)
    assert pyogrio.list_layers(path)[:, 0].tolist() == [
        "incidents",
        "incident_areas",
        "regions",
        "unplaced",
        "layer_styles",
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_that_reads_back_otherwise_replaces_nothing(
    located: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    overlay: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = digest(overlay)
    write = pyogrio.write_arrow
    monkeypatch.setattr(
        pyogrio,
        "write_arrow",
        lambda table, path, **options: write(table.slice(0, max(len(table) - 1, 1)), path, **options),
    )
    with pytest.raises(AssertionError, match=r"layer incidents of incidents\.gpkg does not read back as written"):
        write_overlay(located.iloc[::2], squares, overlay, actors=actors)
    assert digest(overlay) == before


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 4_096, 60_000, 110_000, 150_000])
def test_a_full_disk_leaves_the_file_as_it_was(
    located: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, overlay: Path, size: int
) -> None:
    before = digest(overlay)
    assert overlay.stat().st_size > size
    with pytest.raises(FileError, match=r"incidents\.gpkg: File too large$"), files_up_to(size):
        write_overlay(located, squares, overlay, actors=actors)
    assert digest(overlay) == before
    assert [entry.name for entry in overlay.parent.iterdir()] == ["incidents.gpkg"]


@pytest.mark.parametrize("name", ["two\nlines", "tab\tbed", "mind!"])
def test_a_path_that_gdal_takes_for_another_is_refused(
    located: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match=r"no GeoPackage can be written"):
        write_overlay(located, squares, tmp_path / name / "incidents.gpkg", actors=actors)
    assert not any((tmp_path / name).iterdir())


CLAIMS: list[dict[str, Any]] = [
    {"incident_id": "i0", "min": 14, "max": 14, "note": HOSTILE, "url": "https://example.org/1"},
    {"incident_id": "i0", "min": 42, "supersedes": "c0", "published": None, "actor": "russia"},
    {"incident_id": "i4", "stance": "denied", "published": "2017-04-02"},
    {"incident_id": "not in the list", "min": 1},
]
CLAIMS_IN_QGIS = """
import json, os, sys
from qgis.core import QgsApplication, QgsProject, QgsRelation, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
layers = {n: QgsVectorLayer(f"{sys.argv[1]}|layername={n}", n, "ogr") for n in ("incidents", "claims", "findings")}
QgsProject.instance().addMapLayers(layers.values())
relation = QgsRelation()
relation.setId("claims")
relation.setReferencedLayer(layers["incidents"].id())
relation.setReferencingLayer(layers["claims"].id())
relation.addFieldPair("incident_id", "incident_id")
QgsProject.instance().relationManager().addRelation(relation)
first = next(f for f in layers["incidents"].getFeatures() if f["incident_id"] == "i0")
finding = next(layers["findings"].getFeatures())
print(json.dumps({
    "valid": [layer.isValid() for layer in layers.values()] + [relation.isValid()],
    "claims": [[f["claim_id"], f["min"], f["published"].toString("yyyy-MM-dd") if f["published"] else None]
               for f in relation.getRelatedFeatures(first)],
    "notes": sorted(str(f["note"]) for f in layers["claims"].getFeatures() if f["note"]),
    "finding": [finding["statement"], finding.geometry().isEmpty(), layers["findings"].renderer().type()],
}))
sys.stdout.flush()
os._exit(0)  # QGIS's own way out crashes without a display
"""


@pytest.fixture
def with_claims(
    located: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    make_ledger: MakeLedger,
    tmp_path: Path,
) -> Path:
    area = squares.set_index("pcode").geometry["A2"]
    findings = [{"statement": HOSTILE, "country": "Aland", "geometry": area}, {"statement": "s", "country": "Beland"}]
    ledger = make_ledger(located, *CLAIMS, findings=findings, rule=WIDEST)
    path = tmp_path / "claims.gpkg"
    write_overlay(located, squares, path, actors=actors, ledger=ledger)
    return path


def test_the_claims_are_a_table_beside_the_incidents(with_claims: Path) -> None:
    _, table = pyogrio.read_arrow(with_claims, layer="claims")
    rows = table.to_pylist()
    assert [(r["claim_id"], r["min"], r["max"], r["superseded_by"], r["in_range"]) for r in rows] == [
        ("c0", 14, 14, "c1", False),
        ("c1", 42, None, None, True),
        ("c2", None, None, None, False),
    ]
    assert rows[0]["published"] == dt.date(2017, 3, 18)
    assert rows[0]["note"] == HOSTILE
    everywhere = pd.concat([pyogrio.read_dataframe(with_claims, layer=name) for name in TABLES])
    assert {r["incident_id"] for r in rows} <= set(everywhere["incident_id"])
    _, findings = pyogrio.read_arrow(with_claims, layer="findings")
    assert findings["statement"].to_pylist() == [HOSTILE, "s"]
    assert [shape is None for shape in findings["geom"].to_pylist()] == [False, True]


def test_gdal_tells_the_rule_of_every_layer(with_claims: Path) -> None:
    done = subprocess.run(["ogrinfo", "-so", "-al", with_claims], capture_output=True, text=True, check=True)
    assert "Warning" not in done.stderr
    rule = "figure that any claim gives; 4 without a claim as the list states them [widest]"
    told = [line for line in done.stdout.splitlines() if "DESCRIPTION=" in line and rule in line]
    assert len(told) == 5  # incidents, incident_areas, regions, unplaced, claims
    relation = subprocess.run(
        ["ogrinfo", with_claims, "-sql", "SELECT c.claim_id FROM incidents i JOIN claims c USING (incident_id)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Feature Count: 2" in relation.stdout or relation.stdout.count("claim_id (String) = ") == 2


def test_qgis_relates_claims_to_incidents(with_claims: Path) -> None:
    command = ["/usr/bin/python3", "-c", CLAIMS_IN_QGIS, str(with_claims)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    env.pop("PYTHONPATH", None)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    assert json.loads(done.stdout) == {
        "valid": [True] * 4,
        "claims": [["c0", 14, "2017-03-18"], ["c1", 42, None]],
        "notes": [HOSTILE],
        "finding": [HOSTILE, False, "singleSymbol"],
    }


def test_the_order_of_claims_makes_no_difference_to_the_overlay(  # noqa: PLR0917 - fixtures
    located: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    make_ledger: MakeLedger,
    with_claims: Path,
    tmp_path: Path,
) -> None:
    named = [{"claim_id": f"c{k}", **row} for k, row in enumerate(CLAIMS)]
    area = squares.set_index("pcode").geometry["A2"]
    findings = [{"statement": HOSTILE, "country": "Aland", "geometry": area}, {"statement": "s", "country": "Beland"}]
    ledger = make_ledger(located.iloc[::-1], *named[::-1], findings=findings, rule=WIDEST)
    write_overlay(located.iloc[::-1], squares, tmp_path / "b.gpkg", actors=actors, ledger=ledger)
    assert digest(tmp_path / "b.gpkg") == digest(with_claims)


def test_no_incident_is_a_zero_only_where_all_was_covered(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    windows = "country,admin1,actor,from,to,status\nAland,,,2017-01-01,,covered\nBeland,,russia,2017-03-24,,suspended\n"
    (tmp_path / "c.csv").write_text(windows, encoding="utf-8")
    coverage = read_coverage(tmp_path / "c.csv", actors=read_actors(), regions=squares)
    rows = [{"x": 0.5, "y": 0.2, "actors": "russia", "killed_max": 4, "date_start": "2017-04-01"}]
    incidents = join_regions(make_incidents(*rows, {"country": "Beland", "precision": "country"}), squares)
    found = {}
    for name, stated in (("plain", None), ("stated", coverage)):
        write_overlay(incidents, squares, tmp_path / f"{name}.gpkg", actors=actors, coverage=stated)
        regions = pyogrio.read_arrow(tmp_path / f"{name}.gpkg", layer="regions")[1].to_pylist()
        found[name] = {r["pcode"]: r["coverage"] for r in regions}
    none = "no incident listed"
    assert found["plain"] == {"A1": "incidents listed", "A2": none, "B1": none}
    assert found["stated"] == {"A1": "incidents listed", "A2": f"{none}: covered", "B1": f"{none}: suspended"}
    styles = pyogrio.read_arrow(tmp_path / "stated.gpkg", layer="layer_styles")[1].to_pylist()
    style = next(row["styleQML"] for row in styles if row["f_table_name"] == "regions")
    assert "CASE WHEN \"coverage\" = 'no incident listed: covered' THEN 0 " in unescape(style, {"&quot;": '"'})
