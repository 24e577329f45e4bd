from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest
import shapely

from geo.check import check_incidents
from geo.decisions import COLUMNS, find_overruled, match_decisions, read_decisions
from geo.errors import InputError
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.readers.canonical import write_incidents
from geo.readers.columns import guard_text
from geo.readers.table import read_incidents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geo.gazetteer import Gazetteer

    Decide = Callable[..., pd.DataFrame]
    Make = Callable[..., gpd.GeoDataFrame]

MADE = {"who": "NN", "when": "2026-11-23", "why": "two maps agree"}
POINT = {"choice": "point", "latitude": "0.25", "longitude": "0.5", "precision": "village"}


@pytest.fixture
def decide(tmp_path: Path, squares: gpd.GeoDataFrame) -> Decide:
    def decide(*rows: dict[str, Any], gazetteers: Sequence[Gazetteer] = ()) -> pd.DataFrame:
        lines = [",".join(COLUMNS), *(",".join(str((MADE | row).get(c, "")) for c in COLUMNS) for row in rows)]
        path = tmp_path / "decisions.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_decisions(path, squares, gazetteers=gazetteers)

    return decide


def test_a_decision_wins_over_everything_and_is_not_silent(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame
) -> None:
    incidents = make_incidents(
        {"place": "Southam", "x": 1.5, "y": 0.5, "located_by": "stated"}, {"place": "Southam"}, {"place": "Other"}
    )
    placed = geocode_incidents(incidents, [], regions=squares, decisions=decide({"place": "Southam", **POINT}))
    assert placed.geometry.iloc[:2].tolist() == [shapely.Point(0.5, 0.25)] * 2
    assert placed["located_by"].iloc[:2].tolist() == ["decision:NN"] * 2
    assert placed["location_note"].iloc[0] == "decided: point (2026-11-23): two maps agree"
    assert (placed["precision"].iloc[0], placed["precision_km"].iloc[0]) == ("village", 2.0)
    assert placed.geometry.iloc[2] is None
    assert placed["located_by"].isna().tolist() == [False, False, True]


def test_a_decision_about_one_incident_goes_before_one_about_its_place(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame
) -> None:
    incidents = make_incidents({"place": "Southam"}, {"place": "Southam"})
    made = decide({"incident_id": "i0", "place": "Southam", "choice": "none"}, {"place": "Southam", **POINT})
    placed = geocode_incidents(incidents, [], regions=squares, decisions=made)
    assert placed.geometry.isna().tolist() == [True, False]
    assert placed["precision"].tolist() == ["none", "village"]


def test_a_region_is_its_own_polygon(make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame) -> None:
    incidents = make_incidents({"place": "Southam"})
    placed = geocode_incidents(
        incidents, [], regions=squares, decisions=decide({"place": "Southam", "choice": "regions:A1"})
    )
    assert placed.geometry.iloc[0].equals(squares.set_index("pcode").geometry["A1"])
    assert placed["precision"].tolist() == ["admin1"]
    assert placed["precision_km"].isna().all()


def test_outdated_decisions_are_reported_and_not_applied(make_incidents: Make, decide: Decide) -> None:
    incidents = make_incidents({"place": "Southam"})
    made = decide(
        {"incident_id": "gone", "place": "Southam", **POINT},
        {"incident_id": "i0", "place": "Northam", **POINT},
        {"place": "Nowhere", **POINT},
    )
    row, [(_, outdated)] = match_decisions(incidents, made)
    assert row.isna().all()
    assert [(p.row, p.column, p.wrong) for p in outdated] == [
        (2, "incident_id", "no such incident in the list"),
        (3, "place", "the incident's place is stated otherwise now"),
        (4, "place", "no incident states this place"),
    ]


def test_a_decision_is_about_the_place_of_one_district(make_incidents: Make, decide: Decide) -> None:
    incidents = make_incidents({"place": "Southam", "admin2": "Upper"}, {"place": "Southam", "admin2": "Lower"})
    made = decide(
        {"place": "Southam", "admin2": "Upper", **POINT},
        {"place": "Southam", **POINT},
        {"incident_id": "i1", "place": "Southam", "admin2": "Upper", **POINT},
    )
    row, [(_, outdated)] = match_decisions(incidents, made)
    assert row.tolist() == [0, pytest.approx(float("nan"), nan_ok=True)]
    assert [(p.row, p.code) for p in outdated] == [(3, "decision-outdated"), (4, "decision-outdated")]


def test_a_file_without_districts_holds_for_every_district(
    make_incidents: Make, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "decisions.csv"
    row = {"place": "Southam", **MADE, **POINT}
    columns = [c for c in COLUMNS if c != "admin2"]
    path.write_text(",".join(columns) + "\n" + ",".join(row.get(c, "") for c in columns) + "\n", encoding="utf-8")
    incidents = make_incidents({"place": "Southam", "admin2": "Upper"}, {"place": "Southam"}, {"place": "Northam"})
    row_of, [(_, outdated)] = match_decisions(incidents, read_decisions(path, squares))
    assert (row_of.fillna(9).tolist(), outdated) == ([0, 0, 9], [])


@pytest.mark.parametrize("text", ["=1+1", "-Nahr", "+x", "@x", "＝x", "'=x", "''-x", "'tis", "a, b", 'the "x"', "a\nb"])
def test_texts_guarded_against_spreadsheets_are_read_as_they_were(
    make_incidents: Make, squares: gpd.GeoDataFrame, tmp_path: Path, text: str
) -> None:
    guarded = guard_text(pa.array([text]))[0].as_py()
    path = tmp_path / "decisions.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow({"place": guarded, **MADE, **POINT, "latitude": "-0.25", "why": guarded})
    made = read_decisions(path, squares)
    assert made[["place", "why", "latitude"]].to_numpy().tolist() == [[text, text, -0.25]]
    placed = geocode_incidents(make_incidents({"place": text}), [], regions=squares, decisions=made)
    assert placed["located_by"].tolist() == ["decision:NN"]


def test_a_file_whose_rows_are_broken_is_refused(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(",".join(COLUMNS) + "\n" + "," * (len(COLUMNS) + 1) + "\n", encoding="utf-8")
    with pytest.raises(InputError):
        read_decisions(path, squares)


def test_every_fault_of_the_file_is_named_at_once(decide: Decide) -> None:
    with pytest.raises(InputError) as caught:
        decide(
            {"place": "a", **POINT, "latitude": "north"},
            {"place": "b", "choice": "regions:XX"},
            {"place": "c", **POINT, "precision": "admin1", "who": ""},
            {"place": "d", **POINT, "choice": ""},
        )
    assert [(p.row, p.code) for p in caught.value.problems] == [
        (2, "decision-point"),
        (3, "decision-region"),
        (4, "decision-precision"),
        (4, "decision-who"),
        (5, "decision-choice"),
    ]


@pytest.mark.parametrize("choice", ["banana", "gazetteer:7", "gazetteer:places:", "online:", "nones", "stated"])
def test_what_is_no_choice_places_nothing(decide: Decide, choice: str) -> None:
    with pytest.raises(InputError) as caught:
        decide({"place": "Southam", **POINT, "choice": choice})
    assert [(p.row, p.column, p.value, p.code) for p in caught.value.problems] == [
        (2, "choice", choice, "decision-choice")
    ]


@pytest.mark.parametrize("choice", ["None", "NONE", "none"])
def test_none_in_any_case_places_nothing(make_incidents: Make, decide: Decide, choice: str) -> None:
    made = decide({"place": "Southam", **POINT, "choice": choice})
    assert geocode_incidents(make_incidents({"place": "Southam"}), [], decisions=made).geometry.isna().all()


def test_a_decision_to_place_nothing_outlasts_stated_coordinates(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame
) -> None:
    stated = make_incidents({"place": "Southam", "latitude": 0.5, "longitude": 1.5})
    decided = geocode_incidents(stated, [], regions=squares, decisions=decide({"place": "Southam", "choice": "none"}))
    again = geocode_incidents(decided, [], regions=squares)
    assert again.geometry.isna().all()
    assert again["location_note"].tolist() == [
        "decided: none (2026-11-23): two maps agree; the list states 0.5, 1.5",
    ]


@pytest.mark.parametrize("choice", ["none", "regions:A1", "regions:AA"])
@pytest.mark.parametrize("stated", [{}, {"latitude": 0.5, "longitude": 1.5}])
def test_coordinates_written_where_no_point_was_decided_are_stated_ones(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame, choice: str, stated: dict[str, float]
) -> None:
    made = decide({"place": "Southam", "choice": choice})
    once = geocode_incidents(make_incidents({"place": "Southam", **stated}), [], regions=squares, decisions=made)
    again = geocode_incidents(once, [], regions=squares)
    pd.testing.assert_frame_equal(again, once)
    written = geocode_incidents(once.assign(latitude=0.25, longitude=0.75), [], regions=squares)
    assert written.geometry.tolist() == [shapely.Point(0.75, 0.25)]
    assert written["location_note"].str.endswith("; moved from where decision:NN had put it").tolist() == [True]
    assert (written["located_by"].tolist(), written["precision"].tolist()) == (["stated"], ["village"])


OVERRULED = {
    "by a point": (", 114.6 km from there", POINT),
    "by an area": (", 55.6 km from there", {"choice": "regions:A1"}),
    "by the area they are in": (", 0.0 km from there", {"choice": "regions:A2"}),
    "by nothing": ("", {"choice": "none"}),
}


@pytest.mark.parametrize("decision", OVERRULED)
def test_stated_coordinates_that_a_decision_overrules_are_told(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame, tmp_path: Path, decision: str
) -> None:
    told, cells = OVERRULED[decision]
    told = f"; the list states 0.5, 1.5{told}"
    stated = {"place": "Southam", "country": "Aland"}
    made = decide({**stated, **cells})
    incidents = make_incidents({**stated, "latitude": 0.5, "longitude": 1.5}, {**stated, "actors": "russia"})
    once = geocode_incidents(incidents, [], regions=squares, decisions=made)
    note = once["location_note"].iloc[1]
    assert once["location_note"].tolist() == [note + told, note]
    [found] = find_overruled(once)
    assert (found.row, found.code) == (2, "decision-overrules")
    assert found.wrong == f"is placed as NN decided, though the list states {told.removeprefix('; the list states ')}"
    write_incidents(once, tmp_path / "located.csv")
    read = read_incidents(tmp_path / "located.csv", regions=squares)
    for again in (
        geocode_incidents(read, [], regions=squares),
        geocode_incidents(read, [], regions=squares, decisions=made),
    ):
        assert again["location_note"].tolist() == once["location_note"].tolist()
        assert again["located_by"].tolist() == ["decision:NN"] * 2
        assert again.geometry.geom_equals(once.geometry).where(once.geometry.notna(), other=again.geometry.isna()).all()


@pytest.mark.parametrize("longitude", [1.1, 1.15, 1.1512345, 1.15123456])
def test_coordinates_that_only_begin_like_the_overruled_ones_are_stated(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame, longitude: float
) -> None:
    made = decide({"place": "Southam", "choice": "regions:A2"})
    stated = make_incidents({"place": "Southam", "latitude": 0.2123456, "longitude": 1.1512346})
    once = geocode_incidents(stated, [], regions=squares, decisions=made)
    assert once["location_note"].str.endswith("; the list states 0.2123456, 1.1512346, 0.0 km from there").all()
    written = geocode_incidents(once.assign(longitude=longitude), [], regions=squares)
    kept = longitude == 1.15123456  # a list keeps seven decimals
    assert written["located_by"].tolist() == ["decision:NN" if kept else "stated"]


def test_stated_coordinates_are_told_by_the_next_decision_too(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    placed = make_incidents({"place": "Southam", "country": "Aland", "latitude": 0.5, "longitude": 1.5})
    next_to_it = {"latitude": "0.5", "longitude": "1.4"}
    for cells, told in (
        (POINT, "; the list states 0.5, 1.5, 114.6 km from there"),
        (POINT | next_to_it, "; the list states 0.5, 1.5, 11.1 km from there"),
        ({"choice": "regions:A1"}, "; the list states 0.5, 1.5, 55.6 km from there"),
        ({"choice": "none"}, "; the list states 0.5, 1.5"),
        (POINT | {"latitude": "0.5", "longitude": "1.5"}, ""),
    ):
        made = decide({"place": "Southam", "country": "Aland", **cells})
        located = geocode_incidents(placed, [], regions=squares, decisions=made)
        choice = cells["choice"]
        assert located["location_note"].tolist() == [f"decided: {choice} (2026-11-23): two maps agree{told}"]
        write_incidents(located, tmp_path / "located.csv")
        placed = read_incidents(tmp_path / "located.csv", regions=squares)


def test_a_decided_incident_without_a_note_is_decided_anew(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame
) -> None:
    bare = make_incidents(
        {"place": "Southam", "latitude": 0.5, "longitude": 0.5, "precision": "village", "located_by": "decision:OO"}
    )
    placed = geocode_incidents(bare, [], regions=squares, decisions=decide({"place": "Southam", **POINT}))
    assert placed["location_note"].tolist() == ["decided: point (2026-11-23): two maps agree"]


@pytest.mark.parametrize("why", ["see x; the list states nothing", "a; the list states 1.2.3 4", "; the list states "])
def test_a_persons_words_about_the_list_are_not_those_of_the_program(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame, why: str
) -> None:
    made = decide({"place": "Southam", **POINT, "why": why})
    placed = geocode_incidents(make_incidents({"place": "Southam"}), [], regions=squares, decisions=made)
    assert not find_overruled(placed)
    written = pd.DataFrame(placed.drop(columns="geometry")).assign(latitude=0.25, longitude=0.5)
    again = geocode_incidents(written, [], regions=squares, decisions=made)
    assert again["location_note"].tolist() == placed["location_note"].tolist()


def test_a_listed_place_that_was_decided_and_moved_by_hand_is_stated(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    places = tmp_path / "places.csv"
    places.write_text("id,place,lat,lon,country\n7,Southam,0.25,0.5,Aland\n", encoding="utf-8")
    gazetteer = read_gazetteer(places, regions=squares)
    made = decide({"place": "Southam", **POINT, "choice": "gazetteer:places:7"}, gazetteers=[gazetteer])
    placed = geocode_incidents(make_incidents({"place": "Southam"}), gazetteer, regions=squares, decisions=made)
    [note] = placed["location_note"]
    moved = "precision not stated, taken as village; moved from where decision:NN had put it"
    for longitude, by, told in (
        (0.5, "decision:NN", note),
        (0.5112, "decision:NN", note),  # 1.2 km: a village's 2 km reach the place listed
        (0.6112, "stated", moved),
    ):
        written = placed.assign(latitude=0.25, longitude=longitude)
        again = geocode_incidents(written, gazetteer, regions=squares)
        assert (again["located_by"].tolist(), again["location_note"].tolist()) == ([by], [told])
        assert again.geometry.tolist() == [shapely.Point(longitude, 0.25)]
    elsewhere = geocode_incidents(written, [], regions=squares)  # where nobody can tell
    assert elsewhere["located_by"].tolist() == ["decision:NN"]
    decided = geocode_incidents(written, gazetteer, regions=squares, decisions=made)
    assert decided["location_note"].tolist() == [f"{note}; the list states 0.25, 0.6112, 12.4 km from there"]


def test_an_area_that_was_decided_is_kept_when_the_list_is_located_again(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame
) -> None:
    made = decide({"place": "Southam", "choice": "regions:A1"})
    decided = geocode_incidents(make_incidents({"place": "Southam"}), [], regions=squares, decisions=made)
    again = geocode_incidents(decided, [], regions=squares)
    assert again.geometry.iloc[0].equals(squares.set_index("pcode").geometry["A1"])
    assert again.drop(columns="geometry").equals(decided.drop(columns="geometry"))


def test_an_area_that_was_decided_and_is_no_region_here_is_refused(
    make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame
) -> None:
    made = decide({"place": "Southam", "choice": "regions:A1"})
    decided = geocode_incidents(make_incidents({"place": "Southam"}), [], regions=squares, decisions=made)
    found = check_incidents(decided, squares[squares["pcode"] != "A1"])
    assert [(p.row, p.column, p.code, p.severity) for p in found] == [(2, "location_note", "decision-region", "error")]
    assert not check_incidents(decided, squares)


def test_decisions_that_contradict_each_other_are_refused(decide: Decide) -> None:
    with pytest.raises(InputError) as caught:
        decide(
            {"place": "a", **POINT},
            {"place": "a", **POINT, "latitude": "0.5", "who": "OO"},
            {"incident_id": "i0", "place": "a", "choice": "none"},
            {"incident_id": "i0", "place": "a", "choice": "regions:A1"},
        )
    assert [(p.row, p.column, p.value, p.wrong) for p in caught.value.problems] == [
        (
            *(3, "choice", "point"),
            "at 0.5, 0.5 (village) contradicts row 2, where NN decided 'point' at 0.25, 0.5 (village)",
        ),
        (5, "choice", "regions:A1", "contradicts row 4, where NN decided 'none'"),
    ]


def test_decisions_of_several_files_hold_together_or_are_refused(
    make_incidents: Make, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    def write(name: str, **row: str) -> Path:
        line = ",".join((MADE | row).get(c, "") for c in COLUMNS)
        (tmp_path / name).write_text(",".join(COLUMNS) + f"\n{line}\n", encoding="utf-8")
        return tmp_path / name

    first, second = write("anna.csv", place="Southam", **POINT), write("bob.csv", place="Northam", choice="none")
    made = read_decisions([first, second], squares)
    placed = geocode_incidents(make_incidents({"place": "Southam"}, {"place": "Northam"}), [], decisions=made)
    assert placed["location_note"].str[:14].tolist() == ["decided: point", "decided: none "]
    assert match_decisions(make_incidents({"place": "Southam"}), made)[1][0] == (first, [])
    third = write("cleo.csv", place="Southam", choice="none")
    with pytest.raises(InputError) as caught:
        read_decisions([first, second, third], squares)
    assert caught.value.path == third
    [problem] = caught.value.problems
    assert problem.wrong == "contradicts row 2 of anna.csv, where NN decided 'point' at 0.25, 0.5 (village)"


def test_days_are_read_as_a_spreadsheet_saves_them(decide: Decide, squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = [{"place": name, "choice": "none"} for name in "ab"]
    made = decide(*(row | {"when": when} for row, when in zip(rows, ["28/10/2026", "03/04/2026"], strict=True)))
    assert made["when"].tolist() == ["2026-10-28", "2026-04-03"]
    with pytest.raises(InputError):
        decide({**rows[0], "when": "03/04/2026"})
    read = read_decisions(tmp_path / "decisions.csv", squares, date_order="mdy")
    assert read["when"].tolist() == ["2026-03-04"]


def test_decisions_that_agree_are_taken_once(make_incidents: Make, decide: Decide, squares: gpd.GeoDataFrame) -> None:
    made = decide(
        {"place": "a", **POINT},
        {"place": "a", **POINT, "latitude": "0.250", "who": "OO"},
        {"incident_id": "i1", "place": "a", "choice": "none"},
        {"incident_id": "i1", "place": "moved", **POINT},
    )
    placed = geocode_incidents(make_incidents(*[{"place": "a"}] * 2), [], regions=squares, decisions=made)
    assert placed["located_by"].tolist() == ["decision:OO", "decision:NN"]
    assert placed.geometry.isna().tolist() == [False, True]


ELSEWHERE = {
    "on the null island": (
        {**POINT, "country": "Beland"} | dict.fromkeys(("latitude", "longitude"), "0"),
        "latitude",
        "null-island",
    ),
    "in another country": ({**POINT, "longitude": "2.5"}, "latitude", "outside-country"),
    "of a gazetteer that is not there, in another country": (
        {**POINT, "longitude": "2.5", "choice": "gazetteer:places:7"},
        "latitude",
        "outside-country",
    ),
    "turned round": ({**POINT, "latitude": "1.5", "longitude": "0.5"}, "latitude", "swapped-coordinates"),
    "in a unit of another country": ({"choice": "regions:B1"}, "choice", "outside-country"),
    "on no day": ({**POINT, "when": "soon"}, "when", "date-unreadable"),
    "without a day": ({**POINT, "when": ""}, "when", "no-date"),
    "on either of two days": ({**POINT, "when": "03/04/2026"}, "when", "date-order"),
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_decisions_that_cannot_be_are_refused(decide: Decide, case: str) -> None:
    row, column, code = ELSEWHERE[case]
    with pytest.raises(InputError) as caught:
        decide({"place": "Southam", "country": "Aland", **POINT}, {"place": "Northam", "country": "Aland"} | row)
    assert [(p.row, p.column, p.code) for p in caught.value.problems] == [(3, column, code)]


@pytest.mark.parametrize(
    "row",
    [{"longitude": "2.03"}, {"longitude": "2.5", "country": ""}],
    ids=["within the tolerance", "no country stated"],
)
def test_points_near_the_country_or_of_none_are_taken(decide: Decide, row: dict[str, str]) -> None:
    made = decide({"place": "Southam", "country": "Aland", **POINT} | row)
    assert made["longitude"].tolist() == [float(row["longitude"])]


@pytest.fixture
def islands(squares: gpd.GeoDataFrame, tmp_path: Path) -> Gazetteer:
    """A gazetteer with a place of Aland that lies 22 km outside its outlines."""
    path = tmp_path / "islands.csv"
    path.write_text("id,place,country,lat,lon\n7,Southam,AA,0.5,2.2\n", encoding="utf-8")
    return read_gazetteer(path, regions=squares)


def test_a_place_is_where_its_gazetteer_has_it(decide: Decide, islands: Gazetteer) -> None:
    island = {"place": "Southam", "country": "Aland", **POINT, "choice": "gazetteer:islands:7"}
    off = {**island, "latitude": "0.5", "longitude": "2.2"}
    assert decide(off, gazetteers=[islands])["longitude"].tolist() == [2.2]
    with pytest.raises(InputError) as caught:
        decide(off)
    assert [p.code for p in caught.value.problems] == ["outside-country"]
    with pytest.raises(InputError) as caught:
        decide({**off, "longitude": "1.9"}, {**POINT, "choice": "gazetteer:islands:8"}, gazetteers=[islands])
    assert [(p.row, p.column, p.wrong) for p in caught.value.problems] == [
        (2, "latitude", "is 33.4 km from gazetteer:islands:7"),
        (3, "choice", "is no place of that gazetteer"),
    ]
