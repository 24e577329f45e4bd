from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
import random
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.actors import read_actors
from geo.errors import IncidentmapError, InputError, UsageError
from geo.readers.canonical import STATED
from geo.readers.rows import read_rows
from geo.readers.sums import judge_sums
from geo.readers.table import judge_incidents, read_incidents, write_incidents
from geo.reference import reference_path
from geo.schema import CRS, DTYPES, FIELDS, PRECISIONS, fields

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Refuse = Callable[..., list[str]]
    Read = Callable[..., pd.DataFrame]

HEADER = "incident_id,date,place,country,actors,killed_min,killed_max"
ROW = "a,2017-03-17,Mosul,Aland,russia,1,2"
PRECISE = f"write one of {', '.join(PRECISIONS)}"
INCOMPLETE = "last row is incomplete (4 of 7 cells) — complete it; the file may be cut off [incomplete-row]"
TOO_MANY = "has 8 cells where the header has 7 — put cells that contain the delimiter in quotes [cell-count]"
STRAY = 'write "" for a quote within a cell, and put the whole cell in quotes [stray-quote]'
AGAIN = "run again with --delimiter"
SINGLE = f"is one single column — {AGAIN}"
SINGLE_TAB = f'list.csv:1: value \'"date"\\t"place"\' — {SINGLE} TAB [delimiter]'
EXCEL = "is for Excel alone — delete that line"
JSON = "is JSON, not a table — export the table as CSV (UTF-8) [not-text]"
PROVED = "has the day first in row 3 — run again with --date-order dmy"
NO_DAY = "2017-17-03 is not a day of the calendar"
SMALL = f"{HEADER}\n{ROW}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let messages name a short path."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read(folder: Path, squares: gpd.GeoDataFrame) -> Read:
    """Return a function that writes a file and reads it, with two square countries for borders."""

    def run(content: str | bytes, **options: Any) -> pd.DataFrame:  # noqa: ANN401  # passed on
        data = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
        (folder / "list.csv").write_bytes(data)
        return read_incidents("list.csv", **{"regions": squares, **options})

    return run


@pytest.fixture
def refuse(read: Read) -> Refuse:
    """Return a function that writes a file, reads it, and returns the messages it is refused with."""

    def run(content: str | bytes, **options: Any) -> list[str]:  # noqa: ANN401  # passed on
        with pytest.raises(InputError) as refusal:
            read(content, **options)
        return str(refusal.value).splitlines()

    return run


def rows(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


# ---- what is read


def test_the_smallest_list(read: Read) -> None:
    incidents = read(rows("2017-03-20/21,Raqqa,Beland,,5,", header="date,place,country,actors,killed_min,killed_max"))
    assert list(incidents.columns) == [f.name for f in fields("stated")]
    assert {name: str(dtype) for name, dtype in incidents.dtypes.items()} == {
        f.name: DTYPES[f.kind] for f in fields("stated")
    }
    assert incidents.index.name == "row"
    (row,) = incidents.reset_index().to_dict("records")
    known = {name: value for name, value in row.items() if not pd.isna(value)}
    assert known.pop("incident_id").startswith("i")
    assert known == {
        "row": 2,
        "date_start": pd.Timestamp("2017-03-20"),
        "date_end": pd.Timestamp("2017-03-21"),
        "date_precision": "range",
        "place": "Raqqa",
        "country": "Beland",
        "actors": "unknown",
        "attribution": "unknown",
        "killed_min": 5,
    }


def test_the_built_in_list_is_read() -> None:
    path = reference_path("incidents.csv")
    incidents = read_incidents(path)
    with path.open(encoding="utf-8", newline="") as file:
        stated = list(csv.DictReader(file))
    assert incidents["incident_id"].tolist() == [row["incident_id"] for row in stated]
    for name in ("killed_min", "killed_max", "children_max"):
        assert incidents[name].fillna(-1).tolist() == [int(row[name] or -1) for row in stated]
    for name in ("place", "place_local", "description", "sources"):
        assert incidents[name].fillna("").tolist() == [row[name] for row in stated]


def test_every_cell_of_a_full_row(read: Read) -> None:
    stated = {
        "incident_id": "007",
        "date": "١٧ آذار ٢٠١٧",
        "place": "NA",
        "latitude": "0°30'00\"N",
        "longitude": "1.5",
        "location_precision": "Village",
        "actors": "Russian Military|US-led coalition",
        "grading": "contested",
        "killed_min": "1,472",
        "killed_max": "unknown",
        "injured_min": "none",
        "sources": "https://a.org|A book",
    }
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, stated)
    writer.writeheader()
    writer.writerow(stated)
    row = read(text.getvalue()).iloc[0]
    assert row["incident_id"] == "007"
    assert row["date_start"] == pd.Timestamp("2017-03-17")
    assert row["place"] == "NA"
    assert (row["latitude"], row["longitude"]) == (0.5, 1.5)
    assert row["location_precision"] == "village"
    assert (row["actors"], row["attribution"]) == ("russia|us-led-coalition", "shared")
    assert (row["killed_min"], row["injured_min"]) == (1472, 0)
    assert pd.isna(row["killed_max"])
    assert pd.isna(row["injured_max"])


@pytest.mark.parametrize(
    "text",
    ["NA", "None", "null", "True", "-", "1E5", "nan", "<b>", "{{7*7}}", "ا\u200cب", "a\u2028b", "\u202bالكبر\u202c"],
)
def test_texts_are_kept_as_they_stand(read: Read, text: str) -> None:
    assert read(rows(f"{text},2017-03-17,{text},,,,"))[["incident_id", "place"]].iloc[0].tolist() == [text, text]


@pytest.mark.parametrize("name", ["007", "1E5", "1234567890123456789", "٠٠٧"])
def test_ids_are_texts(read: Read, name: str) -> None:
    incidents = read(rows(f"{name},2017-03-17,Mosul,,,,"))
    assert incidents["incident_id"].tolist() == [name]
    write_incidents(incidents, "out.csv")
    with open("out.csv", encoding="utf-8") as file:  # noqa: PTH123  # relative on purpose
        assert file.readlines()[1].split(",")[0] == name


def test_one_column_of_ranges(folder: Path, squares: gpd.GeoDataFrame) -> None:
    cells = ["30–40", "at least 30", "100+", "up to 200", "12", "unknown", "", "٣٠–٤٠"]
    lines = [f'{number},2017-03-17,x,"{cell}"' for number, cell in enumerate(cells)]
    (folder / "list.csv").write_text(rows(*lines, header="incident_id,date,place,killed"), encoding="utf-8")
    incidents, problems = judge_incidents("list.csv", regions=squares)
    assert incidents["killed_min"].fillna(-1).tolist() == [30, 30, 100, 0, 12, -1, -1, 30]
    assert incidents["killed_max"].fillna(-1).tolist() == [40, -1, -1, 200, 12, -1, -1, 40]
    (problem,) = problems
    assert problem.severity == "finding"
    assert problem.message("list.csv") == (
        "list.csv:5 column 'killed': value 'up to 200' — names no minimum: read as 0 — "
        "write killed_min and killed_max if more is known [minimum-assumed]"
    )


def test_mgrs_alone_places_an_incident(read: Read) -> None:
    header = "date,place,mgrs"
    row = read(rows("2017-03-20,al-Badiya school,37SDV 780 636", header=header)).iloc[0]
    assert (row["latitude"], row["longitude"]) == pytest.approx((35.81675, 38.75702), abs=1e-5)
    assert row["mgrs"] == "37SDV 780 636"


def test_rows_are_numbered_as_a_spreadsheet_does(refuse: Refuse) -> None:
    text = f'{HEADER}\r\n{ROW}\r\n\r\n,,,,,,\r\n"b\r\nb",2017-03-17,,,,,\r\nc,2017-03-99,,,,,\r\n'
    (message,) = refuse(text)
    assert message == (
        "list.csv:6 column 'date': value '2017-03-99' — 2017-03-99 is not a day of the calendar — "
        "check day and month [date-impossible]"
    )


def test_a_list_without_actors_names_nobody(read: Read) -> None:
    incidents = read("date,place\n2017-03-17,Mosul\n")
    assert incidents[["actors", "attribution"]].iloc[0].tolist() == ["unknown", "unknown"]


def test_located_columns_are_kept(read: Read) -> None:
    header = "incident_id,date,place,precision,precision_km,located_by,location_note"
    incidents = read(rows("a,2017-03-17,Mosul,Town,4,regions:IQ-NI,a note", header=header))
    located = [f.name for f in fields("stated", "geocoded")]
    assert list(incidents.columns) == located
    assert incidents.iloc[0][["precision", "precision_km", "located_by"]].tolist() == ["town", 4.0, "regions:IQ-NI"]


# ---- ids made from the rows


def test_made_ids_do_not_depend_on_the_order_of_rows(read: Read) -> None:
    header = "date,place,killed_min"
    lines = [f"2017-03-{day:02},Mosul,{day % 3}" for day in range(1, 29)]
    shuffled = random.Random(1).sample(lines, len(lines))  # noqa: S311  # a shuffle
    first, second = read(rows(*lines, header=header)), read(rows(*shuffled, header=header))
    key = ["incident_id", "date_start", "killed_min"]
    pd.testing.assert_frame_equal(
        first[key].sort_values("incident_id", ignore_index=True),
        second[key].sort_values("incident_id", ignore_index=True),
    )
    assert first["incident_id"].is_unique
    spelt = read("place,date,women_max,killed_min\nMosul,1 March 2017,,1\n")
    assert spelt["incident_id"].iloc[0] == first["incident_id"].iloc[0]


def test_equal_rows_are_two_incidents_and_told(folder: Path, squares: gpd.GeoDataFrame) -> None:
    (folder / "list.csv").write_text(
        "date,place,killed\n2017-03-17,Mosul,1\n2017-03-17,Mosul ,1\n2017-03-17,Mosul,1\n", encoding="utf-8"
    )
    incidents, problems = judge_incidents("list.csv", regions=squares)
    first = incidents["incident_id"].iloc[0]
    assert incidents["incident_id"].tolist() == [first, f"{first}-2", f"{first}-3"]
    assert [problem.message("list.csv") for problem in problems] == [
        f"list.csv:{row} — is the same in every column as row 2 — delete it, unless both happened [identical-rows]"
        for row in (3, 4)
    ]


def test_rows_that_were_not_read_are_not_called_equal(folder: Path, squares: gpd.GeoDataFrame) -> None:
    (folder / "list.csv").write_text("date,place,killed\n03/04/2017,Mosul,1\n04/03/2017,Mosul,1\n", encoding="utf-8")
    _, problems = judge_incidents("list.csv", regions=squares)
    assert [problem.code for problem in problems] == ["date-order", "date-order"]


def test_an_empty_id_among_others_is_refused(refuse: Refuse) -> None:
    todo = "give every incident an id, or leave the column out [no-id]"
    assert refuse(rows(ROW, ",2017-03-17,Mosul,,,,")) == [
        f"list.csv:3 column 'incident_id': value '' — has no id — {todo}"
    ]


# ---- cells that are refused


def test_everything_wrong_is_said_in_one_run(refuse: Refuse) -> None:
    messages = refuse(
        rows(
            "a,03/04/2017,Mosul,Aland,russia,5,4",
            "b,2017-03-17,Mo\u202esul,Alanx,Rusia,-5,x",
            "A,17/03/2017,Mosul,Aland,russia,,",
            "c,2017-03-17,Mosul,Aland",
        )
    )
    proved = "the file has the day first in row 4: run again with --date-order dmy [date-order]"
    escape = "or list the actor in an --actors file if it is another one [actor-near-miss]"
    slip = "is no country; did you mean 'Aland'? — write the country as the regions do [country-misspelt]"
    range_ = "write the number, or a range such as '5-6' or '5+'; an empty cell means not known [count-unreadable]"
    turned = "contains U+202E RIGHT-TO-LEFT OVERRIDE at character 3 — delete that character [hostile-character]"
    twice = "is also the id of row 2 ('a'); the rows differ in killed_min, killed_max"
    width = "has 4 cells where the header has 7 — put cells that contain the delimiter in quotes [cell-count]"
    assert [message.removeprefix("list.csv:") for message in messages] == [
        f"2 column 'date': value '03/04/2017' — day or month first? 2017-04-03 or 2017-03-04 — {proved}",
        "2 column 'killed_min': value '5' — is above killed_max 4 — correct one of them [min-above-max]",
        f"3 column 'actors': value 'Rusia' — is one letter off; did you mean 'Russia'? — write 'Russia', {escape}",
        f"3 column 'country': value 'Alanx' — {slip}",
        f"3 column 'killed_max': value 'x' — is not a whole number — {range_}",
        "3 column 'killed_min': value '-5' — is below zero — write how many people, 0 or more [count-negative]",
        f"3 column 'place': value 'Mo\\u202esul' — {turned}",
        f"4 column 'date': value '17/03/2017' — day or month first? 2017-03-17 — {proved}",
        f"4 column 'incident_id': value 'A' — {twice} — give each incident its own id, or delete one [duplicate-id]",
        f"5: value 'c,2017-03-17,Mosul,Aland' — {width}",
    ]


def test_the_date_order_is_one_for_the_file(read: Read, refuse: Refuse) -> None:
    text = rows("a,03/04/2017,x,,,,", "b,17/03/2017,x,,,,")
    assert read(text, date_order="dmy")["date_start"].dt.date.tolist() == [date(2017, 4, 3), date(2017, 3, 17)]
    assert refuse(text, date_order="mdy") == [
        f"list.csv:1 column 'date': value '' — {PROVED} [date-orders]",
        f"list.csv:3 column 'date': value '17/03/2017' — {NO_DAY} — check day and month [date-impossible]",
    ]
    mixed = refuse(rows("a,17/03/2017,x,,,,", "b,03/17/2017,x,,,,"))
    assert {message.partition(" — ")[2].partition(" — ")[2] for message in mixed} == {
        "the file has the day first in row 2 and the month first in row 3: write all days as 2017-03-17 [date-order]"
    }


@pytest.mark.parametrize(
    ("column", "cell", "rest"),
    [
        ("latitude", "91", "is beyond 90 degrees — write the latitude in degrees [coordinate-range]"),
        ("latitude", "\u00ad0.5", "is not a coordinate — write decimal degrees such as 36.34 [coordinate-unreadable]"),
        ("latitude", "inf", "is not a coordinate — write decimal degrees such as 36.34 [coordinate-unreadable]"),
        ("longitude", "181", "is beyond 180 degrees — write the longitude in degrees [coordinate-range]"),
        (
            "longitude",
            "1.5 N",
            "is a latitude in the longitude column — exchange latitude and longitude [coordinate-axis]",
        ),
        ("latitude", "", "is empty, but there is a longitude — write both or neither [coordinate-half]"),
        ("longitude", "", "is empty, but there is a latitude — write both or neither [coordinate-half]"),
        ("location_precision", "vilage", f"is no value of this column; did you mean 'village'? — {PRECISE} [choice]"),
        ("mgrs", "38S", "is a grid zone, a thousand km high — write the 100 km square too [mgrs-unreadable]"),
        ("mgrs", "31NAA", "is 183.1 km away from the latitude and longitude of the row — keep the one that is right"),
        ("precision_km", "-1", "is not a number from 0 — write it in digits with a decimal point [number]"),
        ("place", "a\x00b", "contains U+0000 NULL at character 2 — delete that character [hostile-character]"),
        ("description", "a\x0bb", "contains U+000B VERTICAL TAB at character 2 — delete that character"),
        ("admin1", "\u2067x", "contains U+2067 RIGHT-TO-LEFT ISOLATE at character 1 — delete that character"),
        ("place", "x" * 70_000, "has 70,000 bytes, the limit is 65,536 — shorten it [cell-too-long]"),
    ],
)
def test_single_cells_that_are_refused(refuse: Refuse, column: str, cell: str, rest: str) -> None:
    stated = {"date": "2017-03-17", "latitude": "0.5", "longitude": "1.5", column: cell}
    (message,) = refuse(f"{','.join(stated)}\n{','.join(stated.values())}\n")
    assert message.startswith(f"list.csv:2 column '{column}': value '")
    assert rest in message


def test_the_cells_of_counts_are_read_by_what_is_counted(read: Read, refuse: Refuse) -> None:
    text = 'date,place,killed,injured\n2017-03-17,x,30\u00ad40,no injuries\n2017-03-17,x,between 5 and 12,"1 200"\n'
    counts = read(text)[["killed_min", "killed_max", "injured_min", "injured_max"]]
    assert counts.to_numpy().tolist() == [[30, 40, 0, 0], [5, 12, 1200, 1200]]
    messages = refuse('date,place,killed\n2017-03-17,x,no injuries\n2017-03-17,x,"12\n300"\n2017-03-17,x,5 and 12\n')
    assert [message.partition(" — ")[2].partition(" — ")[0] for message in messages] == [
        "may speak of others than are counted here",
        "has more than one line",
        "is two numbers",
    ]


def test_directions_may_turn_in_descriptions(read: Read) -> None:
    incidents = read(rows("2017-03-17,x,a\u202eb", header="date,place,description"))
    assert incidents["description"].tolist() == ["a\u202eb"]


def test_a_decimal_comma_is_read_when_asked_for(read: Read, refuse: Refuse) -> None:
    text = "date;place;latitude;longitude\n2017-03-17;x;0,5;1,5\n"
    incidents = read(text, delimiter=";", decimal=",")
    assert incidents[["latitude", "longitude"]].iloc[0].tolist() == [0.5, 1.5]
    assert all("has a decimal comma" in message for message in refuse(text, delimiter=";"))
    (message,) = refuse(text)
    assert message.endswith(" — is one single column — run again with --delimiter ; [delimiter]")


def test_with_a_decimal_comma_a_comma_in_a_count_is_doubtful(read: Read, refuse: Refuse) -> None:
    counts = ["12,000", "at least 1,200", "30-1,200", "more than 1,000", "up to 2,000,000"]
    text = "date;place;killed\n" + "".join(f"2017-03-17;x;{count}\n" for count in counts)
    told = "may be a fraction or thousands — write it without the comma [count-unclear]"
    messages = refuse(text, delimiter=";", decimal=",")
    assert [message.partition(" — ")[2] for message in messages] == [told] * len(counts)
    (message,) = refuse("date;place;killed_max\n2017-03-17;x;12,000\n", delimiter=";", decimal=",")
    assert message.endswith(f"column 'killed_max': value '12,000' — {told}")
    assert read(text, delimiter=";")["killed_min"].tolist() == [12_000, 1_200, 30, 1_001, 0]
    plain = read("date;place;killed\n2017-03-17;x;12 000\n", delimiter=";", decimal=",")
    assert plain["killed_min"].tolist() == [12_000]


# ---- headers and rows


def test_columns_that_are_missing_misspelt_or_twice(refuse: Refuse) -> None:
    slip = "value '' — is not a column of this table; did you mean"
    assert refuse("dat e,lattitude,lon,place,place,killed_mn\n2017-03-17,1,1,x,y,1\n") == [
        f"list.csv:1 column 'dat e': {slip} 'date'? — rename it to 'date' [misspelt-column]",
        "list.csv:1 column 'date': value '' — is missing — add it to the header [missing-column]",
        f"list.csv:1 column 'killed_mn': {slip} 'killed_min'? — rename it to 'killed_min' [misspelt-column]",
        f"list.csv:1 column 'lattitude': {slip} 'latitude'? — rename it to 'latitude' [misspelt-column]",
        f"list.csv:1 column 'lon': {slip} 'longitude'? — rename it to 'longitude' [misspelt-column]",
        "list.csv:1 column 'place': value '' — is in the header twice — keep one [duplicate-column]",
    ]


def test_columns_are_known_in_any_case(folder: Path, squares: gpd.GeoDataFrame) -> None:
    (folder / "list.csv").write_text("Date,PLACE,Killed_Min\n2017-03-17,x,4\n", encoding="utf-8")
    incidents, problems = judge_incidents("list.csv", regions=squares)
    assert (incidents["place"].iloc[0], incidents["killed_min"].iloc[0], problems) == ("x", 4, [])
    (folder / "list.csv").write_text("date,place,Place\n2017-03-17,x,y\n", encoding="utf-8")
    incidents, problems = judge_incidents("list.csv", regions=squares)
    assert incidents["place"].iloc[0] == "x"
    assert "Place" in [problem.column for problem in problems]


def test_other_columns_are_ignored_and_told(folder: Path, squares: gpd.GeoDataFrame) -> None:
    (folder / "list.csv").write_text("date,place,killed,witness_name,admin3\n2017-03-17,x,1,y,z\n", encoding="utf-8")
    incidents, problems = judge_incidents("list.csv", regions=squares)
    assert "witness_name" not in incidents
    assert [(problem.severity, problem.column, problem.code) for problem in problems] == [
        ("note", "admin3", "unknown-column"),
        ("note", "witness_name", "unknown-column"),
    ]


def test_columns_of_other_names_are_refused_and_named(refuse: Refuse) -> None:
    told = refuse("id,date,location,state,perpetrator,fatalities,url\na,2017-03-17,x,y,z,4,\n")
    assert [problem.partition("did you mean ")[2].partition("?")[0] for problem in told if "did you" in problem] == [
        "'killed'",
        "'incident_id'",
        "'place'",
        "'actors'",
        "'admin1'",
        "'sources'",
    ]
    assert "if it counts civilians alone, else to 'all_deaths', which is not read" in told[0]


def test_other_columns_beside_ours_are_no_reason_to_refuse(folder: Path, squares: gpd.GeoDataFrame) -> None:
    text = "date,place,killed_min,killed_max,fatalities,location\n2017-03-17,x,1,2,5,y\n"
    (folder / "list.csv").write_text(text, encoding="utf-8")
    _, problems = judge_incidents("list.csv", regions=squares)
    assert {problem.code for problem in problems} == {"unknown-column"}


def test_a_list_without_any_place_is_refused(refuse: Refuse) -> None:
    assert refuse("date,killed_min\n2017-03-17,1\n") == [
        "list.csv:1 column 'place': value '' — is missing — add it to the header [missing-column]"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"{SMALL}b,2017-03-17,Mosul,Aland",
            f"list.csv:3: value 'b,2017-03-17,Mosul,Aland' — {INCOMPLETE}",
        ),
        (
            f"{HEADER}\n{ROW},3\n",
            f"list.csv:2: value '{ROW},3' — {TOO_MANY}",
        ),
        (
            f'{SMALL}b,2017-03-17,"Mosul,,,,\nc,2017-03-17,x,,,,\n',
            "list.csv:3 — opens a quoted cell that is never closed — close it; the file may be cut off [open-quote]",
        ),
        (
            f'{SMALL}b,2017-03-17,"Mo"sul,,,,\n',
            f"list.csv:3 — has a quote in the middle of a cell — {STRAY}",
        ),
        ('date;place\n2017-03-17;"Mosul; market"\n', f"list.csv:1: value 'date;place' — {SINGLE} ; [delimiter]"),
        ('"date"\t"place"\n"2017-03-17"\t"Mosul"\n', SINGLE_TAB),
        ("sep=;\ndate;place\n2017-03-17;Mosul\n", f"list.csv:1: value 'sep=;' — {EXCEL} and {AGAIN} ; [delimiter]"),
        (f'"sep=,"\n{SMALL}', f"list.csv:1: value '\"sep=,\"' — {EXCEL} [delimiter]"),
        ('[{"date":"2024-10-03","place":"Pont"}]', f"list.csv — {JSON}"),
        ('{\n  "type": "FeatureCollection",\n  "features": []\n}\n', f"list.csv — {JSON}"),
        (
            f'{SMALL}b,2017-03-17,5" gun,,,,\n',
            f"list.csv:3 — has a quote in the middle of a cell — {STRAY}",
        ),
    ],
)
def test_rows_that_cannot_be_told_apart(refuse: Refuse, text: str, expected: str) -> None:
    assert refuse(text) == [expected]


def test_a_missing_line_end_is_no_fault(read: Read) -> None:
    assert len(read(SMALL.rstrip("\n"))) == 1


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", None),
        ("\n\n", None),
        ("\0\0\0", None),
        ("# a comment\n# another\n", None),
        (HEADER, 0),
        (f"{HEADER}\n,,,,,,\n", 1),
    ],
)
def test_a_file_without_incidents(refuse: Refuse, text: str, blank: int | None) -> None:
    counted = "" if blank is None else f" ({blank} blank rows)"
    assert refuse(text) == [f"list.csv — holds no incidents{counted} — check the file [no-rows]"]


def test_blank_rows_are_counted(folder: Path, squares: gpd.GeoDataFrame) -> None:
    (folder / "list.csv").write_text(f"{HEADER}\n\n,,,,,,\n{ROW}\n\n\n", encoding="utf-8")
    incidents, problems = judge_incidents("list.csv", regions=squares)
    assert incidents.index.tolist() == [4]
    assert [problem.message("list.csv") for problem in problems] == [
        "list.csv — has 2 blank rows — nothing, they are skipped [blank-rows]"
    ]


def test_too_many_columns(refuse: Refuse) -> None:
    (message,) = refuse(",".join(f"c{number}" for number in range(2000)) + "\n")
    assert message == "list.csv — has 2,000 columns, the limit is 500 — leave out what is not needed [too-many-columns]"


# ---- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_files_are_read(read: Read, encoding: str) -> None:
    bom = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    incidents = read(bom + rows("ا,2017-03-17,الموصل,,روسيا,,").encode(encoding))
    assert incidents[["incident_id", "place", "actors"]].iloc[0].tolist() == ["ا", "الموصل", "russia"]


def test_a_second_byte_order_mark_is_told(folder: Path, squares: gpd.GeoDataFrame) -> None:
    (folder / "list.csv").write_bytes(codecs.BOM_UTF8 * 2 + SMALL.encode())
    incidents, problems = judge_incidents("list.csv", regions=squares)
    assert incidents["incident_id"].tolist() == ["a"]
    assert [(problem.severity, problem.code) for problem in problems] == [("note", "bom")]


def test_windows_1256_is_recognised_not_guessed(read: Read, refuse: Refuse) -> None:
    data = rows("a,2017-03-17,الموصل,,روسيا,,").encode("cp1256")
    (message,) = refuse(data)
    assert message == (
        "list.csv:2 column 'place': value '\\\\xc7\\\\xe1\\\\xe3\\\\xe6\\\\xd5\\\\xe1'"
        " — byte 0xC7 is not UTF-8; looks like Windows-1256 ('الموصل')"
        " — run again with --encoding windows-1256 [encoding]"
    ).replace("\\\\", "\\")
    incidents = read(data, encoding="windows-1256")
    assert incidents[["place", "actors"]].iloc[0].tolist() == ["الموصل", "russia"]


@pytest.mark.parametrize(("text", "encoding"), [("Zürich", "windows-1252"), ("Донецк", "windows-1251")])
def test_other_encodings_of_one_byte_are_named(refuse: Refuse, text: str, encoding: str) -> None:
    (message,) = refuse(rows(f"a,2017-03-17,{text},,,,").encode(encoding))
    assert f"looks like {encoding.title()} ('{text}') — run again with --encoding {encoding}" in message


def test_mixed_encodings_are_named_cell_by_cell(refuse: Refuse) -> None:
    lines = [SMALL.encode(), "b,2017-03-17,الموصل,,,,\n".encode(), "c,2017-03-17,الموصل,,الرقة,,\n".encode("cp1256")]
    messages = refuse(b"".join(lines))
    assert [message.partition(": value")[0] for message in messages] == [
        "list.csv:4 column 'actors'",
        "list.csv:4 column 'place'",
    ]
    assert all("though other cells of the file are — save the whole file as UTF-8" in message for message in messages)


def test_half_a_surrogate_pair_is_named(refuse: Refuse) -> None:
    (message,) = refuse(rows("a,2017-03-17,x\ud800y,,,,"))
    assert "contains U+D800, half of a surrogate pair — delete that character [encoding]" in message
    assert message.startswith("list.csv:2 column 'place'")


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"\x80\x04\x95\x10\x00\x00", "not text: first bytes 80 04"),
        (b"PK\x03\x04\x14\x00", "is a zip file or a workbook"),
        (b"%PDF-1.7", "is a PDF"),
        (b"SQLite format 3\x00", "is a SQLite or GeoPackage file"),
    ],
)
def test_files_that_are_no_text(refuse: Refuse, data: bytes, wrong: str) -> None:
    (message,) = refuse(data)
    assert message.startswith(f"list.csv — {wrong} — ")
    assert message.endswith("[not-text]")


@pytest.mark.parametrize(
    "path", ["http://host/x.csv", "/vsicurl/https://host/x.csv", "/dev/zero", ".", "absent.csv", "pipe", "loop"]
)
def test_what_is_no_file_is_refused_at_once(folder: Path, path: str) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder / "loop")
    with pytest.raises(UsageError):
        read_incidents(path)


@pytest.mark.parametrize("name", ["klingon", "rot13", "base64", "hex", "zip", "bz2", "quopri", "uu", "undefined"])
def test_what_is_no_encoding_of_text(read: Read, name: str) -> None:
    with pytest.raises(UsageError, match=f"unknown encoding '{name}'; try utf-8"):
        read(SMALL, encoding=name)


@pytest.mark.parametrize("options", [{"delimiter": ""}, {"delimiter": '"'}, {"delimiter": "،"}])
def test_settings_that_are_none(read: Read, options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        read(SMALL, **options)


# ---- writing


def test_written_lists_read_back_unchanged(folder: Path) -> None:
    incidents = read_incidents(reference_path("incidents.csv"))
    write_incidents(incidents, folder / "once.csv")
    again = read_incidents(folder / "once.csv")
    pd.testing.assert_frame_equal(again, incidents)
    write_incidents(again, folder / "twice.csv")
    assert (folder / "once.csv").read_bytes() == (folder / "twice.csv").read_bytes()


def test_formulas_are_guarded_and_read_back(folder: Path, squares: gpd.GeoDataFrame, read: Read) -> None:
    texts = [
        "=HYPERLINK(1)",
        "=cmd|x",
        "+1",
        "-2",
        "@x",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "- Near Mosul, one strike…",
        "'=x",
        "''-x",
        "'x",
        "a=b",
    ]
    lines = [f'{number},2017-03-17,"{text}"' for number, text in enumerate(texts)]
    incidents = read(rows(*lines, header="incident_id,date,place"))
    assert incidents["place"].tolist() == [*texts[:10], "=x", "'-x", "'x", "a=b"]
    incidents["place"] = texts
    write_incidents(incidents, folder / "out.csv")
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        written = [row["place"] for row in csv.DictReader(file)]
    assert written == ["'" + text for text in texts[:12]] + texts[12:]
    assert read_incidents(folder / "out.csv", regions=squares)["place"].tolist() == texts


def test_a_point_is_written_where_no_coordinates_are_stated(
    folder: Path, squares: gpd.GeoDataFrame, read: Read
) -> None:
    incidents = read("date,place,latitude,longitude\n2017-03-17,a,0.5,1.5\n2017-03-17,b,,\n2017-03-17,c,,\n")
    geometry = [shapely.Point(9, 9), shapely.Point(1.25, 0.1234567891), None]
    placed = incidents.assign(precision="town", precision_km=4.0, located_by=pd.array([None] * 3, dtype="str"))
    located = gpd.GeoDataFrame(placed, geometry=geometry, crs=CRS)
    write_incidents(located, folder / "out.csv")
    back = read_incidents(folder / "out.csv", regions=squares)
    assert back["latitude"].fillna(-1).tolist() == [0.5, 0.1234568, -1]
    assert back["longitude"].fillna(-1).tolist() == [1.5, 1.25, -1]
    assert back["precision"].tolist() == ["town"] * 3


turning = "".join(map(chr, [0x202D, 0x202E, *range(0x2066, 0x206A)]))
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=turning), max_size=8
) | st.sampled_from(["=1", "'-x", "a,b", 'say "x"', "two\nlines", "ends\r\n", " NA ", "١٢", "x\u2028y"])
counts = st.none() | st.integers(0, 10_000_000)
spans = st.tuples(st.dates(date(2000, 1, 1), date(2020, 1, 1)), st.integers(0, 60))


@st.composite
def incident_rows(draw: st.DrawFn) -> dict[str, Any]:
    """Return the cells of a row as a person may write them."""
    start, days = draw(spans)
    end = date.fromordinal(start.toordinal() + days)
    low, high = draw(counts), draw(counts)
    if low is not None and high is not None:
        low, high = sorted((low, high))
    north, east = (st.floats(-top, -1) | st.floats(1, top) for top in (89, 179))  # a zero is the null island
    place = draw(st.none() | st.tuples(north, east))
    return {
        "date": draw(st.sampled_from([f"{start}", f"{start}/{end}", f"{start:%Y-%m}"])),
        "place": draw(texts),
        "description": draw(texts),
        "sources": draw(texts),
        "latitude": "" if place is None else f"{place[0] + 1e-7:.9f}",
        "longitude": "" if place is None else f"{place[1] + 1e-7:.9f}",
        "actors": draw(st.sampled_from(["", "Russia", "Somebody new", "Turkey|isis"])),
        "killed_min": "" if low is None else f"{low}",
        "killed_max": "" if high is None else f"{high:,}",
        "precision_km": draw(st.sampled_from(["", "0.1", "4", "2.5000"])),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(incident_rows(), min_size=1, max_size=6))
def test_any_list_that_is_read_is_written_and_read_the_same(
    folder: Path, squares: gpd.GeoDataFrame, stated: list[dict[str, Any]]
) -> None:
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, stated[0])
        writer.writeheader()
        writer.writerows(stated)
    incidents = read_incidents("list.csv", regions=squares)
    write_incidents(incidents, "once.csv")
    again = read_incidents("once.csv", regions=squares)
    pd.testing.assert_frame_equal(again, incidents)
    write_incidents(again, "twice.csv")
    assert (folder / "once.csv").read_bytes() == (folder / "twice.csv").read_bytes()
    with (folder / "list.csv").open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if any(cell.strip() for cell in row.values())]
    assert [int(row["killed_min"] or -1) for row in kept] == incidents["killed_min"].fillna(-1).tolist()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | st.text().map(lambda text: f"{HEADER}\n{text}".encode(errors="surrogatepass")))
def test_any_bytes_are_a_list_or_refused(folder: Path, squares: gpd.GeoDataFrame, data: bytes) -> None:
    (folder / "list.csv").write_bytes(data)
    with contextlib.suppress(IncidentmapError):
        read_incidents("list.csv", regions=squares)


def test_damaged_files_are_refused_or_keep_their_totals(folder: Path, squares: gpd.GeoDataFrame) -> None:
    """Bytes of the built-in list are changed: no crash, and no row vanishes without a word."""
    data = reference_path("incidents.csv").read_bytes()
    actors, whole = read_actors(), len(read_incidents(reference_path("incidents.csv"), regions=squares))
    dice = random.Random(20170403)  # noqa: S311  # no secret
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(dice.randint(1, 3)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        (folder / "list.csv").write_bytes(bytes(damaged))
        with contextlib.suppress(InputError):
            assert len(read_incidents("list.csv", actors=actors, regions=squares)) == whole


def test_reading_does_not_depend_on_locale_or_time_zone(folder: Path) -> None:
    """The clock of the other side of the world and a locale without Unicode change nothing."""
    code = (
        "from geo.readers.table import *; from geo.reference import reference_path as p;"
        "write_incidents(read_incidents(p('incidents.csv')), 'out.csv')"
    )
    root = str(reference_path("incidents.csv").parents[1])
    written = set()
    for zone, locale in (("Pacific/Kiritimati", "C"), ("America/Los_Angeles", "C.UTF-8")):
        environment = {
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONPATH": root,
            "PATH": os.environ["PATH"],
            "PYTHONHASHSEED": "1",
        }
        subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
        written.add((folder / "out.csv").read_bytes())
    assert len(written) == 1


def test_the_columns_of_a_file_are_those_of_the_table() -> None:
    stated = [f.name for f in FIELDS if f.stage == "stated" and not f.name.startswith("date_")]
    assert sorted(STATED) == sorted([*stated, "date"])
    assert np.unique(STATED).size == len(STATED)


@pytest.fixture
def judged(folder: Path, squares: gpd.GeoDataFrame) -> Callable[[str], list[str]]:
    """Return a function that writes a file and returns what is said of it, each with its severity."""

    def run(content: str) -> list[str]:
        (folder / "list.csv").write_text(content, encoding="utf-8", newline="")
        problems = judge_incidents("list.csv", regions=squares)[1]
        return [f"{problem.severity} {problem.message('list.csv')}" for problem in problems]

    return run


@pytest.mark.parametrize("other", ["Killed_min", "KILLED_MIN", "Date"])
def test_columns_that_differ_in_case_alone_are_refused(refuse: Refuse, other: str) -> None:
    wrong = "is in the header twice, in other case — keep one [duplicate-column]"
    assert refuse(f"{HEADER},{other}\n{ROW},40\n") == [f"list.csv:1 column '{other}': value '' — {wrong}"]


def test_a_file_that_ends_within_a_number_is_told(judged: Callable[[str], list[str]]) -> None:
    wrong = "ends the file without a line end — see that it is whole: the file may be cut off [cut-end]"
    assert judged(f"{HEADER}\n{ROW}5") == [f"note list.csv:2 column 'killed_max': value '25' — {wrong}"]
    assert judged(f"{HEADER}\n{ROW}5\n") == []


def test_blank_lines_above_the_header_are_skipped_and_counted(judged: Callable[[str], list[str]]) -> None:
    blank = "note list.csv — has 2 blank rows — nothing, they are skipped [blank-rows]"
    assert judged(f"\r\n,,,,,,\r\n{SMALL}") == [blank]
    told = judged(f"\n\n{SMALL}b,2017-03-17,Mosul,Aland,russia,x,2\nc,2017-03-17,Mosul\n")
    assert [line.partition(" — ")[0] for line in told] == [
        "note list.csv",
        "error list.csv:5 column 'killed_min': value 'x'",
        "error list.csv:6: value 'c,2017-03-17,Mosul'",
    ]


@pytest.mark.parametrize("title", ["Our incidents\n", "Our incidents,,,,,,\n", "Our incidents\nas of May\n\n"])
def test_a_title_above_the_header_is_told_as_such(refuse: Refuse, title: str) -> None:
    wrong = "is a title, not the names of the columns — delete what stands above the header [title-row]"
    assert refuse(title + SMALL) == [f"list.csv:1: value 'Our incidents' — {wrong}"]


def test_a_single_column_is_no_title(refuse: Refuse) -> None:
    assert not [line for line in refuse("place\nEl Fasher, Sudan\n") if "title-row" in line]


@pytest.mark.parametrize(
    ("name", "todo"),
    [
        ("Killed (civilians)", "rename it to 'killed' if"),
        ("total killed", "rename it to 'killed' if"),
        ("casualties", "rename it to 'killed' if"),
        ("killed_low", "rename it to 'killed_min' if"),
        ("deaths_max", "rename it to 'killed_max' if"),
        ("coordinates", "write 'latitude' and 'longitude' in two columns"),
    ],
)
def test_a_column_that_may_hold_what_counts_is_a_finding(
    judged: Callable[[str], list[str]], name: str, todo: str
) -> None:
    told = judged(f"date,place,{name}\n2017-03-17,Mosul,12\n")
    doubt = f"finding list.csv:1 column '{name}': value '' — is not a column of this table and not read — {todo}"
    assert [line for line in told if line.startswith(doubt)]
    assert [line for line in told if line.endswith("[no-toll]")]
    renamed = todo.replace("killed", "all_deaths").partition("'")[2].partition("'")[0]
    if renamed:
        told = judged(f"date,place,killed,{renamed}\n2017-03-17,Mosul,1,12\n")
        assert [line for line in told if line.startswith("finding")] == []
    beside = judged(f"date,place,killed,latitude,longitude,{name}\n2017-03-17,Mosul,1,,,12\n")
    assert [line for line in beside if line.startswith("finding")] == []


@pytest.mark.parametrize(
    "name",
    ["event_date", "Date de l'incident", "Date de l’événement", "Fecha", "Datum", "Дата", "التاريخ", "start_date"],
)
def test_other_names_of_dates_are_pointed_out(refuse: Refuse, judged: Callable[[str], list[str]], name: str) -> None:
    told = refuse(f"{name},date_end,place,killed\n2017-03-17,2017-03-18,x,1\n")
    missing, found = sorted(told, key=lambda line: line.rpartition(" ")[2])
    last = ", and write the last day into it too, as FIRST/LAST" * (name == "start_date")
    assert found.endswith(f"did you mean 'date'? — rename it to 'date'{last} [misspelt-column]")
    assert missing.endswith("is missing — add it to the header [missing-column]")
    beside = judged(f"date,{name},place,killed\n2017-03-17,2017-03-18,x,1\n")
    assert [line.rpartition(" ")[2] for line in beside] == ["[unknown-column]"]


@pytest.mark.parametrize("name", ["City", "Who"])
def test_other_names_of_places_and_actors_are_pointed_out(refuse: Refuse, name: str) -> None:
    column = {"City": "place", "Who": "actors"}[name]
    lines = refuse(f"date,killed,admin1,{name}\n2017-03-17,1,North,x\n")
    assert [f"did you mean '{column}'?" in line for line in lines] == [True]


def test_findings_quote_the_cell_as_it_is_written(judged: Callable[[str], list[str]]) -> None:
    cells = "c. 1 June 2017,Aland,30°N,1°E"
    told = judged(f"date,country,latitude,longitude,killed\n{cells},5\n")
    assert [line.partition(" — ")[0] for line in told] == [
        "finding list.csv:2 column 'date': value 'c. 1 June 2017'",
        "error list.csv:2 column 'latitude': value '30°N'",
    ]


def test_rows_that_ask_to_be_withheld_are_refused(judged: Callable[[str], list[str]]) -> None:
    rows = [
        f"{HEADER},Embargo_Until,sensitivity",
        f"{ROW},2030-01-01,",
        f"b{ROW[1:]},,severe",
        f"c{ROW[1:]},,",
        f"d{ROW[1:]},,no",
        "",
    ]
    told = [line for line in judged("\n".join(rows)) if "[withheld]" in line]
    assert [line.split(" — ")[0] for line in told] == [
        "error list.csv:2 column 'Embargo_Until': value '2030-01-01'",
        "error list.csv:3 column 'sensitivity': value 'severe'",
    ]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *(("place", word) for word in ("Total", "TOTAL", "* Totals *", "Total:", "Total: March", "Sum")),
        *(("place", word) for word in ("Total Aland", "Total for March 2017", "Total killed", "Total (2017)")),
        *(("place", word) for word in ("Subtotal Mosul", "Grand total", "المجموع", "الإجمالي", "المجموع الكلي")),
        *(("place", word) for word in ("Sous-total", "Total général", "Gesamt", "Insgesamt", "Toplam", "Усього")),
        *(
            ("place", word)
            for word in ("Total number of killed", "Total no. of deaths", "Total for the month of March")
        ),
        *(("place", word) for word in ("Mosul total", "Aland (total)", "Total Aland and Beland", "March 2017 total")),
        *(("place", word) for word in ("Monthly total", "Sum of above", "Total of all incidents", "Deaths (total)")),
        *(("place", word) for word in ("إجمالي عدد القتلى", "مجموع شهر آذار", "العدد الإجمالي للقتلى", "جمع کل")),
        *(
            ("place", word)
            for word in ("Nombre total de morts", "Total pour le mois de mars", "Aland et Beland : total")
        ),
        *(("place", word) for word in ("Número total de civiles muertos", "Total del mes", "Total de mortos")),
        *(
            ("place", word)
            for word in ("Итого за март", "Всего погибло", "Усього загинуло", "Загальна кількість загиблих")
        ),
        *(("place", word) for word in ("Toplam ölü sayısı", "Mart toplamı", "Mosul toplam")),
        *(("actors", word) for word in ("Total", "Total Russia")),
        *(("description", word) for word in ("Total", "Total:")),
    ],
)
def test_a_sum_among_the_rows_is_refused(refuse: Refuse, column: str, text: str) -> None:
    header = "date,place,actors,killed,description"
    cells = {"place": "", "actors": "", "description": ""} | {column: text}
    row = f"2017-03,{cells['place']},{cells['actors']},19,{cells['description']}"
    told = refuse(rows("2017-03-17,Mosul,Russia,19,x", row, header=header))
    wrong = "is a sum of other rows, not an incident — delete the row: its people would be counted twice [sum-row]"
    assert told == [f"list.csv:3 column '{column}': value '{text}' — {wrong}"]


@pytest.mark.parametrize(
    "place",
    [
        "Total petrol station - mortar attack",
        "Total depot of Civilian Fuel",
        "Total petrol station",
        "TotalEnergies site",
        "Totalan",
        "Soma",
        "Somme",
        "Sumy",
        "Totalpur",
        "Camp Total",
        "Mosul Total station",
        "Killed at Total",
    ],
)
def test_a_place_that_sounds_like_a_sum_is_none(read: Read, place: str) -> None:
    described = "Total destruction of the market. Total: 19 killed"
    assert len(read(rows(f"2017-03-17,{place},19,{described}", header="date,place,killed,description"))) == 1


def test_no_place_of_the_gazetteer_is_taken_for_a_sum(tmp_path: Path, regions: gpd.GeoDataFrame) -> None:
    places = pd.read_parquet(reference_path("gazetteer.parquet"), columns=["name", "alternates"])
    names = pd.concat([places["name"], places["alternates"].str.split("|").explode()]).dropna().drop_duplicates()
    path = tmp_path / "list.csv"
    pd.DataFrame({"place": [*names, "Total Mosul"]}).to_csv(path, index=False)
    assert [problem.value for problem in judge_sums(read_rows(path), regions)] == ["Total Mosul"]


@pytest.mark.parametrize(
    ("place", "severity"),
    [
        *((place, "error") for place in ("Total, Syria", "Total Syria and Iraq", "Всего по Сирия", "Syria, total")),
        *((place, "error") for place in ("إجمالي عدد القتلى في سوريا", "Killed in Mosul, total", "Mosul - total")),
        *((place, "finding") for place in ("Gao, Total", "Sum, Mosul", "Total in Mosul", "Total 19", "Total: bridges")),
        *((place, "finding") for place in ("Всего 3 км от Алеппо", "Всього за 2 км від Куп'янська", "Total Dead Sea")),
        *((place, "finding") for place in ("Всего в 3 км от Алеппо", "Halep, toplam 3 ev", "Total killed by bombs")),
        *((place, "finding") for place in ("Aleppo - insgesamt drei Häuser", "في حلب إجمالي ثلاثة مواقع")),
        *(
            (place, "")
            for place in ("Jam' Al Sum", "Al Sum", "Aleppo, al-Sum street", "Total Victory Square", "Gao, Total depot")
        ),
    ],
)
def test_what_is_no_sure_sum_is_never_to_be_deleted(
    tmp_path: Path, regions: gpd.GeoDataFrame, place: str, severity: str
) -> None:
    path = tmp_path / "list.csv"
    pd.DataFrame({"place": [place, "Mosul", "Gao"], "killed": [3, 1, 1]}).to_csv(path, index=False)
    told = judge_sums(read_rows(path), regions)
    assert [problem.severity for problem in told] == [severity] * bool(severity)
    assert all(problem.todo.startswith("delete the row") == (problem.severity == "error") for problem in told)


def test_a_row_with_nothing_but_a_date_is_a_heading(refuse: Refuse, read: Read) -> None:
    told = refuse(rows("2017-03,,,", "2017-03-17,Mosul,,3", "2017-04,,Aland,", header="date,place,country,killed"))
    wrong = "stands alone in its row: a heading, not an incident — delete the row, or write what is known of it"
    assert told == [
        f"list.csv:{row} column 'date': value '{date}' — {wrong} [heading-row]"
        for row, date in ((2, "2017-03"), (4, "2017-04"))
    ]
    assert len(read(rows("2017-03,,,", "2017-04,,Aland,", header="date,place,country,killed"))) == 2


@pytest.mark.parametrize("name", ["civilians_killed", "Of whom civilians", "civilian_deaths", "dont civils", "civ"])
def test_a_column_of_civilians_beside_killed_is_asked_about(
    refuse: Refuse, judged: Callable[[str], list[str]], name: str
) -> None:
    todo = "if this one, rename it to 'killed' and 'killed' to 'all_deaths', which is not read; else leave it out"
    wrong = f"stands beside 'killed': which of them counts the civilians killed? — {todo} [killed-twice]"
    assert refuse(f"date,place,killed,{name}\n2017-03-17,Mosul,41,10\n") == [
        f"list.csv:1 column '{name}': value '' — {wrong}"
    ]
    assert judged("date,place,all_deaths,killed\n2017-03-17,Mosul,41,10\n")[0].endswith("[unknown-column]")
    told = refuse(f"date,place,killed_min,killed_max,{name}_min\n2017-03-17,Mosul,41,41,10\n")[0]
    assert "stands beside 'killed_max' and 'killed_min'" in told
    assert "to 'killed_min' and 'killed_max' and 'killed_min' to 'all_deaths_max' and 'all_deaths_min'" in told


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("civil_defence_report_url", "https://scd.example.org/r/17"),
        ("Civil Defence", "SCD-12"),
        ("civilians", "hospital no 2"),
        ("civilian_harm", "1"),
    ],
)
def test_a_column_that_holds_no_numbers_of_civilians_is_none(
    judged: Callable[[str], list[str]], name: str, cell: str
) -> None:
    told = judged(f"date,place,killed,{name}\n2017-03-17,Mosul,41,{cell}\n")
    assert not [one for one in told if "killed-twice" in one]


@pytest.mark.parametrize("name", ["civilians_injured", "non_civilians", "civilian_targeting", "militants_killed"])
def test_a_column_of_others_beside_killed_is_ignored(judged: Callable[[str], list[str]], name: str) -> None:
    told = judged(f"date,place,killed,{name}\n2017-03-17,Mosul,41,10\n")
    assert [line.rpartition(" ")[2] for line in told] == ["[unknown-column]"]
