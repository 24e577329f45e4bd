"""Publishers' tables, hand-written in their layouts; the real files are read where they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geo.errors import InputError
from geo.quarantine import set_aside, write_quarantine
from geo.readers.table import judge_incidents, read_incidents

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.errors import Problem

EVAL = next((e for up in Path(__file__).parents if (e := up / "shared" / "eval" / "import").exists()), Path("absent"))
needs_eval = pytest.mark.skipif(not EVAL.exists(), reason="the publishers' own files are not at ../shared/eval")

AIRWARS_HEADER = (
    "code,airwars_id,url,country_ar,date,date_type,date_end,location_en,location_ar,region_en,governorate_en,lat,lon,"
    "geo_accuracy,belligerent,strike_type,strike_status,grading,civ_killed_min,civ_killed_max,children_killed_min,"
    "children_killed_max,mil_killed_min,mil_killed_max,pg_country"
)
UCDP_HEADER = (
    "id,type_of_violence,dyad_name,side_a,side_b,source_article,where_prec,where_coordinates,adm_1,adm_2,latitude,"
    "longitude,country,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,low,best,high"
)


def airwars(**cells: Any) -> str:  # noqa: ANN401 - any cell
    usual = {"code": "X1", "airwars_id": 1, "date": "2017-03-17", "location_en": "Town", "pg_country": "Aland"}
    return line(AIRWARS_HEADER, usual | cells)


def ucdp(**cells: Any) -> str:  # noqa: ANN401 - any cell
    usual = {
        **dict.fromkeys(("id", "type_of_violence", "where_prec", "date_prec"), 1),
        **dict.fromkeys(("latitude", "longitude"), 0.4),
        **dict.fromkeys(("date_start", "date_end"), "2017-03-17"),
        "side_a": "Government of Syria",
        "side_b": "IS",
        "dyad_name": "A - B",
        "where_coordinates": "Old town",
        "country": "Aland",
        **dict.fromkeys(("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high"), 0),
    }
    return line(UCDP_HEADER, usual | cells)


def line(header: str, cells: dict[str, Any]) -> str:
    unknown = set(cells) - set(header.split(","))
    assert not unknown
    return ",".join(f'"{cells[name]}"' if name in cells else "" for name in header.split(","))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def judge(squares: gpd.GeoDataFrame, *lines: str) -> tuple[pd.DataFrame, list[Problem]]:
    Path("list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    incidents, problems = judge_incidents("list.csv", regions=squares)
    return incidents, [p for p in problems if p.severity != "note"]


def codes(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.code) for p in problems]


def values(column: pd.Series) -> list[Any]:
    return [None if pd.isna(value) else value for value in column]


def test_an_unknown_toll_is_missing_and_a_stated_zero_is_none(squares: gpd.GeoDataFrame) -> None:
    rows = [
        airwars(code="A"),
        airwars(code="B", civ_killed_min=0, civ_killed_max=0),
        airwars(code="C", civ_killed_min=3),
    ]
    incidents, problems = judge(squares, AIRWARS_HEADER, *rows)
    assert values(incidents["killed_min"]) == [None, 0, 3]
    assert values(incidents["killed_max"]) == [None, 0, None]
    assert problems == []


def test_several_belligerents_are_several_actors(squares: gpd.GeoDataFrame) -> None:
    both = "Russian Military, U.S.-led Coalition"
    rows = [
        airwars(code="A", belligerent="Russian Military", grading="Contested"),
        airwars(code="B", belligerent=both, grading="Fair"),
        airwars(code="C", belligerent=both, grading="Contested"),
        airwars(code="D", belligerent=both, grading="Weak", strike_status="Contested strike"),
        airwars(code="E"),
    ]
    incidents, problems = judge(squares, AIRWARS_HEADER, *rows)
    two = "russia|us-led-coalition"
    assert values(incidents["actors"]) == ["russia", two, two, two, "unknown"]
    assert values(incidents["attribution"]) == ["sole", "shared", "contested", "contested", "unknown"]
    assert problems == []


def test_codes_places_and_dates_of_airwars(squares: gpd.GeoDataFrame) -> None:
    rows = [
        airwars(code="CS1 RS2", location_ar="البلدة\u200e", geo_accuracy="neighbourhood_area", lat=0.2, lon=0.3),
        airwars(code="CS3", airwars_id=31, date="2017-03-17", date_end="2017-03-18", geo_accuracy="subdistrict"),
        airwars(code="CS3", airwars_id=32, grading="Contested, Discounted", geo_accuracy="somewhere"),
        airwars(code="CS4", date_type="date_range"),
    ]
    incidents, problems = judge(squares, AIRWARS_HEADER, *rows)
    assert values(incidents["incident_id"]) == ["CS1 RS2", "CS3 (31)", "CS3 (32)", "CS4"]
    assert incidents["place_local"].iloc[0] == "البلدة"
    assert values(incidents["location_precision"]) == ["neighbourhood", "admin3", None, None]
    assert values(incidents["date_precision"]) == ["day", "range", "day", "day"]
    assert values(incidents["grading"]) == [None, None, None, None]
    assert codes(problems) == [
        (3, "code", "code-twice"),
        (4, "code", "code-twice"),
        (4, "geo_accuracy", "accuracy-unknown"),
        (4, "grading", "grading-twice"),
        (5, "date_end", "range-open"),
    ]


def test_impossible_cells_of_airwars_are_named_as_the_file_names_them(squares: gpd.GeoDataFrame) -> None:
    rows = [
        airwars(code="A", lat=0.3, lon="4239.00416"),
        airwars(code="B", date="1970-01-01"),
        airwars(code="C", date=""),
        airwars(code="D", civ_killed_min=4, civ_killed_max=3),
        airwars(code="E", civ_killed_min=2, civ_killed_max=5, children_killed_min=3, children_killed_max=3),
    ]
    problems = judge(squares, AIRWARS_HEADER, *rows)[1]
    errors = [p for p in problems if p.severity == "error"]
    assert [(p.row, p.column) for p in errors] == [(2, "lon"), (3, "date"), (4, "date"), (5, "civ_killed_min")]
    assert [p.code for p in problems if p.row == 6] == ["parts-above-minimum"]


def test_all_deaths_are_never_civilians_killed(squares: gpd.GeoDataFrame) -> None:
    rows = [
        ucdp(id=1, deaths_civilians=7, deaths_b=13, low=18, best=20, high=23),
        ucdp(id=2, deaths_civilians=5, deaths_unknown=2, low=7, best=7, high=9),
        ucdp(id=3, deaths_unknown=4, low=4, best=4, high=4),
        ucdp(id=4, best=0, high=3),
        ucdp(id=5, deaths_a=2, low=2, best=2, high=2),
    ]
    incidents, problems = judge(squares, UCDP_HEADER, *rows)
    assert values(incidents["killed_min"]) == [7, 5, None, None, 0]
    assert values(incidents["killed_max"]) == [7, None, None, None, 0]
    assert values(incidents["combatants_min"]) == [13, None, None, None, 2]
    assert values(incidents["combatants_max"]) == [13, None, None, None, 2]
    assert incidents["description"].iloc[0].startswith("All deaths: 20 (low 18, high 23); civilians 7")
    assert problems == []


def test_sides_of_a_battle_are_both_named_and_of_one_sided_violence_the_first(squares: gpd.GeoDataFrame) -> None:
    rows = [
        ucdp(id=1),
        ucdp(id=2, type_of_violence=3, side_a="IS", side_b="Civilians"),
        ucdp(id=3, type_of_violence=2, side_a="Ahrar al-Sham, HTS", side_b="SDF"),
    ]
    incidents, problems = judge(squares, UCDP_HEADER, *rows)
    assert values(incidents["actors"]) == ["syrian-government|isis", "isis", "Ahrar al-Sham|hts|sdf"]
    assert values(incidents["attribution"]) == ["shared", "sole", "shared"]
    assert problems == []


def test_made_up_centroids_are_areas_and_a_year_is_longer(squares: gpd.GeoDataFrame) -> None:
    rows = [ucdp(id=n, where_prec=n) for n in (1, 2, 3, 4, 5, 6)]
    rows.append(ucdp(id=7, where_prec=7, latitude=-40, longitude=0))
    rows.append(ucdp(id=8, date_prec=5, date_start="2014-01-01 00:00:00.000", date_end="2014-12-31 00:00:00.000"))
    incidents, problems = judge(squares, UCDP_HEADER, *rows)
    assert values(incidents["location_precision"])[:7] == [
        "town",
        "city",
        "admin2",
        "admin1",
        "admin1",
        "country",
        "none",
    ]
    assert values(incidents["precision_km"])[:3] == [None, 25, None]
    assert values(incidents["latitude"])[6:] == [None, 0.4]
    assert values(incidents["date_precision"]) == ["day"] * 7 + ["longer"]
    assert [p.code for p in problems] == ["date-longer"]


def test_estimates_out_of_order_are_kept_as_findings(squares: gpd.GeoDataFrame) -> None:
    rows = [ucdp(id=1, deaths_a=1, low=4, best=1, high=4), ucdp(id=2, deaths_a=6, low=1, best=6, high=5)]
    incidents, problems = judge(squares, UCDP_HEADER, *rows)
    assert values(incidents["combatants_max"]) == [1, 6]
    assert [(p.code, p.severity) for p in problems] == [("low-above-best", "finding"), ("best-above-high", "finding")]


def test_a_row_of_hxl_tags_is_no_incident(squares: gpd.GeoDataFrame) -> None:
    tags = line(UCDP_HEADER, {"date_start": "#date+start", "adm_1": "#adm1+name", "latitude": "#geo+lat"})
    incidents, problems = judge(squares, UCDP_HEADER, tags, ucdp())
    assert (values(incidents["incident_id"]), list(incidents.index), problems) == (["1"], [3], [])


def test_shifted_values_are_refused_and_never_read(squares: gpd.GeoDataFrame) -> None:
    longer = [f"{ucdp(id=n)}," for n in (1, 2, 3)]
    with pytest.raises(InputError, match="24 cells where the header has 23, as has each of the 3 rows"):
        judge(squares, UCDP_HEADER, *longer)
    header = UCDP_HEADER.replace("id,", "rel,id,", 1)  # the same number of cells, one name too early
    shifted = [f"{ucdp(id=n)},x" for n in (1, 2, 3)]
    with pytest.raises(InputError, match="in 3 of 3 rows: the values stand under the wrong columns"):
        judge(squares, header, *shifted)


def test_quarantine_keeps_rows_byte_for_byte(squares: gpd.GeoDataFrame) -> None:
    bad = 'B,2017-03-32,"a ""quoted""\r\nplace, of two lines",Aland'
    data = f"incident_id,date,place,country\r\nA,2017-03-17,x,Aland\r\n{bad}\r\nC,2017-03-17,y,Aland\r\nD,1,2\r\n"
    Path("list.csv").write_bytes(data.encode())
    incidents, problems = judge_incidents("list.csv", regions=squares)
    errors = [p for p in problems if p.severity == "error"]
    kept, rows = set_aside(incidents, errors, Path("list.csv"))
    write_quarantine(Path("list.csv"), errors, rows, Path("aside.csv"), encoding="utf-8", delimiter=",")
    written = Path("aside.csv").read_bytes()
    assert values(kept["incident_id"]) == ["A", "C"]
    assert rows == {3, 5}
    assert bad.encode() in written
    assert written.startswith(b"quarantined_row,quarantine_reasons,incident_id,date,place,country\n3,")
    assert b"[date-impossible]" in written
    assert b"[cell-count],D,1,2" in written


def test_a_wrong_header_cannot_be_set_aside(squares: gpd.GeoDataFrame) -> None:
    Path("list.csv").write_text("incident_id,date,lattitude\nA,2017-03-17,3\n", encoding="utf-8")
    incidents, problems = judge_incidents("list.csv", regions=squares)
    errors = [p for p in problems if p.severity == "error"]
    with pytest.raises(InputError, match="misspelt-column"):
        set_aside(incidents, errors, Path("list.csv"))


@needs_eval
def test_the_publishers_own_files_are_read_or_refused() -> None:
    incidents, problems = judge_incidents(EVAL / "airwars_syria_incidents.csv")
    errors = {p.row for p in problems if p.severity == "error"}
    assert len(incidents) == 3670
    assert {2234, 3670, 3671} <= errors  # a longitude of 4239, the zero of computer clocks, no date
    assert len(errors) < 15
    unknown = incidents["killed_min"].isna() & incidents["killed_max"].isna()
    assert 600 < unknown.sum() < 1349
    events = read_incidents(EVAL / "ucdp_ged_syria_2017h1.csv")
    assert len(events) == 1621
    bangladesh, _ = judge_incidents(EVAL / "conflict_data_BGD_hxl.csv")
    assert len(bangladesh) == 601
    with pytest.raises(InputError, match="as has each of the 693 rows"):
        judge_incidents(EVAL / "gedevents_shifted_columns.csv")
