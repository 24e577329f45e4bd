from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.actors import read_actors
from geo.coverage import STATUSES, count_days, cover_days, cover_months, merge_codes, read_coverage
from geo.errors import InputError
from geo.regions import read_regions

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

DAYS = [date(2017, 3, 1) + timedelta(days=k) for k in range(31)]
NAMES = ("source", "adm0_pcode", "adm1_pcode", "actor", "from", "to", "status")
KEEP = "keep the one that holds [coverage-contradict]"

WINDOW = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["S", "T"]),
        "adm0_pcode": st.sampled_from(["AA", "BB"]),
        "adm1_pcode": st.none() | st.sampled_from(["A1", "A2"]),
        "actor": st.none() | st.sampled_from(["us-led-coalition", "france", "russia"]),
        "from": st.sampled_from(DAYS),
        "to": st.none() | st.sampled_from(DAYS),
        "status": st.sampled_from(STATUSES[:4]),
    }
)


def frame(windows: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(windows, columns=list(NAMES))
    text = ("source", "adm0_pcode", "adm1_pcode", "actor", "status")
    return table.astype({**dict.fromkeys(text, "str"), "from": "datetime64[us]", "to": "datetime64[us]"})


def by_hand(windows: list[dict[str, Any]], day: date, region: str | None, kin: list[str]) -> str:
    """The status of one day in country AA, window by window."""
    told: dict[str, list[str]] = {}
    for window in windows:
        here = window["adm0_pcode"] == "AA" and window["adm1_pcode"] in (None, region)
        then = window["from"] <= day and (window["to"] is None or day <= window["to"])
        if here and then and (window["actor"] is None or window["actor"] in kin):
            told.setdefault(window["source"], []).append(window["status"])
    worst = [max(statuses, key=STATUSES.index) for statuses in told.values()]
    return min(worst, key=STATUSES.index) if worst else "not stated"


@settings(max_examples=150, deadline=None)
@given(windows=st.lists(WINDOW, max_size=6), region=st.sampled_from([None, "A1"]))
def test_each_day_is_covered_as_the_windows_say(windows: list[dict[str, Any]], region: str | None) -> None:
    kin = ["france", "us-led-coalition"]
    days = np.array(DAYS, dtype="datetime64[D]")
    codes = cover_days(frame(windows), days, place=("AA", region), kin=kin)
    assert [STATUSES[code] for code in codes] == [by_hand(windows, day, region, kin) for day in DAYS]


@settings(max_examples=30, deadline=None)
@given(windows=st.lists(WINDOW, max_size=6))
def test_each_actor_is_covered_by_its_own_windows_and_those_above_it(windows: list[dict[str, Any]]) -> None:
    units = pd.DataFrame({"level": [1, 1], "pcode": ["A1", "A2"], "parent": ["AA", "AA"]})
    kin = {"france": ["france", "us-led-coalition"], **{one: [one] for one in ("russia", "iran", "us-led-coalition")}}
    found = cover_months(frame(windows), units=units, months=["2017-03"], actors=read_actors(), named=kin)
    for actor, line in kin.items():
        told = [[by_hand(windows, day, region, line) for day in DAYS] for region in ("A1", "A2")]
        expected = [merge_codes(np.array([STATUSES.index(s) for s in days], dtype=np.int8)) for days in told]
        assert found[actor].tolist() == [[code] for code in expected]


@pytest.mark.parametrize(
    ("codes", "together"),
    [
        ([0, 0], "covered"),
        ([0, 4], "partial"),
        ([1, 3], "partial"),
        ([2, 2], "suspended"),
        ([2, 4], "suspended"),
        ([3, 4], "not covered"),
        ([], "not stated"),
    ],
)
def test_only_what_is_covered_throughout_is_covered(codes: list[int], together: str) -> None:
    assert STATUSES[merge_codes(np.array(codes, dtype=np.int8))] == together


def test_a_month_that_ends_in_a_suspension_is_partial(squares: gpd.GeoDataFrame) -> None:
    rows = [
        {"source": "S", "adm0_pcode": "AA", "actor": "russia", "from": date(2017, 2, 1), "status": "covered"},
        {"source": "S", "adm0_pcode": "AA", "actor": "russia", "from": date(2017, 3, 24), "status": "suspended"},
        {"source": "S", "adm0_pcode": "AA", "adm1_pcode": "A1", "from": date(2017, 1, 1), "status": "not covered"},
    ]
    windows = frame(rows)
    units = squares[squares["level"] == 1]
    months = ["2017-01", "2017-02", "2017-03", "2017-04"]
    found = cover_months(windows, units=units, months=months, actors=read_actors(), named=["russia"])["russia"]
    assert [[STATUSES[code] for code in line] for line in found.tolist()] == [
        ["not covered"] * 4,
        ["not stated", "covered", "partial", "suspended"],
        ["not stated"] * 4,
    ]
    march = cover_days(windows, np.array(DAYS, dtype="datetime64[D]"), place=("AA", None), kin=["russia"])
    assert count_days(march) == {"covered": 23, "suspended": 8}


def test_a_file_is_looked_up_in_the_regions(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "coverage.csv"
    path.write_text(
        "country,admin1,actor,from,to,status\nAland,Westland,Russian Military,2017-01-01,,covered\n", encoding="utf-8"
    )
    window = read_coverage(path, actors=read_actors(), regions=squares).iloc[0]
    assert (window["adm0_pcode"], window["adm1_pcode"], window["actor"]) == ("AA", "A1", "russia")


def test_what_is_wrong_in_a_file_is_said_at_once(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "coverage.csv"
    lines = [
        "country,admin1,from,to,status,url",
        "Atlantis,,2017-01-01,,covered,https://user:pw@e.org/",
        "Aland,Nowhere,2017-03,,covered,",
        "Aland,,2017-03-01,2017-01-01,maybe,",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_coverage(path, actors=read_actors(), regions=squares)
    assert [(p.row, p.column, p.code) for p in caught.value.problems] == [
        (2, "country", "coverage-region"),
        (2, "url", "source-secret"),
        (3, "admin1", "coverage-region"),
        (3, "from", "not-a-day"),
        (4, "status", "choice"),
        (4, "to", "date-backwards"),
    ]


def test_windows_that_contradict_each_other_are_refused(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "coverage.csv"
    lines = [
        "source,country,admin1,from,to,status",
        "X,Aland,,2017-03-01,2017-03-31,covered",
        "X,AA,,2017-03-01,2017-03-31,not covered",
        "X,Aland,,2017-03-01,2017-03-31,covered",
        "X,Aland,,2017-03-01,2017-03-20,suspended",
        "X,Aland,Westland,2017-03-01,2017-03-31,suspended",
        "Y,Aland,,2017-03-01,2017-03-31,partial",
        "Z,Aland,,2017-03-01,,covered",
        "Z,Aland,,2017-03-01,,partial",
        "Z,Aland,Nowhere,2017-03-01,,suspended",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_coverage(path, actors=read_actors(), regions=squares)
    assert [problem.message("coverage.csv") for problem in caught.value.problems] == [
        f"coverage.csv:{row} column '{column}': value '{text}' — {wrong}"
        for row, column, text, wrong in (
            (3, "status", "not covered", f"contradicts row 2, 'covered' — {KEEP}"),
            (9, "status", "partial", f"contradicts row 8, 'covered' — {KEEP}"),
            (10, "admin1", "Nowhere", "is none of the regions — write it as the regions do [coverage-region]"),
        )
    ]


def test_the_built_in_windows_hold_the_suspension_of_march_2017() -> None:
    actors, regions = read_actors(), read_regions()
    windows = read_coverage(actors=actors, regions=regions)
    days = np.array(["2017-03-23", "2017-03-24", "2017-04-30"], dtype="datetime64[D]")
    russia, coalition = (cover_days(windows, days, place=("SY", None), kin=[k]) for k in ("russia", "us-led-coalition"))
    assert [STATUSES[code] for code in russia] == ["partial", "suspended", "suspended"]
    assert [STATUSES[code] for code in coalition] == ["partial"] * 3
