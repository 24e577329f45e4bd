from __future__ import annotations

import csv
import math
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.actors import read_actors
from geo.coverage import read_coverage
from geo.regions import join_regions
from geo.totals import read_totals
from layers.cut import cut_list
from layers.reconcile import NOT_COMPARABLE, compare_wholes, reconcile_totals
from layers.reconcile_text import format_reconciliation, list_lines, write_reconciliation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    MakeIncidents = Callable[..., gpd.GeoDataFrame]

HEADER = "total_id,source,published,country,area,period,actor,measure,series,min,max"
COALITION, RUSSIA = "us-led-coalition", "russia"
ACTORS = read_actors()
PLACED = {"x": 0.5, "y": 0.2, "country": "Aland"}


@pytest.fixture
def compare(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, tmp_path: Path) -> Callable[..., pd.DataFrame]:
    """Return a function that reconciles rows with lines of a totals file."""

    def run(
        rows: list[dict[str, Any]],
        *lines: str,
        coverage: str | None = None,
        as_of: date | None = None,
        since: date | None = None,
        until: date | None = None,
        only: tuple[str, ...] = (),
    ) -> pd.DataFrame:
        path = tmp_path / "totals.csv"
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        windows = None
        if coverage is not None:
            (tmp_path / "coverage.csv").write_text(coverage, encoding="utf-8")
            windows = read_coverage(tmp_path / "coverage.csv", actors=ACTORS, regions=squares)
        chosen, cut = cut_list(make_incidents(*rows), ACTORS, since=since, until=until, only=only)
        incidents = join_regions(gpd.GeoDataFrame(chosen), squares)
        totals = read_totals(path, actors=ACTORS)
        reference: dict[str, Any] = {"actors": ACTORS, "regions": squares, "coverage": windows}
        return reconcile_totals(incidents, totals, as_of=as_of, cut=cut, **reference)

    return run


def parts(table: pd.DataFrame) -> dict[str, tuple[Any, Any, str]]:
    columns = ["part", "min", "max", "incident_ids"]
    return {
        part: (None if pd.isna(low) else low, None if pd.isna(high) else high, ids)
        for part, low, high, ids in table[columns].itertuples(index=False)
    }


ROWS: list[dict[str, Any]] = [
    {**PLACED, "incident_id": "a", "actors": COALITION, "killed_min": 10, "killed_max": 20, "grading": "fair"},
    {**PLACED, "incident_id": "b", "actors": "france", "killed_min": 5, "killed_max": 5, "grading": "confirmed"},
    {**PLACED, "incident_id": "c", "actors": COALITION, "killed_min": 4, "killed_max": 50, "grading": "discounted"},
    {
        **PLACED,
        "incident_id": "d",
        "actors": f"{RUSSIA}|{COALITION}",
        "attribution": "contested",
        "killed_min": 7,
        "killed_max": 9,
        "grading": "weak",
    },
    {
        **PLACED,
        "incident_id": "e",
        "actors": f"iraqi-forces|{COALITION}",
        "attribution": "joint",
        "killed_min": 2,
        "killed_max": 3,
        "grading": "fair",
    },
    {"incident_id": "f", "country": None, "actors": COALITION, "killed_min": 1, "killed_max": 6},
    {**PLACED, "incident_id": "g", "actors": COALITION, "date_start": "2017-04-02", "killed_min": 99, "killed_max": 99},
    {
        **PLACED,
        "incident_id": "h",
        "actors": COALITION,
        "date_start": "2017-02-20",
        "date_end": "2017-03-25",
        "date_precision": "longer",
        "killed_min": 8,
        "killed_max": 8,
    },
    {**PLACED, "incident_id": "i", "actors": "united-states", "killed_min": 30, "killed_max": 30},
    {"x": 2.5, "y": 0.5, "country": "Beland", "incident_id": "j", "actors": COALITION, "killed_min": 60},
]


def test_a_difference_is_told_in_parts_with_the_incidents_behind_each(compare: Callable[..., pd.DataFrame]) -> None:
    table = compare(ROWS, f"t,S,2017-04-02,Aland,,2017-03,{COALITION},civilians,,260,260")
    found = parts(table)
    assert found["counted"] == (17, 28, "a|b|e"), "members and joint strikes count, those of others do not"
    assert found["contested"] == (0, 9, "d")
    assert found["grading"] == (0, 50, "c")
    assert found["unplaced"] == (0, 14, "f|h"), "no country, or longer than a month"
    assert found["left out"] == (0, 0, "")
    assert found["difference"][:2] == (260 - 28, 260 - 17)
    assert found["unexplained"][:2] == (260 - 28 - 9 - 50 - 14,) * 2
    notes = table.set_index("part")["note"]
    assert "as known on 2017-04-02" in notes["definition"]
    assert notes["coverage"] == "not stated for this list"
    assert "not known to cover all" in notes["unexplained"]


MARCH = {"since": date(2017, 3, 1), "until": date(2017, 3, 31)}


@pytest.mark.parametrize(
    ("choice", "actor", "left_out"),
    [
        ({"since": date(2017, 3, 2)}, COALITION, "day"),
        ({"until": date(2017, 3, 30)}, COALITION, "day"),
        (MARCH, COALITION, "day"),  # h began before and lasted into it
        (MARCH, RUSSIA, "day"),
        ({"only": ["Russia"]}, COALITION, "actor"),
        ({"only": ["Russia"]}, "", "actor"),
        ({"only": ["france"]}, COALITION, "actor"),  # a member is not all of its group
        ({"only": [COALITION]}, "united-states", "actor"),
        ({"only": ["Russia"]}, RUSSIA, ""),
        ({"only": [COALITION]}, COALITION, ""),
        ({"only": [COALITION]}, "france", ""),
        ({"only": ["Russia", COALITION]}, COALITION, ""),
        ({"since": date(2017, 2, 1), "until": date(2017, 4, 1)}, COALITION, ""),
    ],
)
def test_a_total_is_not_compared_with_a_part_of_its_scope(
    compare: Callable[..., pd.DataFrame], choice: dict[str, Any], actor: str, left_out: str
) -> None:
    line = f"t,S,,Aland,,2017-03,{actor},civilians,,260,260"
    table = compare(ROWS, line, **choice)
    if left_out:
        assert table["part"].tolist() == [NOT_COMPARABLE]
        assert table["note"].iloc[0] == f"may count incidents that are left out here by their {left_out}"
    else:
        assert parts(table) == parts(compare(ROWS, line)), "what is left has the same sum"


@pytest.mark.parametrize(
    ("choice", "left_out"), [({"since": date(2017, 3, 1)}, "day"), ({"only": [COALITION]}, "actor")]
)
def test_a_total_is_not_compared_without_a_record_that_is_left_out_with_its_event(
    compare: Callable[..., pd.DataFrame], choice: dict[str, Any], left_out: str
) -> None:
    rows: list[dict[str, Any]] = [
        {**PLACED, "incident_id": "a", "actors": RUSSIA, "date_start": "2017-02-28", "killed_min": 10},
        {**PLACED, "incident_id": "b", "actors": COALITION, "date_start": "2017-03-01", "related": "same event:a"},
        {**PLACED, "incident_id": "c", "actors": COALITION, "date_start": "2017-04-01", "killed_min": 1},
    ]
    lines = [f"{month},S,,Aland,,{month},{COALITION},civilians,,30,30" for month in ("2017-03", "2017-04")]
    table = compare(rows, *lines, coverage="country,from,status\nAland,2017-01-01,covered\n", **choice)
    told = table.groupby("total_id")["note"].first()
    assert told["2017-03"] == f"may count incidents that are left out here by their {left_out}"
    assert told["2017-04"] == "", "nothing of it was left out"


def test_a_record_counted_in_another_scope_is_told_beside_the_sum(compare: Callable[..., pd.DataFrame]) -> None:
    rows: list[dict[str, Any]] = [
        {
            **PLACED,
            "incident_id": "a",
            "actors": RUSSIA,
            "date_start": "2017-02-28",
            "killed_min": 10,
            "killed_max": 10,
        },
        {
            **PLACED,
            "incident_id": "b",
            "actors": COALITION,
            "date_start": "2017-03-01",
            "killed_min": 30,
            "killed_max": 30,
            "related": "same event:a",
        },
    ]
    lines = {
        "actor": f"t,S,,Aland,,2017-03,{COALITION},civilians,,50,50",
        "all": "t,S,,Aland,,2017-03,,civilians,,50,50",
        "counted": "t,S,,Aland,,2017-02,,civilians,,50,50",
    }
    found = {
        name: parts(compare(rows, line, coverage="country,from,status\nAland,2017-01-01,covered\n"))
        for name, line in lines.items()
    }
    for name in ("actor", "all"):
        assert found[name]["counted"] == (0, 0, "")
        assert found[name]["counted with another record"] == (0, 30, "b")
        assert found[name]["unexplained"][:2] == (20, 20), "less what the record may add"
    assert found["counted"]["counted"] == (10, 30, "a|b"), "where its event is, it is once"
    assert found["counted"]["counted with another record"] == (0, 0, "")
    (reason,) = compare(rows, lines["actor"])["note"]
    assert reason.endswith("it is not known to cover all of it; b is counted with another record")


def test_ranges_that_meet_leave_nothing_unexplained(compare: Callable[..., pd.DataFrame]) -> None:
    found = parts(compare(ROWS, f"t,S,,Aland,,2017-03,{COALITION},civilians,,20,40"))
    assert (found["difference"][:2], found["unexplained"][:2]) == ((-8, 23), (0, 0))


def test_a_total_below_the_least_that_is_listed_is_negative(compare: Callable[..., pd.DataFrame]) -> None:
    found = parts(compare(ROWS, f"t,S,,Aland,,2017-03,{COALITION},civilians,,3,7"))
    assert (found["difference"][:2], found["unexplained"][:2]) == ((-25, -10), (-10, -10))


def test_an_open_total_has_no_upper_difference(compare: Callable[..., pd.DataFrame]) -> None:
    found = parts(compare(ROWS, f"t,S,,Aland,,2017-03,{COALITION},civilians,,84,"))
    assert found["difference"][:2] == (56, None)


def test_unknown_tolls_may_make_up_a_difference(compare: Callable[..., pd.DataFrame]) -> None:
    rows = [*ROWS, {**PLACED, "incident_id": "k", "actors": COALITION}]
    table = compare(rows, f"t,S,,Aland,,2017-03,{COALITION},civilians,,260,260")
    assert parts(table)["unexplained"][:2] == (0, 159)
    assert table.set_index("part").loc["counted", "unknown"] == 1


@pytest.mark.parametrize(
    ("low", "high", "unexplained"), [(260, 260, (0, 160)), (40, 90, (-10, -10)), (90, None, (0, 0))]
)
def test_where_a_toll_has_no_maximum_neither_has_the_sum(
    compare: Callable[..., pd.DataFrame], low: int, high: int | None, unexplained: tuple[int, int]
) -> None:
    rows = [{**PLACED, "incident_id": name, "actors": COALITION} for name in ("k", "l", "m")]
    rows[0]["killed_min"] = 100
    rows[2] |= {"attribution": "contested", "actors": f"{COALITION}|{RUSSIA}", "killed_min": 7}
    table = compare(rows[:2], f"t,S,,Aland,,2017-03,{COALITION},civilians,,{low},{high or ''}")
    found = parts(table)
    assert found["counted"][:2] == (100, None), "100 and more, and an unknown toll"
    assert found["difference"][:2] == (None, high and high - 100), "at most that"
    assert found["unexplained"][:2] == unexplained
    told = {line.split("  ")[1].strip(): line for line in format_reconciliation(table, ACTORS).splitlines()[1:]}
    assert "100 and more" in told["counted"]
    assert (f"at most {high - 100}".replace("-", "−") if high else "unknown") in told["difference"]
    found = parts(compare(rows, f"t,S,,Aland,,2017-03,{COALITION},civilians,,{low},{high or ''}"))
    assert found["contested"] == (0, None, "m")


@pytest.mark.parametrize(
    ("series", "counted", "may", "left_out"),
    [
        ("documented", "a|b|e", "c", ""),
        ("alleged", "a|b|c|e", "", ""),
        ("likely", "a|b|e", "", "c|d"),
        ("fair", "a|e", "", "b|c|d"),
    ],
)
def test_a_series_counts_by_grading(
    compare: Callable[..., pd.DataFrame], series: str, counted: str, may: str, left_out: str
) -> None:
    found = parts(compare(ROWS, f"t,S,,Aland,,2017-03,{COALITION},civilians,{series},260,260"))
    assert [found[part][2] for part in ("counted", "grading", "left out")] == [counted, may, left_out]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("t,S,,Aland,,2017-03,russia,all_deaths,,1,1", "counts all deaths, the list counts civilians"),
        ("t,S,,Aland,,2017-03,russia,strikes,,1,1", "counts strikes, which the list does not"),
        ("t,S,,Aland,,2017-03,russia,civilians,conceded,1,1", "counts what a party conceded"),
        ("t,S,,Aland,,2017-03,russia,civilians,undefined,1,1", "which events and deaths it counts is not stated"),
        ("t,S,,,,2017-03,russia,civilians,,1,1", "of a whole conflict"),
        ("t,S,,Aland|Beland|Atlantis,,2017-03,russia,civilians,,1,1", "counts Atlantis, of which the list has nothing"),
        ("t,S,,Aland,,2017-03-02/2017-03-31,russia,civilians,,1,1", "not of whole months: 2017-03-02 to 2017-03-31"),
        ("t,S,,Aland,,,russia,civilians,,1,1", "states no period"),
        ("t,S,2017-03-31,Aland,,2017-03,russia,civilians,,1,1", "of 2017-03-31, before the period was over"),
        ("t,S,,Aland,Old town,2017-03,us-led-coalition,civilians,,1,1", "of Old town alone, which is no governorate"),
        ("t,S,,Aland,,2017-03,isis,civilians,,1,1", "no incident of this scope, which is no zero"),
        ("t,S,,Aland,,2017-03,us-led-coalition,men,,1,1", "no figure is known of any incident"),
    ],
)
def test_another_scope_is_named_and_never_subtracted(
    compare: Callable[..., pd.DataFrame], line: str, reason: str
) -> None:
    for as_of in (None, date(2018, 12, 31)):
        table = compare(ROWS, line, as_of=as_of)
        assert table["part"].tolist() == [NOT_COMPARABLE]
    assert reason in compare(ROWS, line)["note"].iloc[0]


@pytest.mark.parametrize(
    ("published", "reason"),
    [("2018-01-01", "published on 2018-01-01, after 2017-12-31"), ("", "no day of publication")],
)
def test_what_nobody_knew_that_day_is_not_compared(
    compare: Callable[..., pd.DataFrame], published: str, reason: str
) -> None:
    line = f"t,S,{published},Aland,,2017-03,russia,civilians,,1,1"
    assert compare(ROWS, line)["part"].iloc[0] != NOT_COMPARABLE
    table = compare(ROWS, line, as_of=date(2017, 12, 31))
    assert table["part"].tolist() == [NOT_COMPARABLE]
    assert reason in table["note"].iloc[0]
    assert table[["min", "max"]].isna().all(axis=None)


def test_a_later_figure_of_the_same_series_replaces_the_earlier(compare: Callable[..., pd.DataFrame]) -> None:
    scope = f"Aland,,2017-03,{COALITION},civilians,alleged"
    table = compare(ROWS, f"old,S,2017-04-03,{scope},1,1", f"new,S,2017-05-01,{scope},30,30", f"other,T,,{scope},2,2")
    assert table.loc[table["part"] == NOT_COMPARABLE, ["total_id", "note"]].to_numpy().tolist() == [
        ["old", "the source replaced it on 2017-05-01 (new)"]
    ]


def test_a_governorate_is_a_scope_of_its_own(compare: Callable[..., pd.DataFrame]) -> None:
    rows = [*ROWS, {"x": 1.5, "y": 0.5, "country": "Aland", "incident_id": "east", "actors": RUSSIA, "killed_min": 3}]
    found = parts(compare(rows, "t,S,,Aland,eastland,2017-03,russia,civilians,,3,3"))
    assert found["counted"] == (3, None, "east")


def test_no_incident_is_a_zero_where_the_list_covers_the_scope(compare: Callable[..., pd.DataFrame]) -> None:
    coverage = "country,from,status\nAland,2017-01-01,covered\n"
    found = parts(compare(ROWS, "t,S,,Aland,,2017-03,isis,civilians,,12,12", coverage=coverage))
    assert (found["counted"], found["unexplained"][:2]) == ((0, 0, ""), (12, 12))


def test_coverage_says_which_days_are_not_covered(compare: Callable[..., pd.DataFrame]) -> None:
    coverage = "country,actor,from,to,status\nAland,,2017-01-01,,covered\nAland,france,2017-03-24,,suspended\n"
    lines = (f"t,S,,Aland,,2017-03,{actor},civilians,,260,260" for actor in ("france", COALITION))
    for line, told in zip(lines, ("covered on 23 of 31 days, suspended on 8", "covered on all 31 days"), strict=True):
        assert compare(ROWS, line, coverage=coverage).set_index("part").loc["coverage", "note"] == told


def test_events_are_compared_with_the_number_of_incidents(compare: Callable[..., pd.DataFrame]) -> None:
    found = parts(compare(ROWS, f"t,S,,Aland,,2017-03,{COALITION},events,alleged,159,159"))
    assert (found["counted"][:2], found["contested"][:2], found["unexplained"][:2]) == ((4, 4), (0, 1), (152, 152))


ROW = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["in", "out", "nowhere"]),
        "actors": st.sampled_from([RUSSIA, COALITION, "france", f"{RUSSIA}|{COALITION}", f"france|{COALITION}"]),
        "attribution": st.sampled_from(["contested", "joint", "shared"]),
        "grading": st.sampled_from(["confirmed", "fair", "weak", "contested", "discounted", None]),
        "date_start": st.sampled_from(["2017-03-05", "2017-04-05"]),
        "killed_min": st.none() | st.integers(0, 90),
        "more": st.none() | st.integers(0, 50),
    }
)


def recount(rows: list[dict[str, Any]], low: int, high: int) -> dict[str, Any] | None:
    """Return the parts of the difference to a total of the coalition in Aland, March 2017, by a loop over the rows."""
    sets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        ids = row["actors"].split("|")
        if row["date_start"] != "2017-03-05" or row["place"] == "out" or ids == [RUSSIA]:
            continue
        doubtful = row["grading"] in ("contested", "discounted")
        if row["place"] == "nowhere":
            sets["unplaced"].append(row)
        elif RUSSIA in ids and row["attribution"] != "joint":
            sets["contested"].append(row)
        else:
            sets["grading" if doubtful else "counted"].append(row)
    if not any(sets.values()):
        return None
    most = {name: sum(max(row["killed_min"] or 0, row["killed_max"] or 0) for row in own) for name, own in sets.items()}
    counted = sets["counted"]
    if counted and all(row["killed_min"] is None and row["killed_max"] is None for row in counted):
        return None
    least = sum(row["killed_min"] or 0 for row in counted)
    reach = sum(most.values())
    unsure = any(row["killed_max"] is None for own in sets.values() for row in own)
    gap = low - reach if low > reach else min(high - least, 0)
    closed = all(row["killed_max"] is not None for row in counted)
    return {
        "counted": (least, most.get("counted", 0) if closed else None),
        "difference": (low - most.get("counted", 0) if closed else None, high - least),
        "unexplained": (0 if unsure and gap > 0 else gap, gap),
        "ids": {name: {row["incident_id"] for row in own} for name, own in sets.items()},
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=8), low=st.integers(0, 400), more=st.integers(0, 50))
def test_any_list_is_told_as_a_plain_recount_does(
    compare: Callable[..., pd.DataFrame], rows: list[dict[str, Any]], low: int, more: int
) -> None:
    spots: dict[str, dict[str, Any]] = {
        "in": PLACED,
        "out": {"x": 2.5, "y": 0.5, "country": "Beland"},
        "nowhere": {"country": None},
    }
    for number, row in enumerate(rows):
        row["incident_id"] = f"i{number}"
        known = row["killed_min"] is not None and row["more"] is not None
        row["killed_max"] = row["killed_min"] + row["more"] if known else None
    other = {"incident_id": "z", "place": "in", "actors": RUSSIA, "date_start": "2017-01-01"}
    rows.append({**dict.fromkeys(rows[0]), **other})
    filled = [{**{k: v for k, v in row.items() if k not in ("place", "more")}, **spots[row["place"]]} for row in rows]
    table = compare(filled, f"t,S,,Aland,,2017-03,{COALITION},civilians,,{low},{low + more}")
    expected = recount(rows, low, low + more)
    if expected is None:
        assert table["part"].tolist() == [NOT_COMPARABLE]
        return
    found = parts(table)
    for name in ("counted", "difference", "unexplained"):
        assert found[name][:2] == expected[name], name
    for name in ("counted", "contested", "grading", "unplaced"):
        assert {one for one in found[name][2].split("|") if one} == expected["ids"].get(name, set())


def test_parties_are_compared_with_their_own_whole() -> None:
    wholes = compare_wholes(read_totals(actors=ACTORS), ACTORS)
    row = wholes.set_index("total_id").loc["snhr-2017-03-all-civilians"]
    assert (row["whole_min"], row["parts_min"], row["rest_min"], row["rest_max"]) == (1134, 1031, 103, 103)
    assert len(wholes) == 1


def test_what_is_written_says_the_same_in_every_form(compare: Callable[..., pd.DataFrame], tmp_path: Path) -> None:
    lines = (f"'=t,S,,Aland,,2017-03,{COALITION},civilians,,260,260", "u,S,,Aland,,2017-03,,strikes,,3,3")
    table = compare(ROWS, *lines)
    write_reconciliation(table, tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["part"] for row in written] == table["part"].tolist()
    assert written[0]["total_id"] == "'=t", "a spreadsheet runs nothing"
    assert [row["incident_ids"] for row in written] == table["incident_ids"].tolist()
    listed = list_lines(table)
    assert listed[0]["incident_ids"] == ["a", "b", "e"]
    assert listed[-1]["min"] is None
    write_reconciliation(table, tmp_path / "r.xlsx")
    assert openpyxl.load_workbook(tmp_path / "r.xlsx")["Reconciliation"].max_row == len(table) + 1
    text = format_reconciliation(table, ACTORS)
    assert "S — Aland — 2017-03 — US-led coalition — civilians: 260" in text
    assert "232 to 243" in text
    assert "counts strikes, which the list does not" in text


def test_no_figure_is_rounded(compare: Callable[..., pd.DataFrame], tmp_path: Path) -> None:
    rows = [{**PLACED, "incident_id": "a", "actors": COALITION, "killed_min": 1234567, "killed_max": 2345679}]
    scope = f",,Aland,,2017-03,{COALITION}"
    table = compare(rows, f"t,S{scope},civilians,,11234569,", f"u,S{scope},strike_share_percent,,95.25,95.5")
    text = format_reconciliation(table, ACTORS)
    assert "11,234,569 and more" in text
    assert "1,234,567 to 2,345,679" in text
    assert "8,888,890 and more" in text
    assert "95.25 to 95.5" in text
    write_reconciliation(table, tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        [counted, *_, percent] = csv.DictReader(file)
    assert [counted[name] for name in ("total_min", "total_max", "min", "max")] == [
        "11234569",
        "",
        "1234567",
        "2345679",
    ]
    assert [percent["total_min"], percent["total_max"]] == ["95.25", "95.5"]


def test_figures_are_whole_people(compare: Callable[..., pd.DataFrame]) -> None:
    table = compare(ROWS, f"t,S,,Aland,,2017-03,{COALITION},civilians,,260,260")
    assert all(math.isclose(v, round(v)) for v in [*table["min"].dropna(), *table["max"].dropna()])


def test_an_event_is_compared_once_where_the_summary_counts_it(compare: Callable[..., pd.DataFrame]) -> None:
    russian = {**PLACED, "actors": RUSSIA, "grading": "fair"}
    rows = [
        {**russian, "incident_id": "A", "date_start": "2017-02-28", "killed_min": 10, "killed_max": 10},
        {**russian, "incident_id": "B", "date_start": "2017-03-01", "killed_min": 30, "killed_max": 30},
        {**russian, "incident_id": "C", "date_start": "2017-03-05", "killed_min": 7, "killed_max": 7},
        {**russian, "incident_id": "D", "date_start": "2017-03-06", "killed_min": 9, "killed_max": 9},
    ]
    rows[1] |= {"related": "same event:A"}
    rows[2] |= {"actors": COALITION}
    rows[3] |= {"related": "same event:C", "grading": "contested"}
    lines = [
        f"{month}-{actor}-{measure},S,2017-09-01,Aland,,2017-{month},{actor},{measure},documented,10,10"
        for month in ("02", "03")
        for actor in (RUSSIA, COALITION)
        for measure in ("civilians", "events")
    ]
    table = compare(rows, *lines)
    told = table[table["part"].isin(["counted", NOT_COMPARABLE])].set_index("total_id")
    figures = told.loc[told["part"] == "counted", ["min", "max", "incidents", "incident_ids"]]
    assert {key: row.tolist() for key, row in figures.iterrows()} == {
        f"02-{RUSSIA}-civilians": [10, 30, 1, "A|B"],
        f"02-{RUSSIA}-events": [1, 1, 1, "A|B"],
        f"03-{COALITION}-civilians": [7, 9, 1, "C|D"],
        f"03-{COALITION}-events": [1, 1, 1, "C|D"],
    }
    assert parts(compare(rows, lines[0], until=date(2017, 2, 28)))["counted"] == (10, 30, "A|B")
    assert parts(compare(rows, lines[6], only=(COALITION,)))["counted"] == (7, 9, "C|D")
