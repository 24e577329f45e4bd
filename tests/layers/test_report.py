from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.coverage import read_coverage
from geo.ranges import WIDEST
from geo.regions import join_regions
from geo.schema import fields
from layers.assets import read_template
from layers.extent import leave_out
from layers.report import build_report, write_report
from layers.report.front import MOST_LAYERS
from layers.report.matter import MOST_LISTED, MOST_NAMED
from layers.report.records import MOST_APART
from layers.report.sums import NONE
from layers.summary import summarize_incidents
from tests.browser.test_hostile_text import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    MakeIncidents = Callable[..., gpd.GeoDataFrame]
    MakeLedger = Callable[..., Any]

INCIDENTMAP = str(Path(sys.executable).with_name("incidentmap"))
DATA = Path(__file__).resolve().parents[2] / "data"
RU, US = "russia", "us-led-coalition"
KINDS = [
    f"{who} {how}"
    for who, how in zip(
        ("Civilians", "Children", "Women", "Men", "Civilians", "Combatants"),
        ["killed"] * 4 + ["injured", "killed"],
        strict=True,
    )
]
VOID = {"meta", "link", "img", "br", "line"}
TAGS = {
    *("html", "head", "meta", "title", "link", "style", "body", "header", "nav", "main", "section", "figure"),
    *("figcaption", "h1", "h2", "h3", "p", "ul", "ol", "li", "dl", "dt", "dd", "div", "span", "small", "b", "i", "s"),
    *("a", "bdi", "img", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "svg", "line", "path"),
}
CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


class Report(HTMLParser):
    """What a page holds, read without a word of the program that wrote it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.texts: list[tuple[str, tuple[str, ...]]] = []
        self._open: list[str] = []
        self._rows: list[list[str]] = []
        self._caption: str | None = None
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
        elif tag == "caption":
            self._caption = ""
        if tag not in {"meta", "link", "img", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "table":
            self.tables[str(self._caption)] = self._rows
        elif tag == "small" and self._rows and self._rows[-1]:
            self._rows[-1][-1] += "\n"

    def handle_data(self, data: str) -> None:
        self.texts.append((data, tuple(self._open)))
        if "caption" in self._open:
            self._caption = f"{self._caption}{data}"
        elif ("td" in self._open or "th" in self._open) and self._rows:
            mark = "\n" if "small" in self._open and "\n" not in self._rows[-1][-1] else ""
            self._rows[-1][-1] += mark + data

    @property
    def text(self) -> str:
        """Everything that a reader sees."""
        return "".join(text for text, _ in self.texts)

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]

    def rows(self, part: str) -> dict[str, list[str]]:
        """Rows of the table whose caption holds a text, by their first cell; of every cell the first line."""
        [table] = [rows for caption, rows in self.tables.items() if part in caption]
        return {row[0].partition("\n")[0]: [cell.partition("\n")[0] for cell in row[1:]] for row in table if row}


@pytest.fixture
def tell(squares: gpd.GeoDataFrame, actors: pd.DataFrame) -> Callable[..., Report]:
    """Return a function that writes the report of located incidents and reads it."""

    def read(incidents: gpd.GeoDataFrame, **settings: Any) -> Report:  # noqa: ANN401 - those of `build_report`
        known = settings.pop("actors", actors)
        summary = summarize_incidents(leave_out(incidents), known, coverage=settings.get("coverage"))
        given = {"regions": squares, "attribution": ("whose data",), **settings}
        return Report(build_report(incidents, summary, actors=known, **given))

    return read


def span(low: float, high: float, open_: int = 0) -> str:
    if low == high:
        return f"at least {low:,.0f}" if open_ else f"{low:,.0f}"
    return f"{low:,.0f}–{high:,.0f}{' or more' * bool(open_)}"


def add(rows: list[dict[str, Any]]) -> list[str]:
    """Number and range of incidents, added up one by one."""
    low = high = open_ = 0
    known = False
    for row in rows:
        least, most = row.get("killed_min"), row.get("killed_max")
        if least is None and most is None:
            continue
        known = True
        low += least or 0
        high += most if most is not None else least or 0
        open_ += most is None
    return [f"{len(rows):,}", span(low, high, open_) if known else "unknown"]


@pytest.mark.parametrize("seed", range(3))
def test_every_sum_is_that_of_the_rows(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for _ in range(60):
        low = None if chance.random() < 0.2 else int(chance.integers(0, 900))
        high = None if chance.random() < 0.2 else (low or 0) + int(chance.integers(0, 900))
        who = str(chance.choice([RU, US, f"{RU}|{US}", "unknown"]))
        month = int(chance.integers(1, 4))
        where: dict[str, Any] = (
            {"x": 2.5, "y": 0.5, "country": "Beland"} if chance.random() < 0.3 else {"x": 0.4, "y": 0.5}
        )
        where = {"country": "Aland", **where} if chance.random() < 0.9 else {"country": "Aland"}
        rows.append(
            {"killed_min": low, "killed_max": high, "actors": who, "date_start": f"2017-0{month}-03", **where}
            | ({"attribution": "contested"} if "|" in who else {})
        )
    report = tell(join_regions(make_incidents(*rows), squares))
    groups: dict[str, dict[str, list[dict[str, Any]]]] = {
        name: defaultdict(list) for name in ("by month", "by country", "by governorate", "set of actors")
    }
    names = {
        RU: "Russia",
        US: "US-led coalition",
        "unknown": "Unknown",
        f"{RU}|{US}": "Contested: Russia or US-led coalition",
    }
    for row in rows:
        months = {"1": "January", "2": "February", "3": "March"}
        groups["by month"][f"{months[row['date_start'][6]]} 2017"].append(row)
        groups["by country"]["Aland" if row["country"] == "Aland" else "Beland"].append(row)
        region = "Country only" if "x" not in row else "Beland proper" if row["x"] > 2 else "Westland"
        groups["by governorate"]["Not placed" if region == "Country only" else region].append(row)
        groups["set of actors"][names[row["actors"]]].append(row)
    for table, found in groups.items():
        told = report.rows(f"killed, {table}" if table != "set of actors" else table)
        for name, own in found.items():
            assert told[name][:2] == add(own), (table, name)
        assert told["All incidents, each once"][:2] == add(rows)
    told = report.rows("by each actor named")
    for actor in (RU, US):
        sole = [row for row in rows if row["actors"] == actor]
        shared = [row for row in rows if "|" in row["actors"] and actor in row["actors"]]
        assert told[names[actor]][:6] == [*add(sole), *add(shared), *add(sole + shared)]
    assert told["Counted under several actors"][1:3] == add([row for row in rows if "|" in row["actors"]])
    assert told["All incidents, each once"][1:3] == add(rows)


def test_what_is_unknown_is_said_and_drawn_as_nothing(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    rows = [
        {"x": 0.4, "y": 0.5, "actors": RU},
        {"x": 0.4, "y": 0.5, "actors": f"{RU}|{US}", "attribution": "contested"},
    ]
    report = tell(join_regions(make_incidents(*rows), squares))
    assert report.rows("by each actor named")["Russia"][:6] == ["1", "unknown", "1", "unknown", "2", "unknown"]
    assert report.rows("by each actor named")["US-led coalition"][:2] == [NONE, NONE]
    assert report.rows("by each actor named")["Counted under several actors"][1:3] == ["1", "unknown"]
    lines = {attributes["class"] for tag, attributes in report.tags if tag == "line"}
    assert lines == {"tick"}
    assert "toll unknown in 2 incidents" in report.text
    people = report.rows("People, over all incidents")
    assert list(people) == ["Measure", *KINDS]
    assert all(people[kind] == ["0", "2", "unknown", "0", ""] for kind in KINDS)


def test_an_open_maximum_is_said_and_drawn_open(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    report = tell(join_regions(make_incidents({"x": 0.4, "y": 0.5, "killed_min": 30}), squares))
    drawn = [attributes for tag, attributes in report.tags if tag == "line" and attributes["class"] != "tick"]
    assert {attributes["class"] for attributes in drawn} == {"end", "open"}
    assert all(attributes["x2"] == "1000" for attributes in drawn if attributes["class"] == "open")
    [table] = [rows for caption, rows in report.tables.items() if "by country" in caption]
    assert table[1][2] == "at least 30\nno maximum in 1\n"
    assert report.rows("1 record")["i0"][3] == "at least 30"


def test_related_records_are_counted_once_and_stand_together(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    where = {"x": 0.4, "y": 0.5, "actors": RU}
    rows = [
        {**where, "killed_min": 105, "killed_max": 141},
        {
            **where,
            "killed_min": 125,
            "killed_max": 370,
            "related": "overlaps:i0",
            "date_start": "2017-04-01",
            "actors": US,
        },
    ]
    report = tell(join_regions(make_incidents(*rows), squares))
    assert report.rows("by country")["Aland"][:2] == ["1", "105–370"]
    assert list(report.rows("by month")) == ["Month", "March 2017", "April 2017", "All incidents, each once"]
    assert "2 records are counted as 1 incident" in report.text
    assert "Aland  i0 (i1)" in report.text
    assert "US-led coalition" not in report.rows("by each actor named")


def test_discounted_records_are_in_no_figure_and_listed(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    where = {"x": 0.4, "y": 0.5, "killed_min": 3, "killed_max": 4}
    report = tell(join_regions(make_incidents(where, {**where, "grading": "discounted", "place": "Lost"}), squares))
    assert report.rows("by country")["Aland"][:2] == ["1", "3–4"]
    assert report.rows("1 discounted record")["i1"][1] == "Lost"
    assert "with them there are 2 incidents and a toll of 6–8" in report.text
    open_, unknown = ({**where, "killed_min": low, "killed_max": None, "grading": "discounted"} for low in (3, None))
    report = tell(join_regions(make_incidents(where, open_, unknown), squares))
    doubts = "toll unknown in 1 incident; no maximum known in 1 incident: more may have been killed"
    assert f"with them there are 3 incidents and a toll of 6–7 or more ({doubts}), as" in report.text


def test_a_discounted_record_that_is_counted_with_others_says_so(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    where = {"x": 0.4, "y": 0.5}
    rows = [
        {**where, "killed_min": 50, "killed_max": 60, "grading": "discounted"},
        {**where, "killed_min": 10, "killed_max": 10, "related": "part of:i0"},
        {**where, "killed_min": 20, "killed_max": 20, "related": "part of:i0"},
        {**where, "killed_min": 7, "killed_max": 7, "grading": "discounted"},
    ]
    report = tell(join_regions(make_incidents(*rows), squares))
    assert report.rows("by country")["Aland"][:2] == ["2", "30"]
    assert "with them there are 2 incidents and a toll of 57–67" in report.text
    listed = {row[0].split()[0]: row[4].split() for row in report.tables["2 discounted records are left out"][1:]}
    assert listed == {"i0": ["50–60", "counted", "with", "i1", "i2"], "i3": ["7"]}
    report = tell(join_regions(make_incidents(*rows[:3]), squares))
    assert "with them there is 1 incident and a toll of 50–60" in report.text


@pytest.mark.parametrize(("status", "told"), [("covered", ["0", "0"]), ("partial", [NONE, "gap"])])
def test_a_month_without_an_incident_is_a_zero_only_where_all_was_covered(
    tell: Callable[..., Report],
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
    *,
    status: str,
    told: list[str],
) -> None:
    path = tmp_path / "coverage.csv"
    path.write_text(
        f"source,country,admin1,actor,from,to,status\n<b>Monitor,AA,,,2017-01-01,2017-12-31,{status}\n",
        encoding="utf-8",
    )
    coverage = read_coverage(path, actors=actors, regions=squares)
    rows = [{"x": 0.4, "y": 0.5, "date_start": day, "killed_min": 1} for day in ("2017-02-01", "2017-04-01")]
    report = tell(join_regions(make_incidents(*rows), squares), coverage=coverage)
    assert report.rows("by month")["March 2017"][:2] == told
    assert ("1 governorate with none reported: Eastland." in report.text) == (status == "covered")
    assert ("1 governorate not covered, or only in part: Eastland." in report.text) == (status == "partial")
    assert report.rows("1 stated window")["<b>Monitor"][0] == "AA"
    report = tell(join_regions(make_incidents(*rows), squares))
    assert report.rows("by month")["March 2017"][:2] == [NONE, "gap"]
    assert "1 governorate without an incident, which is no zero" in report.text
    rows.append({"place": "somewhere", "admin1": "Eastland", "date_start": "2017-02-01"})
    report = tell(join_regions(make_incidents(*rows), squares), coverage=coverage)
    assert "1 governorate stated only by records that stand in none, which is no zero: Eastland." in report.text
    assert "1 governorate with" not in report.text


@pytest.mark.parametrize("is_covered", [True, False])
def test_a_month_or_region_of_discounted_records_alone_is_no_zero(
    tell: Callable[..., Report],
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
    *,
    is_covered: bool,
) -> None:
    path = tmp_path / "coverage.csv"
    path.write_text("country,from,status\nAA,2017-01-01,covered\n", encoding="utf-8")
    coverage = read_coverage(path, actors=actors, regions=squares) if is_covered else None
    rows: list[dict[str, Any]] = [
        {"x": 0.4, "y": 0.5, "date_start": "2017-02-01"},
        {"x": 1.4, "y": 0.5, "date_start": "2017-03-01", "killed_min": 20, "grading": "discounted"},
        {"x": 0.4, "y": 0.5, "date_start": "2017-05-01"},
    ]
    report = tell(join_regions(make_incidents(*rows), squares), coverage=coverage)
    months = report.rows("by month")
    assert months["March 2017"][:2] == [NONE, "discounted records alone"]
    assert months["April 2017"][:2] == (["0", "0"] if is_covered else [NONE, "gap"])
    told = "1 governorate with discounted records alone, which are counted nowhere and are no zero: Eastland."
    assert told in report.text
    assert "1 governorate with none reported" not in report.text
    assert "Only records that are left out: no zero" in report.text


def test_claims_stand_side_by_side(
    tell: Callable[..., Report], make_incidents: MakeIncidents, make_ledger: MakeLedger, squares: gpd.GeoDataFrame
) -> None:
    incidents = join_regions(make_incidents({"x": 0.4, "y": 0.5, "killed_min": 1}, {"x": 0.4, "y": 0.5}), squares)
    claims = [
        {"incident_id": "i0", "min": 10, "max": 12, "url": "https://e.org/first"},
        {"incident_id": "i0", "min": 20, "max": None, "supersedes": "c0", "published": "2017-03-20"},
        {"incident_id": "i0", "source": "Ministry", "min": None, "max": None, "stance": "denied"},
        {"incident_id": "i1", "min": 5, "max": 5},
    ]
    ledger = make_ledger(incidents, *claims, rule=WIDEST, findings=[{"statement": "whole houses", "country": "Aland"}])
    report = tell(incidents, ledger=ledger)
    [table] = [rows for caption, rows in report.tables.items() if caption == "1 incident and the claims about it"]
    assert [row[1:] for row in table[2:]] == [
        ["18 March 2017", "alleged", "Civilians 10–12\nsuperseded by Army, 20 March 2017: at least 20\n"],
        ["18 March 2017", "denied", "Civilians no figure"],
        ["20 March 2017", "alleged", "Civilians at least 20"],
    ]
    assert [text for text, path in report.texts if "s" in path] == ["Civilians 10–12"]
    assert "https://e.org/first" in report.links
    assert report.rows("1 finding without a number")["Aland"][0] == "whole houses"
    assert "Ranges run from the lowest to the highest figure that any claim gives." in report.text


def test_the_area_of_a_finding_is_on_the_map_and_in_its_key(
    tell: Callable[..., Report], make_incidents: MakeIncidents, make_ledger: MakeLedger, squares: gpd.GeoDataFrame
) -> None:
    incidents = join_regions(make_incidents({"x": 0.4, "y": 0.5}, {"x": 1.6, "y": 0.4}), squares)
    found: list[list[dict[str, Any]]] = [
        [],
        [{"statement": "whole houses", "geometry": shapely.box(0.7, 0.3, 1.2, 0.7)}],
    ]
    without, with_one = (tell(incidents, ledger=make_ledger(incidents, findings=findings)) for findings in found)
    assert "A finding about the dotted area" in with_one.text
    assert "A finding about the dotted area" not in without.text
    maps = [next(a["src"] for tag, a in one.tags if tag == "img") for one in (without, with_one)]
    drawn = [b64decode(address.partition(",")[2]) for address in maps]
    assert [b"stroke-dasharray: 1.125,3;" in one for one in drawn] == [False, True]


def test_every_link_in_the_page_leads_somewhere(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    ids = ["a b", "a.20.b", 'x"><script>', "مرحبا", "i#1"]
    report = tell(join_regions(make_incidents(*({"x": 0.4, "y": 0.5, "incident_id": one} for one in ids)), squares))
    anchors = [attributes["id"] for _, attributes in report.tags if "id" in attributes]
    assert len(set(anchors)) == len(anchors)
    assert {link[1:] for link in report.links if link.startswith("#")} <= set(anchors)
    assert len([one for one in anchors if one.startswith("i-")]) == len(ids)


def test_many_incidents_are_counted_and_not_listed(
    tell: Callable[..., Report], make_incidents: MakeIncidents, make_ledger: MakeLedger, squares: gpd.GeoDataFrame
) -> None:
    few = make_incidents({"x": 0.4, "y": 0.5, "killed_min": 2, "killed_max": 3, "grading": "contested"})
    number = MOST_LISTED + 1
    many = pd.concat([few] * number).assign(incident_id=[f"n{k}" for k in range(number)])
    many.index = pd.RangeIndex(2, number + 2, name="row")
    report = tell(join_regions(many, squares))
    assert report.rows("by country")["Aland"][:2] == [f"{number:,}", span(2 * number, 3 * number)]
    assert f"The list has {number:,} records, too many to print one by one" in report.text
    assert f"{number:,} incidents are contested; no claims are listed for them." in report.text
    assert "`incidentmap export` writes the rows into the overlay" in report.text
    claim = {"incident_id": "n0", "min": 1, "max": 2}
    with_claims = tell(join_regions(many, squares), ledger=make_ledger(many, claim))
    assert f"{number:,} incidents are contested or have several claims; `incidentmap export` and" in with_claims.text
    assert not [link for link in report.links if link.startswith(("#i-", "#rows-"))]
    assert report.text.count("n1999") == 0
    assert number > MOST_NAMED


def test_the_key_of_the_map_names_twenty_sets_of_actors_and_counts_the_others(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    names = [f"Brigade No. {k}" for k in range(MOST_LAYERS + 5)]
    for name in names:
        actors.loc[name] = [name, "", "", "#123456", "square", ""]
    rows = [{"x": 0.4, "y": 0.5, "actors": name} for k, name in enumerate(names) for _ in range(2 if k else 3)]
    report = tell(join_regions(make_incidents(*rows), squares), actors=actors)
    key = "".join(text for text, path in report.texts if "figcaption" in path)
    assert " Brigade No. 0 (3)" in key
    assert key.count("Brigade No.") == MOST_LAYERS
    assert "(2)5 other actor sets (10)" in key
    assert len(report.rows("by the set of actors")) > len(names), "a table holds all"
    few = tell(join_regions(make_incidents(*rows[:3]), squares), actors=actors)
    assert "other actor set" not in few.text


def test_countries_of_one_name_stay_apart(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    regions = squares.assign(name=squares["name"].where(squares["level"] > 0, "Aland"))
    rows = [{"x": 0.4, "y": 0.5, "killed_min": 1}, {"x": 2.5, "y": 0.5, "killed_min": 2}]
    report = tell(join_regions(make_incidents(*rows), regions), regions=regions)
    [table] = [rows for caption, rows in report.tables.items() if "by country" in caption]
    assert [[row[0], row[1], row[2].partition("\n")[0]] for row in table[1:3]] == [
        ["Aland", "1", "at least 1"],
        ["Aland", "1", "at least 2"],
    ]


def test_a_summary_of_other_incidents_is_refused(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    incidents = join_regions(make_incidents({"x": 0.4, "y": 0.5, "killed_min": 1}, {"x": 0.4, "y": 0.5}), squares)
    with pytest.raises(AssertionError, match="the summary given to the report"):
        build_report(incidents, summarize_incidents(incidents.head(1), actors), regions=squares, actors=actors)


def test_nothing_is_a_report_too(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    report = tell(join_regions(make_incidents({}), squares).iloc[:0])
    assert report.rows("by month")["All incidents, each once"][:2] == ["0", NONE]
    assert "No record has a place on the map." in report.text
    assert not [tag for tag, _ in report.tags if tag == "img"]
    assert "Every incident is on the map" not in report.text
    assert "#who-says-what" not in report.links


def clean(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", CONTROLS.sub("", text)).strip()


def test_a_list_without_a_place_has_no_map(
    tell: Callable[..., Report], make_incidents: MakeIncidents, make_ledger: MakeLedger, squares: gpd.GeoDataFrame
) -> None:
    incidents = join_regions(make_incidents({}, {"country": "AA"}), squares)
    report = tell(incidents)
    assert "No record has a place on the map." in report.text
    assert not [tag for tag, _ in report.tags if tag == "img"]
    ledger = make_ledger(incidents, findings=[{"statement": "whole houses", "geometry": shapely.box(0, 0, 1, 1)}])
    assert [tag for tag, _ in tell(incidents, ledger=ledger).tags if tag == "img"]


def test_a_country_that_is_the_place_is_said_once(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    known = {"country": "Aland", "precision": "country", "located_by": "regions:AA"}
    town = {"place": "Westland", "admin1": "Westland", "country": "Aland", "x": 0.5, "y": 0.5}
    report = tell(join_regions(make_incidents(known, {"place": "Aland", **known}, town), squares))
    assert "Westland\nWestland · Aland" in str(report.tables).replace("\\n", "\n")
    cells = [cell for rows in report.tables.values() for row in rows for cell in row if cell.startswith("Aland")]
    assert len(cells) >= 4
    assert {cell.count("Aland") for cell in cells} == {1}


def test_every_coverage_window_is_listed(
    tell: Callable[..., Report],
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
) -> None:
    days = pd.date_range("2016-01-01", periods=MOST_APART + 1).strftime("%Y-%m-%d")
    lines = [f"S{k},AA,{day},{day},covered" for k, day in enumerate(days)]
    path = tmp_path / "coverage.csv"
    path.write_text("\n".join(["source,country,from,to,status", *lines]), encoding="utf-8")
    coverage = read_coverage(path, actors=actors, regions=squares)
    report = tell(join_regions(make_incidents({"x": 0.4, "y": 0.5}), squares), coverage=coverage)
    assert f"S{MOST_APART}" in report.rows(f"{MOST_APART + 1} stated windows")


def test_hostile_texts_stay_texts(
    tell: Callable[..., Report],
    make_incidents: MakeIncidents,
    make_ledger: MakeLedger,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
) -> None:
    hostile = [
        *HOSTILE,
        "a\x00b\x1bc",
        "\ufffe\uffff",
        '" onload="x',
        "&lt;b&gt;",
        "<!-- style -->",
    ]
    for k, text in enumerate(hostile):
        actors.loc[f"actor {k}"] = [text, text, "", "#123456", "circle", ""]
    names = [f.name for f in fields("stated", "geocoded") if f.kind == "text" and f.name != "related"]
    rows = [{"x": 0.4, "y": 0.5, "actors": f"actor {k}", "attribution": "contested"} for k in range(len(hostile))]
    incidents = join_regions(make_incidents(*rows), squares)
    texts = pd.Series(hostile, index=incidents.index, dtype=object)
    none = pd.Series(None, index=incidents.index, dtype="str")
    incidents = incidents.assign(**dict.fromkeys([*names, "sources", "incident_id"], texts), related=none)
    claims = [
        {"incident_id": text, "source": text, "location": text, "note": text, "url": text, "actor": f"actor {k}"}
        for k, text in enumerate(hostile)
    ]
    found = [{"statement": text, "source": text, "place": text, "note": text, "url": text} for text in hostile]
    report = tell(
        incidents,
        actors=actors,
        ledger=make_ledger(incidents, *claims, findings=found),
        attribution=hostile,
        **dict.fromkeys(("title", "subtitle", "credit", "period"), hostile[6]),
    )
    assert {tag for tag, _ in report.tags} <= TAGS
    used = {name for _, attributes in report.tags for name in attributes}
    assert not {name for name in used if name.startswith("on") or name in ("style", "srcdoc", "formaction")}
    shown = [text for text, path in report.texts if path[-1:] == ("bdi",)]
    for text in hostile[:-5] + hostile[-3:]:
        assert shown.count(clean(text)) >= 8, text
    assert "a b c" in shown
    assert "\ufffd\ufffd" in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", report.text)
    assert report.links.count("javascript:x") == 0


def test_a_report_with_any_text_can_be_written(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    incidents = join_regions(make_incidents({"x": 0.4, "y": 0.5}), squares)
    path = tmp_path / "report.html"
    title = "\udcff lone \x00"
    summary = summarize_incidents(incidents, actors)
    write_report(build_report(incidents, summary, regions=squares, actors=actors, title=title), path)
    assert "<title>\ufffd lone</title>" in path.read_text(encoding="utf-8")


def test_an_address_is_shown_as_the_one_it_leads_to(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    turned = "https://e.org/\u202egpj.exe\u2066"
    report = tell(join_regions(make_incidents({"x": 0.4, "y": 0.5, "sources": turned}), squares))
    assert "https://e.org/%E2%80%AEgpj.exe%E2%81%A6" in report.links
    assert "e.org/%E2%80%AEgpj.exe%E2%81%A6" in report.text


@pytest.mark.parametrize(
    "address", ["javascript:x", "data:text/html,x", "file:///etc/passwd", "//e.org", "https://e org"]
)
def test_only_web_addresses_become_links(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, address: str
) -> None:
    incidents = join_regions(make_incidents({"x": 0.4, "y": 0.5, "sources": f"{address}|https://e.org/ok"}), squares)
    assert [link for link in tell(incidents).links if not link.startswith("#")] == ["https://e.org/ok"]
    assert address in tell(incidents).text


def test_the_page_asks_for_nothing_and_runs_nothing(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    incidents = join_regions(make_incidents({"x": 0.4, "y": 0.5}), squares)
    html = build_report(incidents, summarize_incidents(incidents, actors), regions=squares, actors=actors)
    head = html.partition("<head>")[2]
    policy = re.match(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', head)
    assert policy
    style = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    hashes = [b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in style]
    wanted = [
        "default-src 'none'",
        f"style-src 'sha256-{hashes[0]}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert policy[1].split("; ") == wanted
    report = Report(html)
    loaded = [a.get("src") or a["href"] for tag, a in report.tags if tag in ("img", "link")]
    assert all(address.startswith("data:") for address in loaded)
    assert "script" not in {tag for tag, _ in report.tags}
    assert not re.search(r"@import|url\(", style[0])


def keys(words: object, trail: str = "") -> set[str]:
    """Names of all words, plurals taken together."""
    if not isinstance(words, dict) or set(words) <= {"zero", "one", "two", "few", "many", "other"}:
        assert isinstance(words, str) or (isinstance(words, dict) and "other" in words)
        return {trail}
    return {name for key, value in words.items() for name in keys(value, f"{trail}.{key}")}


def test_the_words_of_the_report_are_in_both_languages_and_nowhere_else() -> None:
    words = json.loads(read_template("report.json"))
    assert keys(words["en"]) == keys(words["ar"])
    page = read_template("i18n.js")
    assert not [key for key in words["en"] if re.search(rf"^    {key}:", page, re.MULTILINE)]
    told = {lang: words[lang]["remarks"] | {"fromTo": words[lang]["fromTo"]} for lang in words}
    slots = {lang: {key: set(re.findall(r"\{\w+\}", text)) for key, text in told[lang].items()} for lang in words}
    assert slots["en"] == slots["ar"]
    used = "".join(path.read_text("utf-8") for path in (DATA.parent / "layers").rglob("*.py"))
    assert set(re.findall(r'Remark\("(\w+)"', used)) == set(words["en"]["remarks"])
    assert not [key for key in words["en"] if f'"{key}"' not in used and f"{key}." not in used]


def run(*words: str | Path, env: dict[str, str] | None = None) -> str:
    command = [INCIDENTMAP, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    run("report", "-o", path)
    return path


def test_the_built_in_report_says_what_summary_and_reconciliation_say(built: Path, tmp_path: Path) -> None:
    report = Report(built.read_text(encoding="utf-8"))
    kept = tmp_path / "kept.csv"
    with (DATA / "incidents.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with kept.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[header.index("grading")] != "discounted")])
    sums: dict[str, dict[str, list[int]]] = {
        "adm1_name": defaultdict(lambda: [0, 0, 0, 0]),
        "layer_label": defaultdict(lambda: [0, 0, 0, 0]),
    }
    for row in csv.DictReader(run("summary", kept).splitlines()):
        for column, found in sums.items():
            known = {**row, "killed_max": row["killed_max"] or row["killed_min"]}  # empty where it is open
            for k, name in enumerate(("incidents", "killed_min", "killed_max", "killed_open")):
                found[row[column]][k] += int(known[name] or 0)
    for column, caption in (("adm1_name", "by governorate"), ("layer_label", "set of actors")):
        told = {name: cells for name, cells in report.rows(caption).items() if cells and cells[0].isdigit()}
        told.pop("All incidents, each once")
        expected = {name: [str(n), span(*killed)] for name, (n, *killed) in sums[column].items()}
        expected = {"Country only" if name == "(country only)" else name: cells for name, cells in expected.items()}
        assert {name: cells[:2] for name, cells in told.items()} == expected
    run("reconcile", "-o", tmp_path / "totals.csv")
    with (tmp_path / "totals.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [row for row in csv.DictReader(file) if row["part"] in ("counted", "unexplained")]
    [table] = [rows for caption, rows in report.tables.items() if "published totals compared" in caption]
    told_lines = [row for row in table if row[0] in ("Counted here", "Unexplained")]
    assert len(lines) == len(told_lines) == 30
    for line, cells in zip(lines, told_lines, strict=True):
        low, high = float(line["min"]), line["max"]
        assert cells[1] == (span(low, float(high)) if high else f"{low:,.0f} and more")
        ids = line["incident_ids"].split("|") if line["incident_ids"] else []
        assert cells[2].partition(";")[0].split() == ids or not ids
    kept_ids = {row[0] for row in rows if row[header.index("grading")] != "discounted"}
    assert {link[3:] for link in report.links if link.startswith("#i-")} == kept_ids


def test_the_arabic_report_speaks_arabic(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    run("report", "--language", "ar", "-o", path)
    report = Report(path.read_text(encoding="utf-8"))
    assert ("html", {"lang": "ar", "dir": "rtl"}) in report.tags
    ours = " ".join(text for text, tags in report.texts if not {"bdi", "style", "svg"} & set(tags))
    names = {"incidents", "gpkg", "summary", "xlsx", "claims", "adm1_pcode", "date_start"}
    assert set(re.findall(r"[A-Za-z_]\w{2,}", ours)) <= names
    assert "التحالف الدولي بقيادة الولايات المتحدة" in report.rows("بحسب كل طرف")
    english = [attributes for tag, attributes in report.tags if tag == "bdi" and attributes.get("lang") == "en"]
    assert len(english) == 17  # what 15 totals that are compared count, in the words of their sources, and 2 notes
    numbers = [text for text, tags in report.texts if re.fullmatch(r"[\d,]+–[\d,]+", text)]
    assert len(numbers) > 50
    directions = re.findall(r"<bdi([^>]*)>[\d,]+–[\d,]+</bdi>", path.read_text(encoding="utf-8"))
    assert set(directions) == {' dir="ltr"'}


def test_the_arabic_report_says_in_arabic_why_nothing_is_subtracted(tmp_path: Path) -> None:
    totals, path = tmp_path / "totals.csv", tmp_path / "report.html"
    totals.write_text(
        "total_id,source,published,country,area,period,actor,measure,min\n"
        "a,S,2017-05-01,Syria,East; North,2017-03,russia,civilians,1\n"
        "b,S,2017-03-20,Syria,,2017-03,russia,report_share_percent,1\n",
        encoding="utf-8",
    )
    run("report", "--language", "ar", "--totals", totals, "-o", path)
    told = [
        row[2] for row in Report(path.read_text(encoding="utf-8")).tables["مجموعان منشوران غير قابلين للمقارنة"][1:]
    ]
    assert told == [
        "يخص East; North وحدها، وليست محافظة",
        "يحسب «نسبة التقارير المئوية»، والقائمة لا تحسبها؛ بتاريخ 20 آذار 2017، قبل نهاية المدة",
    ]


def test_the_same_list_in_another_order_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.html"
    run("report", "-o", again, env={"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"})
    assert again.read_bytes() == built.read_bytes()
    pages = []
    for step in (1, -1):
        folder = tmp_path / f"in{step}"
        folder.mkdir()
        for name in ("incidents", "claims", "findings", "coverage"):
            header, *rows = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
            (folder / f"{name}.csv").write_text("".join([header, *rows[::step]]), encoding="utf-8")
        given: list[str | Path] = ["--totals", DATA / "totals.csv"]
        for name in ("claims", "findings", "coverage"):
            given += [f"--{name}", folder / f"{name}.csv"]
        run("report", folder / "incidents.csv", "-o", folder / "r.html", *given, "--title", "x")
        pages.append((folder / "r.html").read_bytes())
    assert pages[0] == pages[1]


def test_a_day_and_a_rule_are_said_above_everything(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    run("report", "--as-of", "2017-04-05", "--credit", "<b>Recorder</b>", "-o", path)
    report = Report(path.read_text(encoding="utf-8"))
    assert "As known on 5 April 2017." in report.text
    assert "<b>Recorder</b>" in report.text
    assert "was published on" in report.text  # a total of a later day
    run("report", "--as-of", "2017-04-05", "--language", "ar", "-o", path)
    report = Report(path.read_text(encoding="utf-8"))
    assert "كما كان معروفاً في 5 نيسان 2017." in report.text
    assert "was published on" not in report.text


LOST = (
    "incident_id,date,place,country,actors,killed_min,killed_max\n"
    "A,2017-03-03,Idlib,Syria,Russia,5,5\n"
    "B,2017-03-20,Raqqa,Syria,Russia,3,7\n"
    "C,2017-05-21,Aleppo,Syria,Russia,3,7\n"
    "D,2017-05-22,Aleppo,Syria,ISIS,3,7\n"
)


@pytest.mark.parametrize(
    ("choice", "told", "gap"),
    [
        ([], "", False),
        (["--since", "2017-03-20"], "Only incidents that began on 20 March 2017 or later.", True),
        (["--until", "2017-05-21"], "Only incidents that began on 21 May 2017 or earlier.", True),
        (
            ["--since", "2017-03-02", "--until", "2017-05-21"],
            "Only incidents that began on 2 March 2017 or later. Only incidents that began on 21 May 2017 or earlier.",
            True,
        ),
        (
            ["--actor", "russia", "--actor", "isis"],
            "Only incidents that name Russia or ISIS, a group's members included.",
            False,
        ),
        (["--quarantine", "aside.csv"], "1 row of the list could not be read and was set aside.", True),
    ],
)
def test_a_report_says_what_was_left_out_and_makes_no_zero_of_it(
    tmp_path: Path, choice: list[str], told: str, *, gap: bool
) -> None:
    (tmp_path / "coverage.csv").write_text(
        "source,country,admin1,actor,from,to,status\nUs,Syria,,,2017-01-01,2017-12-31,covered\n", encoding="utf-8"
    )
    aside = "E,2017-04-03,Hama,Syria,Russia,9,7\n" * ("--quarantine" in choice)
    (tmp_path / "in.csv").write_text(LOST + aside, encoding="utf-8")
    command = [INCIDENTMAP, "report", "in.csv", "--coverage", "coverage.csv", "-o", "r.html", *choice]
    subprocess.run(command, check=False, cwd=tmp_path, capture_output=True)
    report = Report((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert told in report.text
    assert (len([a for tag, a in report.tags if tag == "p" and a.get("class") == "basis"])) == bool(told)
    assert ("the windows below are cut to that" in report.text) == bool(told)
    assert (" with none reported: " in report.text) == (not gap)
    assert report.rows("by month")["April 2017"][:2] == ([NONE, "gap"] if aside else ["0", "0"])


LENT = (
    "incident_id,date,place,admin1,country,actors,killed,related\n"
    "A,2017-02-28,Raqqa,Raqqa,Syria,Russia,10,\n"
    "B,2017-03-01,Aleppo,Aleppo,Syria,Turkey,30,same event:A\n"
    "X,2017-02-10,Homs,Homs,Syria,Turkey,7,\n"
    "D,2017-05-05,Homs,Homs,Syria,Turkey,8,\n"
)


@pytest.mark.parametrize("choice", [("--actor", "turkey"), ("--since", "2017-03-01")])
def test_no_product_makes_a_zero_of_a_record_left_out_with_its_event(tmp_path: Path, choice: tuple[str, str]) -> None:
    (tmp_path / "coverage.csv").write_text(
        "source,country,admin1,actor,from,to,status\nUs,Syria,,,2017-01-01,2017-12-31,covered\n", encoding="utf-8"
    )
    (tmp_path / "in.csv").write_text(LENT, encoding="utf-8")
    command = [INCIDENTMAP, "build", "in.csv", "--coverage", "coverage.csv", "-o", "out", *choice]
    subprocess.run(command, check=True, cwd=tmp_path, capture_output=True)
    report = Report((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert "B is counted with its incident, which is left out here" in report.text
    months = report.rows("by month")
    if choice[0] == "--actor":
        assert months["March 2017"][:2] == [NONE, "gap"]
        assert months["April 2017"][:2] == ["0", "0"], "of which nothing was left out"
    [zeros] = re.findall(r"with none reported: ([^.]*)", report.text)
    assert "Aleppo" not in zeros
    assert "Idlib" in zeros
    regions = pyogrio.read_dataframe(tmp_path / "out" / "incidents.gpkg", layer="regions", read_geometry=False)
    told = regions.set_index("name")["coverage"]
    assert told[["Aleppo", "Idlib"]].tolist() == ["no incident listed: partial", "no incident listed: covered"]


@pytest.mark.parametrize("is_covered", [True, False])
def test_a_month_or_region_whose_records_are_counted_elsewhere_is_no_zero(
    tell: Callable[..., Report],
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
    *,
    is_covered: bool,
) -> None:
    path = tmp_path / "coverage.csv"
    path.write_text("country,from,status\nAA,2017-01-01,covered\nBB,2017-01-01,covered\n", encoding="utf-8")
    coverage = read_coverage(path, actors=actors, regions=squares) if is_covered else None
    rows: list[dict[str, Any]] = [
        {"x": 0.4, "y": 0.5, "killed_min": 20, "killed_max": 30, "date_start": "2017-01-05"},
        {"x": 1.4, "y": 0.5, "killed_min": 6, "related": "part of:i0", "date_start": "2017-02-05"},
        {"x": 2.4, "y": 0.5, "killed_min": 6, "related": "part of:i0", "date_start": "2017-04-05"},
    ]
    report = tell(join_regions(make_incidents(*rows), squares), coverage=coverage)
    told = {name: report.rows(f"by {name}") for name in ("month", "country", "governorate")}
    assert told["month"]["March 2017"][:2] == (["0", "0"] if is_covered else [NONE, "gap"])
    assert [told["month"][f"{name} 2017"][:2] for name in ("February", "April")] == [[NONE, NONE]] * 2
    assert told["country"]["Beland"][:2] == told["governorate"]["Eastland"][:2] == [NONE, NONE]
    assert told["governorate"]["All incidents, each once"][:2] == ["1", "20–30"]
    assert report.text.count("counted with i0 (January 2017)") == 2
    assert report.text.count("counted with i0 (Aland)") == 1
    assert report.text.count("counted with i0 (Westland)") == 2
    assert "none reported" not in report.text.partition("Every incident stands in one region")[2]


def test_months_without_incidents_are_one_row(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    rows = [{"x": 0.4, "y": 0.5, "date_start": day} for day in ("1917-04-20", "2017-04-20")]
    told = tell(join_regions(make_incidents(*rows), squares)).rows("by month")
    assert list(told)[1:-1] == ["April 1917", "May 1917 – March 2017: 1,199 months", "April 2017"]
    assert told["May 1917 – March 2017: 1,199 months"][:2] == [NONE, "gap"]


def test_the_register_says_how_a_place_was_found_and_where_its_governorate_differs(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    where = {"x": 0.4, "y": 0.5, "country": "AA", "precision_km": 2, "place": "Here"}
    rows = [
        {**where, "admin1": "Eastland", "located_by": "stated"},
        {**where, "admin1": "Westland", "located_by": "gazetteer:names:7"},
        {**where, "located_by": "online:photon"},
    ]
    report = tell(join_regions(make_incidents(*rows), squares))
    [register] = [rows for caption, rows in report.tables.items() if caption == "3 records"]
    here, there, asked = (row[2] for row in register[1:])
    assert "Coordinates given by the sources, within 2 km" in here
    assert "The sources say Eastland; the place lies in Westland, 66.8 km from Eastland." in here
    assert "Place name looked up in a gazetteer (names:7), within 2 km" in there
    assert "The sources say" not in there + asked
    assert "Asked of an online service (photon), within 2 km" in asked
    assert "1 record stands in the governorate it lies in, though its sources state another: i0." in report.text


def test_numbers_of_several_actors_and_of_people_lead_to_their_records(
    tell: Callable[..., Report], make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    rows: list[dict[str, Any]] = [
        {"actors": f"{RU}|{US}|unknown", "attribution": "contested", "injured_min": 4},
        {"actors": RU, "killed_min": 1, "killed_max": 1},
        {"actors": RU, "injured_max": 9, "related": "part of:i1"},
    ]
    report = tell(join_regions(make_incidents(*({"x": 0.4, "y": 0.5, **row} for row in rows)), squares))
    assert report.rows("by each actor named")["Counted under several actors"][1] == "2"
    for told in (
        "Counted under several actors  i0",
        "Civilians injured Known in i0 Unknown in i1 (i2)",
        "Civilians killed Known in i1 (i2) Unknown in i0",
    ):
        assert told in report.text
