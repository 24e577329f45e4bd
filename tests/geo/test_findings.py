"""Findings: statements about an area without a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely
from geopy.distance import geodesic

from geo.actors import read_actors
from geo.findings import FINDING_FIELDS, judge_findings, locate_findings
from geo.gazetteer import read_gazetteer
from geo.reference import reference_path

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

HEADER = "finding_id,source,published,period_start,period_end,place,admin1,country,actor,statement\n"
ROWS = """f1,Monitor,2017-03-28,2017-02-01,2017-03-31,,Raqqa,Syria,russia,Whole villages stand empty.
f2,Monitor,,,,Mosul,Nineveh,Iraq,,Houses were destroyed.
f3,Monitor,,,,,,Iraq,,Hospitals lack everything.
f4,Monitor,,,,Nowhere at all,,Syria,,Fields were burnt.
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "findings.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_finding_is_an_area_and_never_a_dot(tmp_path: Path, regions: gpd.GeoDataFrame) -> None:
    stated, problems = judge_findings(write(tmp_path, HEADER + ROWS), actors=read_actors())
    assert not problems
    found = locate_findings(stated, [read_gazetteer(regions=regions)], regions=regions)
    assert found["finding_id"].tolist() == ["f1", "f2", "f3", "f4"]
    raqqa, mosul, iraq, nowhere = found.geometry
    [unit] = regions.loc[(regions["level"] == 1) & (regions["name"] == "Ar-Raqqa"), "geometry"]
    assert raqqa.equals(unit)
    assert iraq is None
    assert nowhere is None
    assert found["precision"].tolist() == ["admin1", "city", "country", "none"]
    west, south, east, north = shapely.bounds(mosul)
    height, width = geodesic((south, 43.1), (north, 43.1)).km, geodesic((36.3, west), (36.3, east)).km
    assert (height, width) == pytest.approx((16, 16), rel=0.01)  # a city is known to 8 km


def test_a_finding_has_no_column_of_numbers() -> None:
    assert not [field for field in FINDING_FIELDS if field.kind in {"count", "number"}]


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    text = HEADER + (
        "f1,Monitor,2017-03,2017-03-31,2017-02-01,Mosul,,Iraq,Rusia,Houses were destroyed.\n"
        "f1,,,,,Mosul,,,,\n"
        "f3,Moni\u202etor,,,,Mosul\u2066,,Iraq,nobody,a\x00b\n".replace("\x00", "\x07")
    )
    _, problems = judge_findings(write(tmp_path, text), actors=read_actors())
    assert [f"{p.row} {p.column} {p.code}" for p in problems] == [
        "2 actor actor-near-miss",
        "2 period_start period-backwards",
        "2 published not-a-day",
        "3 country cell-empty",
        "3 finding_id id-twice",
        "3 source cell-empty",
        "3 statement cell-empty",
        "4 actor actor-unknown",
        "4 place hostile-character",
        "4 source hostile-character",
        "4 statement hostile-character",
    ]


def test_the_built_in_finding_is_about_a_part_of_mosul(regions: gpd.GeoDataFrame) -> None:
    findings, problems = judge_findings(reference_path("findings.csv"), actors=read_actors())
    assert not problems
    [finding] = findings.to_dict("records")
    assert (finding["source"], finding["place"], finding["country"]) == ("Amnesty International", "East Mosul", "Iraq")
    found = locate_findings(findings, [read_gazetteer(regions=regions)], regions=regions)
    assert found.geometry.iloc[0].contains(shapely.Point(43.1189, 36.335))  # the city's own entry
