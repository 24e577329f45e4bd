from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from geo.decisions import COLUMNS, read_decisions
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.toponyms.notes import BESIDE
from layers.assets import TEMPLATES
from layers.doubtful import is_doubtful
from layers.page.shell import fixed_hashes, hash_sources
from layers.review import REVIEW, write_review

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    Make = Callable[..., gpd.GeoDataFrame]
    Write = Callable[..., dict[str, Any]]

POINT = {"x": 0.5, "y": 0.5, "location_confidence": 0.9}
CASES = {
    "placed surely": ({"place": "Southam", **POINT}, False),
    "placed by its coordinates": ({"place": "Southam", "x": 0.5, "y": 0.5}, False),
    "placed by an online service": ({"place": "Southam", "x": 0.5, "y": 0.5, "located_by": "online:photon"}, True),
    "placed doubtfully": ({"place": "Southam", **POINT, "location_confidence": 0.69}, True),
    "placed outside the governorate stated": (
        {"place": "Southam", **POINT, "location_note": "“Southam”: Southam; 20 km outside Westland, which is stated"},
        True,
    ),
    "placed though the text is not sure": (
        {"place": "Southam?", **POINT, "location_note": "“Southam?”: Southam; the text is not sure of it"},
        True,
    ),
    "placed at the one known of two places": (
        {"place": "Southam and Xq", **POINT, "location_note": f"“Southam and Xq”: Southam{BESIDE}"},
        True,
    ),
    "not placed": ({"place": "Southam"}, True),
    "not placed, in another script": ({"place_local": "ساوثم"}, True),
    "not placed, governorate unknown": ({"admin1": "Westlnd"}, True),
    "known to a country, all that is stated": ({"country": "Aland", "precision": "country"}, False),
    "known to a country, though a place is stated": ({"place": "Southam", "precision": "country"}, True),
    "the place stated is a country": (
        {"place": "Aland", "precision": "country", "location_confidence": 1.0},
        False,
    ),
    "nothing stated": ({}, False),
    "left unplaced by a person": ({"place": "Southam", "located_by": "decision:NN"}, False),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_person_should_look_at(make_incidents: Make, case: str) -> None:
    row, doubtful = CASES[case]
    assert is_doubtful(make_incidents(row)).tolist() == [doubtful]


@pytest.fixture
def write(make_incidents: Make, squares: gpd.GeoDataFrame, tmp_path: Path) -> Write:
    """Return a function that writes the page of rows and returns what its script is given."""
    listed = tmp_path / "places.csv"
    places = ["id,place,place_local,lat,lon", "2,Southam,ساوثم,0.25,0.5", "3,Southam,,0.75,1.5", "4,Southam,,0.752,1.5"]
    listed.write_text("\n".join([*places, "5,Far Field,,0.1,2.9", ""]), encoding="utf-8")

    def write(*rows: dict[str, Any], regions: gpd.GeoDataFrame = squares) -> dict[str, Any]:
        path = tmp_path / "review.html"
        incidents = make_incidents(*rows)
        gazetteers = [read_gazetteer(listed, regions=regions)]
        count = write_review(incidents, path, gazetteers=gazetteers, regions=regions, title="Places")
        found = re.search(r'id="incidents-config">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
        assert found
        config: dict[str, Any] = json.loads(found[1])
        assert len(config["places"]) + config["more"] == count
        return config

    return write


def test_candidates_carry_all_that_a_decision_needs(write: Write) -> None:
    (place,) = write({"place": "Southam", "admin1": "Westland", "country": "Aland"})["places"]
    first, second = place["candidates"]
    assert (first["choice"], first["lat"], first["lon"], first["precision"]) == (
        "gazetteer:places:2",
        0.25,
        0.5,
        "village",
    )
    assert (first["name"], first["local"], first["admin1"], first["country"]) == (
        "Southam",
        "ساوثم",
        "Westland",
        "AA",
    )
    assert first["reason"] == "same name, in the governorate stated"
    assert second["reason"] == "same name, 56 km outside the governorate stated"
    assert first["score"] > second["score"] > 0
    assert (place["iso"], place["within"]) == ("AA", "A1")


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.25), (1.5, 0.75)])
def test_candidates_among_the_lists_other_places_come_first(write: Write, x: float, y: float) -> None:
    sure = [{**POINT, "x": x + 0.07 * (k % 5), "y": y + 0.07 * (k // 5)} for k in range(1, 20)]
    (place,) = write({"place": "Southam"}, *sure)["places"]
    first, second, *_ = place["candidates"]
    assert (first["lat"], first["lon"]) == (y, x)
    assert first["score"] > second["score"]


def test_units_a_person_may_choose_are_those_of_the_country(write: Write) -> None:
    countries = write({"place": "Southam", "country": "Aland"})["countries"]
    codes = {iso: [unit["code"] for unit in country["units"]] for iso, country in countries.items()}
    assert codes == {"AA": ["AA", "A2", "A21", "A1", "A12", "A11"]}
    assert len(countries["AA"]["outlines"]) == 6


def test_the_country_stated_is_known_whatever_code_its_boundaries_have(write: Write, coded: gpd.GeoDataFrame) -> None:
    page = write({"place": "Southam", "admin1": "Westland", "country": "Aland"}, regions=coded)
    [place] = page["places"]
    assert (place["iso"], place["within"]) == ("AA", "A1")
    assert [unit["code"] for unit in page["countries"]["AA"]["units"]] == ["ALA", "A2", "A21", "A1", "A12", "A11"]


def test_without_a_country_every_country_may_be_chosen(write: Write) -> None:
    countries = write({"place": "Zzyzx"})["countries"]
    assert {iso: [unit["code"] for unit in country["units"]] for iso, country in countries.items()} == {
        "AA": ["AA"],
        "BB": ["BB"],
    }


def test_the_present_location_is_a_candidate_once(write: Write) -> None:
    stated = {"place": "Southam", "country": "Aland", "location_confidence": 0.5}
    (place,) = write({**stated, "x": 0.5, "y": 0.25, "located_by": "gazetteer:places:2"})["places"]
    assert [one["now"] for one in place["candidates"]] == [True, False]
    (place,) = write({**stated, "x": 0.9, "y": 0.25, "located_by": "gazetteer:places:2"})["places"]
    *_, now = place["candidates"]
    assert (now["now"], now["lon"], now["choice"]) == (True, 0.9, "point"), "the gazetteer has the place elsewhere"


def test_an_area_it_is_placed_at_now_is_a_candidate_without_coordinates(
    write: Write, squares: gpd.GeoDataFrame
) -> None:
    area = {"geometry": squares.set_index("pcode").geometry["A2"], "precision": "admin1", "located_by": "regions:A2"}
    (place,) = write({"place": "Quiddle", "country": "Aland", "location_confidence": 0.5, **area})["places"]
    (now,) = (one for one in place["candidates"] if one["now"])
    assert (now["choice"], now["name"], now["lat"], now["lon"]) == ("regions:A2", "Eastland", None, None)


def test_a_place_that_is_placed_well_elsewhere_is_decided_by_incident(write: Write) -> None:
    rows = [{"place": "Southam"}, {"place": "Southam", **POINT}, {"place": "Southam"}, {"place": "Other"}]
    southam, other = write(*rows)["places"]
    assert (southam["ids"], southam["n"]) == (["i0", "i2"], 2)
    assert other["ids"] == []


def test_the_same_place_counts_once_and_most_come_first(write: Write) -> None:
    rows = [
        {"place": "B", "killed_min": 1, "killed_max": 1},
        {"place": "A ", "killed_min": 3, "killed_max": 90},
        {"place": "A", "killed_min": 2},
        {"place": "A", "admin1": "Westland"},
        {"place": "C", "killed_min": 5, "killed_max": 7},
    ]
    places = write(*rows)["places"]
    assert [(p["place"], p["admin1"], p["n"], *p["killed"].values()) for p in places] == [
        ("A", "", 2, 5, 92, 1, 0),
        ("C", "", 1, 5, 7, 0, 0),
        ("B", "", 1, 1, 1, 0, 0),
        ("A", "Westland", 1, None, None, 0, 1),
    ]


def test_a_place_of_two_districts_is_two_places(write: Write) -> None:
    rows = [{"place": "A", "admin1": "Westland", "admin2": district} for district in ("Upper", "Lower", "Upper")]
    assert [(p["admin2"], p["n"], p["ids"]) for p in write(*rows)["places"]] == [("Upper", 2, []), ("Lower", 1, [])]


def test_a_list_without_doubts_has_nothing_to_decide(write: Write) -> None:
    assert write({"place": "Southam", **POINT})["places"] == []


def test_a_name_that_nobody_lists_has_no_candidate(write: Write) -> None:
    assert [place["candidates"] for place in write({"place": "Zzyzx"})["places"]] == [[]]


def test_a_whole_that_the_text_names_is_a_candidate_too(write: Write) -> None:
    (place,) = write({"place": "Zzyzx quarter, Far Field"})["places"]
    assert [(one["name"], one["score"]) for one in place["candidates"]] == [("Far Field", None)]


def test_a_page_holds_no_more_places_than_people_get_through(write: Write) -> None:
    config = write(*({"place": f"Place {k}"} for k in range(1003)))
    assert (len(config["places"]), config["more"]) == (1000, 3)


def test_records_of_one_event_are_counted_once_at_each_of_their_places(write: Write) -> None:
    rows = [
        {"place": "Nowhere", "killed_min": 10, "killed_max": 10, "related": "same event:i1"},
        {"place": "Elsewhere", "killed_min": 20, "killed_max": 20},
        {"place": "Southam", **POINT, "killed_min": 5, "killed_max": 5},
        {"place": "Anywhere", "killed_min": 5, "killed_max": 5, "related": "same event:i2"},
        {"place": "Anywhere", "killed_min": 7, "killed_max": 7, "related": "same event:i2"},
        {"place": "Anywhere", "killed_min": 1, "killed_max": 1, "related": "part of:i1"},
    ]
    told = {
        place["place"]: (place["n"], place["killed"]["low"], place["killed"]["high"])
        for place in write(*rows)["places"]
    }
    assert told == {"Nowhere": (1, 10, 10), "Elsewhere": (1, 20, 20), "Anywhere": (2, 6, 8)}


def test_the_hashes_and_the_bytes_are_fixed(write: Write, tmp_path: Path) -> None:
    rows = [{"place": "Southam", "country": "Aland"}, {"place": "{{7*7}}</script>"}]
    write(*rows)
    before = (tmp_path / "review.html").read_bytes()
    write(*rows)
    html = (tmp_path / "review.html").read_text("utf-8")
    assert html.encode() == before
    found = hash_sources(re.sub(r"<script type=.*?</script>", "", html, flags=re.DOTALL), REVIEW)
    assert found == fixed_hashes(REVIEW), f"templates/{REVIEW.hashes} should hold {json.dumps(found)}"
    assert not re.search(r"<script[^>]* src=|<link[^>]* href=\"(?!data:)|@import|<iframe|<img", html)
    assert "unsafe" not in html.partition("</head>")[0].partition("<script")[0]


def test_modules_share_one_scope_and_import_what_stands_before_them() -> None:
    exported: set[str] = set()
    for name in REVIEW.modules:
        text = (TEMPLATES / name).read_text("utf-8")
        imports = re.findall(r'^import \{(.*?)\} from "\./.*?";', text, re.MULTILINE | re.DOTALL)
        wanted = {part.strip() for names in imports for part in names.split(",")} - {"", "$"}
        assert wanted <= exported, f"{name} imports {wanted - exported}"
        assert set(re.findall(r'^import .*? from "\./(.*?)";', text, re.MULTILINE | re.DOTALL)) <= set(REVIEW.modules)
        exported |= set(re.findall(r"^export (?:async )?(?:function|const|let|class) (\S+?)\b", text, re.MULTILINE))
    sources = "\n".join((TEMPLATES / name).read_text("utf-8") for name in REVIEW.modules)
    names = re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", sources, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


def test_no_text_reaches_a_template(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    import jinja2  # noqa: PLC0415 - only what compiles its templates is of interest

    compiled: list[str] = []
    compile_ = jinja2.Environment.compile

    def record(self: jinja2.Environment, source: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as jinja has it
        compiled.append(str(source))
        return compile_(self, source, *args, **kwargs)

    monkeypatch.setattr(jinja2.Environment, "compile", record)
    texts = ("place", "place_local", "admin1", "country", "location_note", "description", "incident_id", "sources")
    config = write({name: f"canary {{{{7*7}}}} {name}" for name in texts})
    assert config["places"][0]["place"] == "canary {{7*7}} place"
    assert compiled
    assert not [source for source in compiled if "canary" in source]


def test_a_candidate_chosen_by_hand_places_the_incident(
    write: Write, make_incidents: Make, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    row = {"place": "Southam", "country": "Aland"}
    one = write(row)["places"][0]["candidates"][1]
    cells = row | {"choice": one["choice"], "latitude": one["lat"], "longitude": one["lon"]}
    cells |= {"precision": one["precision"], "who": "NN", "when": "2026-11-23"}
    path = tmp_path / "decisions.csv"
    path.write_text(
        ",".join(COLUMNS) + "\n" + ",".join(str(cells.get(c, "")) for c in COLUMNS) + "\n", encoding="utf-8"
    )
    decisions = read_decisions(path, squares)
    placed = geocode_incidents(make_incidents(row), [], regions=squares, decisions=decisions)
    assert (placed.geometry.iloc[0].x, placed.geometry.iloc[0].y) == (one["lon"], one["lat"])
