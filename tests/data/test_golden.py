"""The golden results, recounted from the files by plain loops, and the page that tells them."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from geo.actors import read_actors
from layers.counts import regroup, share_actors, total_ranges

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

ROOT = Path(__file__).resolve().parents[2]
EVALUATION = "shared/eval/import/airwars_syria_incidents.csv"
PARTIES = ("isis", "russia", "coalition", "government")


def figures() -> dict[str, int]:
    with (ROOT / "data" / "totals.csv").open(encoding="utf-8", newline="") as file:
        return {row["total_id"]: int(row["min"]) for row in csv.DictReader(file) if row["min"].isdecimal()}


def snhr(party: str, measure: str) -> int:
    return figures()[f"snhr-2017-03-{party}-{measure}"]


def page() -> str:
    return (ROOT / "data" / "golden.md").read_text(encoding="utf-8")


def test_the_page_is_what_its_script_prints() -> None:
    script = [sys.executable, "data/compile/golden.py"]
    printed = subprocess.run(script, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    assert printed == page(), (
        "run 'python data/compile/golden.py > data/golden.md', then 'python data/compile registry'"
    )


def test_snhr_adds_up_and_leaves_what_the_article_left_out() -> None:
    table = {party: [snhr(party, measure) for measure in ("civilians", "children", "women")] for party in PARTIES}
    assert table == {
        "isis": [119, 19, 7],
        "russia": [224, 51, 42],
        "coalition": [260, 70, 34],
        "government": [417, 61, 46],
    }
    assert [sum(column) for column in zip(*table.values(), strict=True)] == [1020, 201, 129]
    shares = [f"{100 * (children + women) / killed:.1f} %" for killed, children, women in table.values()]
    assert shares == ["21.8 %", "41.5 %", "40.0 %", "25.7 %"]
    assert snhr("all", "civilians") - 1020 == 114
    assert snhr("kurdish", "civilians") == 11
    told = page()
    for party, share in zip(("ISIS", "Russia", "US-led coalition", "Syrian government"), shares, strict=True):
        assert any(line.startswith(f"| {party} |") and share in line for line in told.splitlines())
    assert "| **Sum** | 1,020 | 201 | 129 |" in told
    assert "leaves 114 unexplained, 11 of them" in told


def test_the_coalition_is_above_two_and_not_the_most() -> None:
    isis, russia, coalition, government = (snhr(party, "civilians") for party in PARTIES)
    assert coalition > isis
    assert coalition > russia
    assert coalition < government == 417
    assert coalition < isis + russia == 343
    assert coalition < government + russia == 641
    verdicts = [line.split("|")[-2].strip() for line in page().splitlines() if line.startswith("| Coalition")]
    assert verdicts == ["holds", "holds", "contradicted", "contradicted", "contradicted"]


def test_the_reports_of_march_add_up_and_their_shares_recompute() -> None:
    of = {name.removeprefix("cjtf-oir-"): n for name, n in figures().items() if name.startswith("cjtf-oir-")}
    assert (of["2017-03-open-before"], of["2017-03-new"], of["2017-03-closed"]) == (43, 27, 28)
    assert 43 + 27 - 28 == of["2017-03-open-after"] == 42
    assert of["2017-03-non-credible"] + of["2017-03-credible"] + of["2017-03-duplicate"] == 17 + 9 + 2 == 28
    reports, credible, engagements = (of[f"to-2017-03-{name}"] for name in ("reports", "credible", "engagements"))
    assert (reports, credible, engagements) == (396, 102, 42_089)
    assert [f"{100 * n / engagements:.2f}" for n in (reports, credible)] == ["0.94", "0.24"]
    told = page()
    assert "43 open + 27 new − 28 completed = 42 open; stated: 42" in told
    assert "396 reports of 42,089 engagements since August 2014 = 0.94 %" in told
    assert "102 credible reports of 42,089 engagements = 0.24 %" in told


def test_untraceable_totals_are_no_golden_results() -> None:
    assert " 484 " not in page()
    assert " 80 " not in page()


def test_coalition_and_russia_of_airwars_are_a_union(make_incidents: Callable[..., gpd.GeoDataFrame]) -> None:
    path = next((top / EVALUATION for top in ROOT.parents if (top / EVALUATION).is_file()), None)
    if path is None:
        pytest.skip("the incidents of Airwars are not here")
    names = {"U.S.-led Coalition": "us-led-coalition", "Russian Military": "russia"}
    with path.open(encoding="utf-8-sig", newline="") as file:
        march = [row for row in csv.DictReader(file) if row["date"].startswith("2017-03")]
    named = [(row, [names[one] for one in row["belligerent"].split(", ") if one in names]) for row in march]
    rows: list[dict[str, Any]] = [
        {
            "incident_id": str(number),
            "date_start": row["date"],
            "actors": "|".join(ids),
            "killed_min": int(float(row["civ_killed_min"])) if row["civ_killed_min"] else None,
            "killed_max": int(float(row["civ_killed_max"])) if row["civ_killed_max"] else None,
        }
        for number, (row, ids) in enumerate(named)
        if ids
    ]
    incidents = make_incidents(*rows)
    up_to = regroup(share_actors(incidents, read_actors()), ["actor"])
    union = total_ranges(incidents)
    both = [row for row in rows if "|" in row["actors"]]
    assert len(both) > 0
    for column in ("incidents", "killed_min", "killed_max"):
        assert up_to[column].sum() > union[column], column
    assert up_to["incidents"].sum() - union["incidents"] == len(both)
    for end in ("killed_min", "killed_max"):
        ends = [row[end] if row[end] is not None else row["killed_min"] for row in rows]
        assert union[end] == sum(n for n in ends if n is not None and not pd.isna(n))
    lows, highs = (sum(row[end] or 0 for row in both) for end in ("killed_min", "killed_max"))
    assert up_to["killed_min"].sum() - union["killed_min"] == lows
    assert up_to["killed_max"].sum() - union["killed_max"] == highs
