from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.actors import read_actors
from geo.coverage import read_coverage
from geo.errors import FileError
from geo.ranges import WIDEST
from geo.regions import join_regions
from geo.schema import COUNTS
from layers.counts import RANGES, SUMS, add_up, assert_equal, total_ranges
from layers.summary import SHARES, build_sheets, format_summary, summarize_incidents, write_summary
from layers.workbook import LONGEST_TEXT, MAX_ROWS, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import geopandas as gpd

    from geo.ledger import Ledger

    MakeIncidents = Callable[..., gpd.GeoDataFrame]
    MakeLedger = Callable[..., Ledger]

RU, US, EITHER = "russia", "us-led-coalition", {"attribution": "contested", "x": 1.5, "y": 0.2, "country": "Aland"}
ROWS: list[dict[str, Any]] = [
    {
        "x": 0.5,
        "y": 0.2,
        "country": "Aland",
        "actors": RU,
        "killed_min": 3,
        "killed_max": 5,
        "sources": "https://e.org/a|UN",
    },
    {"x": 0.5, "y": 0.7, "country": "Aland", "actors": RU, "killed_min": None, "injured_max": 7},
    {**EITHER, "actors": f"{US}|{RU}", "killed_min": 1},
    {**EITHER, "actors": f"{RU}|{US}", "killed_max": 9},
    {
        "x": 2.5,
        "y": 0.2,
        "country": "Beland",
        "actors": US,
        "date_start": "2017-04-01",
        "killed_min": 0,
        "killed_max": 0,
    },
    {"x": 9.0, "y": 9.0, "country": "Aland", "killed_min": 4, "killed_max": 4, "grading": "discounted"},
    {"country": "Aland", "killed_min": 8, "killed_max": 8, "date_precision": "longer"},
    {"country": "Aland", "precision": "country", "killed_min": 2, "killed_max": 2},
    {"country": None, "killed_min": 6, "killed_max": 6},
]


@pytest.fixture
def joined(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return join_regions(make_incidents(*ROWS), squares)


def recompute(lines: Iterable[dict[str, str]]) -> dict[tuple[str, ...], dict[str, int | None]]:
    """The summary by loops over text, in this project's words but none of its code."""
    groups: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for line in lines:
        ids = sorted(set((line["actors"] or "unknown").split("|")))
        how = line["attribution"] if line["attribution"] in {"contested", "joint"} else "shared"
        layer = "|".join(ids) + (f":{how}" if len(ids) > 1 else "")
        month = line["date_start"][:7] if line["date_start"] and line["date_precision"] != "longer" else "longer"
        bucket = {"outside": "(outside all regions)", "none": "(not placed)"}
        place = line["adm1_name"] or bucket.get(
            "outside" if line["join_method"] == "outside" else line["precision"], "(country only)"
        )
        region = (line["adm0_name"] or "(no country)", line["adm0_pcode"], place, line["adm1_pcode"])
        groups[*region, layer, month].append(line)
    sums: dict[tuple[str, ...], dict[str, int | None]] = {}
    for key, group in groups.items():
        sums[key] = {"incidents": len(group), "discounted": [line["grading"] for line in group].count("discounted")}
        for count in COUNTS:
            pairs = [(line[f"{count}_min"], line[f"{count}_max"]) for line in group]
            lows, highs = [int(low) for low, _ in pairs if low], [int(high) for _, high in pairs if high]
            open_ = len([low for low, high in pairs if low and not high])
            sums[key][f"{count}_min"] = sum(lows) if lows else None
            sums[key][f"{count}_max"] = sum(highs) if highs and not open_ else None
            sums[key][f"{count}_unknown"] = len([p for p in pairs if p == ("", "")])
            sums[key][f"{count}_open"] = open_
    return sums


def as_lines(frame: pd.DataFrame) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(frame.drop(columns="geometry", errors="ignore").to_csv(index=False))))


def assert_same_as_recomputed(incidents: gpd.GeoDataFrame, actors: pd.DataFrame) -> None:
    keys = ["adm0_name", "adm0_pcode", "adm1_name", "adm1_pcode", "layer", "month"]
    expected = recompute(as_lines(incidents))
    found = list(csv.DictReader(io.StringIO(format_summary(summarize_incidents(incidents, actors)))))
    assert {tuple(line[k] for k in keys) for line in found} == set(expected)
    assert len(found) == len(expected)
    for line in found:
        cells = {name: int(line[name]) if line[name] else None for name in SUMS}
        assert cells == expected[tuple(line[k] for k in keys)]


def test_every_cell_is_that_of_a_plain_recomputation(joined: gpd.GeoDataFrame, actors: pd.DataFrame) -> None:
    assert_same_as_recomputed(joined, actors)


def test_each_incident_stands_in_one_row_with_a_reason_where_there_is_no_region(
    joined: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    table = summarize_incidents(joined, actors)
    shown = table[["adm0_name", "adm1_name", "layer_label", "month", "incidents"]].to_numpy().tolist()
    assert shown == [
        ["Aland", "Westland", "Russia", "2017-03", 2],
        ["Aland", "Eastland", "Contested: Russia or US-led coalition", "2017-03", 2],
        ["Aland", "(country only)", "Unknown", "2017-03", 1],
        ["Aland", "(not placed)", "Unknown", "longer", 1],
        ["Aland", "(outside all regions)", "Unknown", "2017-03", 1],
        ["Beland", "Beland proper", "US-led coalition", "2017-04", 1],
        ["(no country)", "(not placed)", "Unknown", "2017-03", 1],
    ]
    assert_equal(total_ranges(joined), add_up(table), "the summary")


INCIDENT = st.fixed_dictionaries(
    {
        "x": st.integers(-1, 13).map(lambda k: k / 4),
        "y": st.integers(-1, 5).map(lambda k: k / 4),
        "country": st.sampled_from(["Aland", "Beland", "Nowhere", None]),
        "precision": st.sampled_from(["village", "city", "country", "none"]),
        "actors": st.sampled_from(["russia", "us-led-coalition|russia", "russia|us-led-coalition", None]),
        "attribution": st.sampled_from(["sole", "contested", "joint", None]),
        "date_start": st.sampled_from(["2017-02-28", "2017-03-01", "2017-03-31"]),
        "date_precision": st.sampled_from(["day", "longer"]),
        "grading": st.sampled_from(["fair", "discounted", None]),
        **dict.fromkeys(RANGES, st.none() | st.integers(0, 500)),
    }
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(INCIDENT, min_size=1, max_size=10), data=st.data())
def test_any_points_in_any_order_give_the_recomputed_summary(
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    rows: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    for row in rows:
        if row["precision"] in {"country", "none"}:
            del row["x"], row["y"]
    incidents = join_regions(make_incidents(*rows), squares)
    assert_same_as_recomputed(incidents, actors)
    shuffled = incidents.iloc[data.draw(st.permutations(range(len(rows))))]
    assert format_summary(summarize_incidents(shuffled, actors)) == format_summary(
        summarize_incidents(incidents, actors)
    )


def test_no_incidents_give_an_empty_table_and_workbook(
    joined: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    nothing = joined.iloc[:0]
    assert len(summarize_incidents(nothing, actors)) == 0
    write_summary(nothing, tmp_path / "s.xlsx", actors=actors, regions=squares)
    assert openpyxl.load_workbook(tmp_path / "s.xlsx")["By region"].max_row == 1


HOSTILE = [
    '=HYPERLINK("http://e.org")', "=cmd;' /C calc'!A0", "+1", "-2", "@x", "\uff1d1", "{=1}", "https://e.org",
    "- Near Mosul, one strike", "007", "1E5", "=", "_x0041_", "{{7*7}}", "NA", "True", "x\u200b", "الموصل\nb",
]  # fmt: skip


def read_sheet(path: Path, name: str) -> list[dict[str, Any]]:
    rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    header = [str(cell) for cell in next(rows)]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_hostile_text_stays_text_in_the_workbook(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    rows = [
        {"incident_id": f"{k:02}", "description": text, "place": text, "actors": text} for k, text in enumerate(HOSTILE)
    ]
    path = tmp_path / "s.xlsx"
    write_summary(join_regions(make_incidents(*rows), squares), path, actors=actors, regions=squares)
    listed = read_sheet(path, "Incidents")
    assert [row["Description"] for row in listed] == HOSTILE
    assert [row["Actors"] for row in listed] == HOSTILE
    with zipfile.ZipFile(path) as parts:
        assert not any(b"<f>" in parts.read(name) or b"hyperlink" in parts.read(name) for name in parts.namelist())


def test_hostile_text_is_guarded_in_the_csv(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    rows = [{"actors": text} for text in HOSTILE]
    path = tmp_path / "s.csv"
    write_summary(join_regions(make_incidents(*rows), squares), path, actors=actors, regions=squares)
    with path.open(encoding="utf-8", newline="") as file:
        labels = {line["layer_label"] for line in csv.DictReader(file)}
    assert labels == {f"'{text}" if text[0] in "=+-@\uff1d" else text for text in HOSTILE}


def test_sources_stand_alone_in_the_workbook(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    made = make_incidents({"sources": "https://e.org/a | UN| |https://e.org/b"})
    write_summary(join_regions(made, squares), tmp_path / "s.xlsx", actors=actors, regions=squares)
    told = [row["Source"] for row in read_sheet(tmp_path / "s.xlsx", "Sources")]
    assert told == ["https://e.org/a", "UN", "https://e.org/b"]


def test_an_address_in_the_workbook_is_not_read_as_another(
    make_incidents: MakeIncidents,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    make_ledger: MakeLedger,
    tmp_path: Path,
) -> None:
    spelt = "https://e.org/%E2%80%AEgpj.exe"
    made = join_regions(make_incidents({"sources": "https://e.org/\u202egpj.exe|UN", "x": 0.5, "y": 0.5}, {}), squares)
    ledger = make_ledger(made, {"incident_id": "i0", "url": "https://e.org/\u202egpj.exe"})
    write_summary(made, tmp_path / "s.xlsx", actors=actors, regions=squares, ledger=ledger)
    sheets = {name: read_sheet(tmp_path / "s.xlsx", name) for name in ("Sources", "Incidents", "Claims")}
    assert [row["Source"] for row in sheets["Sources"]] == [spelt, "UN"]
    assert [row["Sources"] for row in sheets["Incidents"]] == [f"{spelt}|UN", None]
    assert [row["Address"] for row in sheets["Claims"]] == [spelt]


def test_the_workbook_holds_real_dates_and_numbers(
    joined: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "s.xlsx"
    write_summary(joined, path, actors=actors, regions=squares)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["By region", "By actor", "By actor and month", "Incidents", "Sources", "Notes"]
    first = read_sheet(path, "Incidents")[0]
    assert first["First day"] == dt.datetime(2017, 3, 17)  # noqa: DTZ001 - a spreadsheet's day has no zone
    assert (first["Civilians killed, minimum"], first["Civilians killed, maximum"]) == (3, 5)
    assert (first["Mapped latitude"], first["Mapped longitude"]) == (0.2, 0.5)
    assert read_sheet(path, "Sources") == [
        {"Incident": "i0", "Source": "https://e.org/a"},
        {"Incident": "i0", "Source": "UN"},
    ]
    for page in book:
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref


def test_actors_figures_say_whether_they_are_shared(
    joined: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    sheets = {sheet.name: sheet.frame for sheet in build_sheets(joined, actors, squares)}
    by_actor = sheets["By actor"].set_index("Actor")
    incidents = [f"Incidents, {how}" for how in ("alone", "with others", "alone or with others")]
    assert by_actor[incidents][:3].to_numpy().tolist() == [[2, 2, 4], [1, 2, 3], [4, 0, 4]]
    together = by_actor.loc[["Counted under several actors", "All incidents, each once"]]
    assert together[incidents[-1]].tolist() == [2, 9]
    assert together[f"Civilians killed, maximum, {SHARES['up_to']}"].tolist() == [pd.NA, pd.NA], "one is open"
    killed = [f"Civilians killed, maximum, {how}" for how in ("alone", "with others", "alone or with others")]
    figures = by_actor[killed].to_numpy().tolist()
    assert figures[:2] == [[5, pd.NA, pd.NA], [0, pd.NA, pd.NA]]
    assert figures[2] == [20, pd.NA, 20]
    assert sheets["By actor and month"]["Month"].tolist() == ["2017-03", "2017-03", "2017-04", "2017-03", "longer"]
    assert sheets["By region"]["Incidents"].sum() == len(joined)


def test_notes_tell_boundaries_and_what_is_missing(
    joined: gpd.GeoDataFrame, actors: pd.DataFrame, squares: gpd.GeoDataFrame
) -> None:
    notes = build_sheets(joined, actors, squares)[-1].frame.set_index("Note")["Value"]
    assert notes["Records placed on the map"] == 6
    assert notes["Records not placed"] == 3
    assert notes["Records outside all regions"] == 1
    assert notes["Incidents without a maximum: civilians killed"] == 1
    assert notes["Civilians killed, minimum"] == 24
    assert pd.isna(notes["Civilians killed, maximum"])
    assert notes["Records that are discounted"] == 1
    assert notes["Boundaries, AA"] == "test, valid 2016 to ?"


def test_notes_say_what_is_a_record_and_what_an_incident(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    rows: list[dict[str, Any]] = [
        {"x": 0.5, "y": 0.2, "killed_min": 1, "killed_max": 4, "date_precision": "longer"},
        {"related": "same event:i0", "grading": "discounted", "date_precision": "longer"},
        {"x": 1.5, "y": 0.2, "grading": "discounted"},
    ]
    path = tmp_path / "summary.xlsx"
    write_summary(join_regions(make_incidents(*rows), squares), path, actors=actors, regions=squares)
    notes = {row["Note"]: row["Value"] for row in read_sheet(path, "Notes")}
    told = [name for name, value in notes.items() if isinstance(value, int)]
    assert [notes[name] for name in told[:5]] == [3, 2, 1, 0, 2]
    assert all(name.startswith("Records") for name in told[:5])
    assert [notes[name] for name in told[5:10]] == [2, 1, 1, 1, 4]
    assert told[5:8] == [
        "Incidents, related records once",
        "Incidents of more than a month (month 'longer')",
        "Incidents all of whose records are discounted",
    ]
    assert notes["Records"] == notes["Records placed on the map"] + notes["Records not placed"]
    assert not [name for name, value in notes.items() if isinstance(value, str) and value.isdigit()]


def test_a_minimum_without_a_maximum_is_no_maximum_in_what_people_open(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    rows = [
        {"x": 0.5, "y": 0.2, "actors": RU, "killed_min": 100},
        {"x": 1.5, "y": 0.2, "actors": US, "killed_min": 2, "killed_max": 3},
    ]
    incidents = join_regions(make_incidents(*rows), squares)
    for name in ("s.csv", "s.xlsx"):
        write_summary(incidents, tmp_path / name, actors=actors, regions=squares)
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as file:
        told = [(row["killed_min"], row["killed_max"], row["killed_open"]) for row in csv.DictReader(file)]
    assert told == [("100", "", "1"), ("2", "3", "0")]
    for sheet, column in [("By region", ""), ("By actor", ", alone"), ("By actor and month", ", alone or with others")]:
        found = [
            tuple(row[f"Civilians killed, {end}{column}"] for end in ("minimum", "maximum"))
            for row in read_sheet(tmp_path / "s.xlsx", sheet)
        ]
        assert found[:2] == [(100, None), (2, 3)], sheet


@pytest.mark.parametrize("name", ["s.csv", "s.xlsx"])
def test_same_incidents_same_bytes(
    joined: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    write_summary(joined, tmp_path / name, actors=actors, regions=squares)
    before = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    write_summary(joined.iloc[::-1], tmp_path / name, actors=actors, regions=squares)
    assert (tmp_path / name).read_bytes() == before


def test_cells_beyond_a_spreadsheet_are_cut_or_text(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": ["x" * 40_000], "day": [pd.Timestamp("1618-05-23")], "flag": [True]})
    write_workbook([Sheet("One", frame)], tmp_path / "s.xlsx")
    row = read_sheet(tmp_path / "s.xlsx", "One")[0]
    assert len(row["text"]) == LONGEST_TEXT
    assert row["text"].endswith("…")
    assert (row["day"], row["flag"]) == ("1618-05-23", True)


def test_a_table_longer_than_a_worksheet_is_left_out_and_told(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    links = "|".join(f"https://e.org/{k}" for k in range(MAX_ROWS))
    for more, listed in (("", True), ("|https://e.org/last", False)):
        incidents = join_regions(make_incidents({**ROWS[0], "sources": f" {links} |{more}"}), squares)
        *sheets, notes = build_sheets(incidents, actors, squares)
        assert ("Sources" in {sheet.name for sheet in sheets}) is listed
        assert ("Sources" in set(notes.frame["Note"])) is not listed


def test_the_workbook_writes_every_cell_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("yesterday's", encoding="utf-8")
    with pytest.raises(FileError, match="sheet 'Wide' has more rows or columns than a worksheet holds"):
        write_workbook([Sheet("Wide", pd.DataFrame(columns=range(16_385)))], path)
    assert path.read_text(encoding="utf-8") == "yesterday's"


def test_sources_are_listed_without_what_stands_around_them(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    rows = [{"sources": "https://e.org/a | UN |"}, {"sources": None}, {"sources": "https://e.org/b"}]
    sheets = build_sheets(join_regions(make_incidents(*rows), squares), actors, squares)
    frame = next(sheet.frame for sheet in sheets if sheet.name == "Sources")
    assert frame["Source"].tolist() == ["https://e.org/a", "UN", "https://e.org/b"]


def test_claims_findings_and_the_rule_are_in_the_workbook(
    joined: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, make_ledger: MakeLedger, tmp_path: Path
) -> None:
    claims = [
        {"incident_id": "i0", "min": 14, "max": 14, "note": '=HYPERLINK("x")', "actor": "russia"},
        {"incident_id": "i0", "min": 42, "supersedes": "c0", "published": None, "url": "https://e.org/b"},
    ]
    findings = [{"statement": "-1 house", "country": "Aland", "location_note": "not placed"}]
    ledger = make_ledger(joined, *claims, findings=findings, rule=WIDEST)
    path = tmp_path / "s.xlsx"
    write_summary(joined, path, actors=actors, regions=squares, ledger=ledger)
    first, second = read_sheet(path, "Claims")
    assert (first["Incident"], first["Actor"], first["Minimum"], first["Note"]) == (
        "i0",
        "Russia",
        14,
        '=HYPERLINK("x")',
    )
    assert first["Published"] == dt.datetime(2017, 3, 18)  # noqa: DTZ001 - a spreadsheet's day has no zone
    assert (first["Superseded by"], first["In the range of the incident"]) == ("c1", False)
    assert (second["Supersedes"], second["Maximum"], second["Published"]) == ("c0", None, None)
    assert second["In the range of the incident"] is True
    [finding] = read_sheet(path, "Findings")
    assert (finding["Statement"], finding["Note on the location"]) == ("-1 house", "not placed")
    notes = {row["Note"]: row["Value"] for row in read_sheet(path, "Notes")}
    assert notes["Ranges"].startswith("from the lowest to the highest figure that any claim gives")
    assert notes["Ranges"].endswith("[widest]")


def test_every_row_of_the_csv_says_where_ranges_come_from(
    joined: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, make_ledger: MakeLedger, tmp_path: Path
) -> None:
    as_of = dt.date(2017, 3, 24)
    told = {
        "stated": None,
        "widest": make_ledger(joined, {"incident_id": "i0", "min": 1}, rule=WIDEST),
        "widest, as of 2017-03-24": make_ledger(joined, {"incident_id": "i0", "min": 1}, as_of=as_of),
    }
    for words, ledger in told.items():
        write_summary(joined, tmp_path / "s.csv", actors=actors, regions=squares, ledger=ledger)
        with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as file:
            assert {row["ranges"] for row in csv.DictReader(file)} == {words}


def test_the_last_column_of_actors_adds_up(
    joined: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    sheets = build_sheets(joined, actors, squares)
    frame = next(sheet.frame for sheet in sheets if sheet.name == "By actor").set_index("Actor")
    for column in (str(name) for name in frame if str(name).endswith(SHARES["up_to"])):
        *parties, overlap, union = frame[column].tolist()
        if pd.isna(union):
            assert column.startswith("Civilians killed, maximum"), "one of them has none"
            continue
        assert sum(0 if pd.isna(part) else part for part in parties) - overlap == union


def test_a_group_is_the_union_of_its_members(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame) -> None:
    rows = [
        {"actors": "france", "killed_min": 1, "killed_max": 2},
        {"actors": "france|united-kingdom", "attribution": "joint", "killed_min": 10, "killed_max": 20},
        {"actors": "us-led-coalition|russia", "attribution": "contested", "killed_min": 100, "killed_max": 200},
        {"actors": "united-states", "killed_min": 1000, "killed_max": 2000},
    ]
    sheets = build_sheets(join_regions(make_incidents(*rows), squares), read_actors(), squares)
    by_actor = next(sheet.frame for sheet in sheets if sheet.name == "By actor").set_index("Actor")
    killed = by_actor[[f"Civilians killed, minimum, {told}" for told in SHARES.values()]]
    found = {name: line.tolist() for name, line in killed.iterrows()}
    assert found["US-led coalition (with France, United Kingdom)"] == [11, 100, 111]
    assert found["France"] == [1, 10, 11]
    assert found["United States"] == [1000, pd.NA, 1000], "a strike of the United States alone is outside the coalition"
    assert by_actor.loc["Counted under several actors", f"Civilians killed, minimum, {SHARES['up_to']}"] == 121


WINDOWS = """country,actor,from,to,status
Aland,russia,2017-01-01,,covered
Beland,russia,2017-01-01,,covered
Aland,us-led-coalition,2017-01-01,2017-04-09,covered
Beland,us-led-coalition,2017-01-01,2017-04-09,covered
Aland,us-led-coalition,2017-04-10,,suspended
"""


def test_a_month_is_zero_where_it_is_covered_and_else_a_gap(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    (tmp_path / "coverage.csv").write_text(WINDOWS, encoding="utf-8")
    actors = read_actors()
    coverage = read_coverage(tmp_path / "coverage.csv", actors=actors, regions=squares)
    rows = [
        {"x": 0.5, "y": 0.2, "actors": RU, "killed_min": 1, "date_start": "2017-02-03"},
        {"x": 0.5, "y": 0.2, "actors": US, "killed_min": 2, "date_start": "2017-03-03"},
        {"x": 0.5, "y": 0.2, "actors": US, "killed_min": 4, "date_start": "2017-04-03"},
        {"x": 2.5, "y": 0.2, "actors": "isis", "killed_min": 3, "date_start": "2017-05-03"},
        {"x": 0.5, "y": 0.2, "actors": RU, "killed_min": 1, "date_start": "2017-04-20", "related": "part of:i0"},
    ]
    incidents = join_regions(make_incidents(*rows), squares)
    sheets = build_sheets(incidents, actors, squares, coverage=coverage)
    months = next(sheet.frame for sheet in sheets if sheet.name == "By actor and month")
    told = {
        (actor, month): (None if pd.isna(n) else n, status)
        for actor, month, n, status in months[
            ["Actor", "Month", f"Incidents, {SHARES['up_to']}", "Coverage"]
        ].itertuples(index=False)
    }
    russia = [told["Russia", f"2017-0{m}"] for m in (2, 3, 4, 5)]
    assert russia == [(1, "covered"), (0, "covered"), (None, "covered"), (0, "covered")], (
        "counted in February is no zero"
    )
    assert [told["US-led coalition", f"2017-0{m}"] for m in (2, 3, 4, 5)] == [
        (0, "covered"),
        (1, "covered"),
        (1, "partial"),
        (None, "suspended"),
    ]
    assert [told["ISIS", f"2017-0{m}"] for m in (2, 3, 4, 5)] == [*[(None, "not stated")] * 3, (1, "not stated")]
    written = csv.DictReader(io.StringIO(format_summary(summarize_incidents(incidents, actors, coverage=coverage))))
    assert [(row["month"], row["coverage"]) for row in written] == [
        ("2017-02", "covered"),
        ("2017-03", "covered"),
        ("2017-04", "partial"),
        ("2017-05", "not stated"),
    ]
    plain = summarize_incidents(incidents, actors)
    assert set(plain["coverage"]) == {"not stated"}
