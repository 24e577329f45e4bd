from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from unittest import mock

import geopandas as gpd
import jinja2
import pandas as pd
import pytest

from geo.claims import CLAIM_FIELDS
from geo.errors import FileError, UsageError
from geo.findings import FINDING_FIELDS
from geo.geocode import geocode_incidents
from geo.ledger import Ledger
from geo.ranges import RangeRule
from geo.regions import join_regions
from geo.schema import CRS, fields
from layers.map import build_map, explore_incidents, write_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., gpd.GeoDataFrame]

CANARY = "zyx{{canary}}wvu"
SPOT = {"type": "Point", "coordinates": [0.5, 0.5]}
GROUND = json.dumps({"type": "Feature", "properties": {"name": CANARY}, "geometry": SPOT})


@pytest.fixture
def incidents(make_incidents: Make, squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = [
        {"x": 0.5, "y": 0.5, "actors": "russia", "killed_min": 3, "killed_max": 9},
        {"x": 1.5, "y": 0.5, "actors": "us-led-coalition", "date_start": "2017-04-02"},
        {"note": "unplaced"},
    ]
    return join_regions(make_incidents(*rows), squares)


def config_of(html: str) -> dict[str, Any]:
    found = re.search(r'id="incidents-config">(.*?)</script>', html, re.DOTALL)
    assert found
    config: dict[str, Any] = json.loads(found[1])
    return config


def test_no_text_reaches_a_template(
    incidents: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
) -> None:
    hostile = incidents.copy()
    for field in fields():
        if field.kind in {"text", "choice", "id", "urls", "actors"} and not field.name.endswith("_pcode"):
            hostile[field.name] = CANARY
    regions = squares.assign(name=CANARY, name_local=CANARY, source=CANARY, population=1000, population_column=CANARY)
    tiles = {"name": CANARY, "url": "https://tiles.example.org/{z}/{x}/{y}.png", "attribution": CANARY}
    (tmp_path / f"{CANARY}.geojson").write_text(GROUND, encoding="utf-8")
    texts = {f.name: [CANARY] for f in (*CLAIM_FIELDS, *FINDING_FIELDS) if f.kind not in {"day", "count"}}
    days = {name: pd.to_datetime(["2017-03-18"]) for name in ("published", "period_start", "period_end")}
    said = pd.DataFrame({**texts, **days, "min": [1], "max": [2], "superseded_by": [CANARY], "in_range": [True]})
    findings = gpd.GeoDataFrame(said.assign(location_note=CANARY), geometry=squares.geometry.iloc[:1].array, crs=CRS)
    ledger = Ledger(claims=said, findings=findings, rule=RangeRule("grading", CANARY))
    actors.loc[CANARY] = [CANARY, CANARY, "", "#000000", CANARY, ""]
    with mock.patch.object(jinja2.Environment, "compile", autospec=True, side_effect=jinja2.Environment.compile) as spy:
        html = (
            build_map(
                hostile,
                regions=regions,
                actors=actors,
                title=CANARY,
                subtitle=CANARY,
                credit=CANARY,
                period=CANARY,
                attribution=[CANARY],
                ledger=ledger,
                tiles=tiles,
                basemap=tmp_path / f"{CANARY}.geojson",
            )
            .get_root()
            .render()
        )
    compiled = [str(call.args[1]) for call in spy.call_args_list]
    assert compiled, "the shell is drawn by templates"
    assert not [source for source in compiled if "canary" in source or "zyx" in source]
    assert config_of(html)["title"] == CANARY


def test_the_same_incidents_give_the_same_bytes(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    for name in ("a.html", "b.html"):
        write_map(incidents, tmp_path / name, regions=squares, actors=actors, attribution=())
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_incidents_just_located_are_joined_first(
    make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    located = geocode_incidents(make_incidents({"latitude": 0.5, "longitude": 1.5, "killed_min": 3}), regions=squares)
    pages = [
        build_map(shown, regions=squares, actors=actors, attribution=()).get_root().render()
        for shown in (located, join_regions(located, squares))
    ]
    assert pages[0] == pages[1]


def test_the_order_of_the_incidents_makes_no_difference(
    make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    rows: list[dict[str, Any]] = [
        {"x": 0.5, "y": 0.5, "place": "one"},
        {"x": 0.5, "y": 0.5, "place": "other"},
        {"x": 1.5, "y": 0.5, "actors": "russia"},
        {"geometry": area, "precision": "admin1", "located_by": "regions:A1"},
        {"place": "nowhere"},
        {"place": "nowhere", "actors": "us-led-coalition"},
    ]
    incidents = join_regions(make_incidents(*rows), squares)
    pages = [
        build_map(incidents.iloc[order], regions=squares, actors=actors, attribution=()).get_root().render()
        for order in ([0, 1, 2, 3, 4, 5], [5, 3, 1, 4, 2, 0], [2, 5, 4, 1, 0, 3])
    ]
    assert pages[0] == pages[1] == pages[2]


def test_building_changes_nothing_in_its_inputs(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    before = incidents.copy(deep=True), squares.copy(deep=True), actors.copy(deep=True)
    build_map(incidents, regions=squares, actors=actors, attribution=())
    assert incidents.equals(before[0])
    assert squares.equals(before[1])
    assert actors.equals(before[2])


def test_only_columns_of_the_table_travel(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    shown = incidents.assign(witness="a name")
    page = build_map(shown, regions=squares, actors=actors, attribution=()).get_root().render()
    names = {column["name"] for column in config_of(page)["columns"]}
    assert {field.name for field in fields()} - names == {
        "actors",
        "attribution",
        "latitude",
        "longitude",
        "listed_admin1",
    }
    assert names - {field.name for field in fields()} == {
        "at",
        "kind",
        "lon",
        "lat",
        "area",
        "areas",
        "region",
        "regions",
        "stated",
        "basemap",
    }


@pytest.mark.parametrize(
    "by",
    [{"located_by": "online:photon"}, {"located_by": "decision:NN", "location_note": "decided: online:photon (x)"}],
)
def test_places_that_a_service_found_are_credited(
    make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame, by: dict[str, str]
) -> None:
    online = join_regions(make_incidents({"x": 0.5, "y": 0.2, **by}), squares)
    config = config_of(build_map(online, regions=squares, actors=actors, attribution=["Ours."]).get_root().render())
    assert config["attribution"] == ["Ours.", "Places found online: © OpenStreetMap contributors, ODbL."]


def test_regions_of_the_named_countries_are_covered(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    config = config_of(build_map(incidents, regions=squares, actors=actors, attribution=()).get_root().render())
    countries = [["Aland", ""]]
    boundaries = {"source": "test", "valid_from": "2016", "valid_to": "", "countries": countries, "others": 0}
    assert config["boundaries"] == [boundaries]
    assert config["breaks"] == {"incidents": [1], "killed_min": [1, 3], "killed_max": [1, 5]}


def test_rates_are_given_when_a_population_is_known(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    squares.loc[squares["pcode"] == "A1", ["population", "population_column"]] = [20_000, "POP"]
    config = config_of(build_map(incidents, regions=squares, actors=actors, attribution=()).get_root().render())
    assert config["breaks"]["killed_min_rate"] == [0.0, 15.0]
    assert config["breaks"]["killed_max_rate"] == [0.0, 30.0]
    assert config["people"] == [{"column": "POP", "source": "test"}]


def test_incidents_of_another_time_than_their_boundaries_are_told(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, coded: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    for units in (squares, coded):
        dated = units.assign(valid_from="2017-03-18", valid_to="2017-04-01")
        incidents = join_regions(incidents, units)
        config = config_of(build_map(incidents, regions=dated, actors=actors, attribution=()).get_root().render())
        assert [boundaries["others"] for boundaries in config["boundaries"]] == [2]


def test_the_map_shows_in_a_notebook_and_saves(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    page = build_map(incidents, regions=squares, actors=actors, attribution=())
    file = io.BytesIO()
    page.save(file, close_file=False)
    assert file.getvalue().decode() == page.get_root().render()
    assert "incidents-data" in page._repr_html_()


def test_one_line_maps_any_points() -> None:
    frame = gpd.GeoDataFrame(
        {
            "when": ["2023-04-20", "2023-05-12"],
            "who": ["Rapid Support Forces", None],
            "phone": ["555", "556"],
            "Killed": [4, None],
        },
        geometry=gpd.points_from_xy([30.2, 22.45], [13.18, 13.45], crs="EPSG:4326"),
    )
    html = explore_incidents(frame, columns={"date": "when", "actors": "who"}, title="Sudan").get_root().render()
    config = config_of(html)
    assert (config["rows"], config["title"]) == (2, "Sudan")
    assert config["actors"]["Rapid Support Forces"]["label"] == "Rapid Support Forces"
    assert not {"phone", "who"} & {column["name"] for column in config["columns"]}


@pytest.mark.parametrize("crs", [None, "EPSG:3857"])
def test_incidents_in_metres_are_refused(make_incidents: Make, squares: gpd.GeoDataFrame, crs: str | None) -> None:
    located = make_incidents({"x": 0.5, "y": 0.5})
    joined = join_regions(located.to_crs("OGC:CRS84"), squares)
    assert joined["adm1_pcode"].tolist() == ["A1"]

    def spoil(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)

    with pytest.raises(UsageError, match=r"incidents are in .*, not in EPSG:4326"):
        join_regions(spoil(located), squares)
    with pytest.raises(UsageError, match=r"regions are in .*, not in EPSG:4326"):
        join_regions(located, spoil(squares))
    with pytest.raises(UsageError, match=r"incidents are in .*, not in EPSG:4326"):
        build_map(spoil(joined), regions=squares)


def test_a_map_of_nothing_is_a_map(make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame) -> None:
    nothing = join_regions(make_incidents({}), squares).iloc[:0]
    config = config_of(build_map(nothing, regions=squares, actors=actors, attribution=()).get_root().render())
    assert config["rows"] == 0
    assert config["bounds"] is None


def test_a_map_that_cannot_be_written_leaves_the_old_one(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(FileError, match="missing"):
        write_map(incidents, tmp_path / "missing" / "map.html", regions=squares, actors=actors, attribution=())


def test_an_actor_without_a_style_is_shown_by_its_id(
    make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    incidents = join_regions(make_incidents({"x": 0.5, "y": 0.5, "actors": "new group"}), squares)
    config = config_of(build_map(incidents, regions=squares, actors=actors, attribution=()).get_root().render())
    assert config["actors"]["new group"]["label"] == "new group"
