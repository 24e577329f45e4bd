"""Each rule finds its fault and excuses what is in order; the built-in data are found out as a person would."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.actors import read_actors
from geo.arithmetic import check_against_claims, check_claims, check_totals
from geo.claims import read_claims
from geo.readers.table import read_incidents
from geo.rules import ARITHMETIC, RULES, format_rules
from geo.totals import read_totals

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    import geopandas as gpd

    from geo.errors import Problem

    MakeIncidents = Callable[..., gpd.GeoDataFrame]

ACTORS = read_actors()
NESTED = pd.concat([ACTORS, pd.DataFrame({"parent": ["france"]}, index=["wing"])])
"""With an actor that belongs to a member of the coalition."""
TOP = Path(__file__).resolve().parents[2]
NUMBERS = {"min": "Float64", "max": "Float64"}


def claims_of(*rows: tuple[Any, ...], **more: str) -> pd.DataFrame:
    """Return claims from (source, measure, min, max) and optionally stance and superseded id."""
    names = ("source", "measure", "min", "max", "stance", "supersedes")
    records = [
        {
            "claim_id": f"c{k}",
            "incident_id": "i0",
            "stance": "alleged",
            "supersedes": None,
            **dict(zip(names, row, strict=False)),
        }
        for k, row in enumerate(rows)
    ]
    index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return pd.DataFrame(records, index).assign(**more).astype(NUMBERS | {"supersedes": "str"})


def totals_of(*rows: dict[str, Any]) -> pd.DataFrame:
    same = {"source": "S", "published": pd.NaT, "country": "Syria", "area": None, "series": "documented"}
    days = {"first": pd.Timestamp("2017-03-01"), "last": pd.Timestamp("2017-03-31")}
    made = [{"total_id": f"t{k}", **same, **days, "actor": None, "formula": None, **row} for k, row in enumerate(rows)]
    index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return pd.DataFrame(made, index).astype(NUMBERS | {"actor": "str", "formula": "str", "measure": "str"})


def told(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("A", "civilians", 5, 30), ("A", "children", 12, 15), ("A", "women", 10, 11)],
         [(2, "min", "parts-above-minimum")]),
        ([("A", "civilians", 5, 20), ("A", "children", 12, 15), ("A", "women", 10, 11)],
         [(2, "max", "parts-above-whole")]),
        ([("A", "civilians", 5, 20), ("A", "children", 1, 25)], [(3, "max", "part-above-whole")]),
        ([("A", "all_deaths", 5, 5), ("A", "civilians", 6, 6)],
         [(2, "max", "parts-above-whole"), (3, "max", "part-above-whole")]),
        ([("A", "civilians", 5, 20), ("B", "children", 12, 15)], []),  # another source's whole
        ([("A", "civilians", 5, None), ("A", "children", 4, 90)], []),  # a whole without a maximum
        ([("A", "civilians", None, None), ("A", "children", 4, 9)], []),  # an unknown whole is not 0
        ([("A", "civilians", 5, 9), ("A", "injured", 90, 90)], []),  # not a part
        ([("A", "civilians", 9, 9), ("B", "civilians", 12, 12, "conceded")], [(3, "min", "conceded-above-claimed")]),
        ([("A", "civilians", 9, 20), ("B", "civilians", 12, 12, "conceded")], []),
        ([("A", "civilians", 9, None), ("B", "civilians", 12, 12, "conceded")], []),
        ([("B", "civilians", 12, 12, "conceded")], []),
        ([("A", "civilians", 7, 23), ("B", "civilians", 0, 0, "conceded")], [(3, "max", "zero-contradicted")]),
        ([("A", "civilians", None, None), ("B", "civilians", 0, 0)], [(3, "max", "zero-beside-unknown")]),
        ([("A", "civilians", 0, 7), ("B", "civilians", 0, 0)], []),
        ([("B", "civilians", 0, 0)], []),
        ([("A", "civilians", 9, 9), ("A", "all_deaths", 9, 9), ("A", "combatants", 2, 2)],
         [(2, "min", "attackers-in-total"), (3, "max", "parts-above-whole")]),
        ([("A", "civilians", 9, 9), ("A", "all_deaths", 9, 9), ("A", "combatants", None, None)], []),
        ([("A", "civilians", 9, 9), ("A", "civilians", 12, 12, "alleged", "c0"), ("A", "children", 11, 11)], []),
    ],
)  # fmt: skip # a case on each line
def test_claims(rows: list[tuple[Any, ...]], expected: list[tuple[int, str, str]]) -> None:
    assert told(check_claims(claims_of(*rows))) == sorted(expected)


@pytest.mark.parametrize(
    ("incident", "rows", "expected"),
    [
        ({"killed_min": 0, "killed_max": 0}, [("A", "civilians", 3, 9)], [("killed_max", "zero-contradicted")]),
        ({"killed_min": None, "killed_max": None}, [("A", "civilians", 3, 9)], []),
        ({"killed_min": 3, "killed_max": 9}, [("A", "civilians", 10, 10, "conceded")],
         [("killed_max", "conceded-above-claimed")]),
        ({"killed_min": 3, "killed_max": None}, [("A", "civilians", 10, 10, "conceded")], []),
        ({"injured_min": 3, "injured_max": 9}, [("A", "injured", 10, 10, "conceded")],
         [("injured_max", "conceded-above-claimed")]),
        ({"killed_min": 25, "killed_max": 25}, [("A", "all_deaths", 25, 25)], [("killed_min", "attackers-in-total")]),
        ({"killed_min": 25, "killed_max": 25}, [("A", "all_deaths", 25, 25), ("B", "civilians", 25, 30)], []),
        ({"killed_min": 25, "killed_max": 25}, [("A", "all_deaths", 25, 25), ("B", "civilians", 7, 7)],
         [("killed_min", "attackers-in-total")]),
        ({"killed_min": 25, "killed_max": 25, "combatants_min": 2},
         [("A", "all_deaths", 25, 25), ("B", "civilians", 25, 25)], [("killed_min", "attackers-in-total")]),
        ({"killed_min": 20, "killed_max": 25, "combatants_min": 2}, [("A", "all_deaths", 27, 27)], []),
    ],
)  # fmt: skip # a case on each line
def test_incidents_against_their_claims(
    make_incidents: MakeIncidents,
    incident: dict[str, Any],
    rows: list[tuple[Any, ...]],
    expected: list[tuple[str, str]],
) -> None:
    problems = check_against_claims(make_incidents({"killed_min": 1}, incident), claims_of(*rows, incident_id="i1"))
    assert told(problems) == [(3, *where) for where in expected]


def total(measure: str, number: float, formula: str | None = None, **more: str) -> dict[str, Any]:
    return {"measure": measure, "min": number, "max": number, "formula": formula, **more}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([total("reports", 43), total("reports", 27), total("reports", 28), total("reports", 42, "t0 + t1 - t2")], []),
        ([total("reports", 43), total("reports", 27), total("reports", 28), total("reports", 41, "t0 + t1 - t2")],
         [(5, "min", "sum-off")]),
        ([total("reports", 396), total("engagements", 42089), total("share_percent", 0.94, "t0 / t1")], []),
        ([total("reports", 396), total("engagements", 42089), total("share_percent", 0.9, "t0 / t1")], []),
        ([total("reports", 396), total("engagements", 42089), total("share_percent", 0.95, "t0 / t1")],
         [(4, "min", "percent-off")]),
        ([total("reports", 1), total("events", 0), total("share_percent", 5, "t0 / t1")], [(4, "min", "percent-off")]),
        ([total("share_percent", 101)], [(2, "max", "percent-range")]),
        ([total("reports", 1), total("reports", 1, "t0 + tx")], [(3, "formula", "formula")]),
        ([total("reports", 1), total("reports", 1, "t0 / t0")], [(3, "formula", "formula")]),
        ([total("civilians", 10, actor="russia"), total("children", 11, actor="russia")],
         [(2, "max", "parts-above-whole"), (3, "max", "part-above-whole")]),
        ([total("civilians", 10, actor="russia"), total("children", 11, actor="isis")], []),
        ([total("civilians", 10, actor="russia"), total("children", 11, actor="russia", country="Iraq")], []),
        ([total("civilians", 10, actor="russia"), total("civilians", 9, actor="isis"), total("civilians", 18)],
         [(4, "max", "parts-above-whole")]),
        ([total("civilians", 10, actor="russia"), total("civilians", 8, actor="isis"), total("civilians", 18)], []),
        ([total("civilians", 10, actor="us-led-coalition"), total("civilians", 9, actor="france"),
          total("civilians", 12)], []),  # France is within the coalition
        ([total("civilians", 10, actor="us-led-coalition"), total("civilians", 9, actor="wing"),
          total("civilians", 12)], []),
        ([total("civilians", 10, actor="russia"), total("civilians", 9, actor="wing"),
          total("civilians", 12)], [(4, "max", "parts-above-whole")]),
        ([total("share_percent", 60, actor="russia"), total("share_percent", 60, actor="isis"),
          total("share_percent", 100)], []),
    ],
)  # fmt: skip # a case on each line
def test_totals(rows: list[dict[str, Any]], expected: list[tuple[int, str, str]]) -> None:
    assert told(check_totals(totals_of(*rows), NESTED)) == expected


ENDS = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted)


@settings(deadline=None)
@given(ENDS, ENDS, ENDS, st.randoms(use_true_random=False))
def test_what_is_told_of_parts_is_true_and_complete(
    whole: list[int], children: list[int], women: list[int], random: Random
) -> None:
    rows = [("A", "civilians", *whole), ("A", "children", *children), ("A", "women", *women)]
    random.shuffle(rows)
    codes = {code for _, _, code in told(check_claims(claims_of(*rows)))}
    least = children[0] + women[0]
    expected = {"parts-above-whole"} if least > whole[1] else {"parts-above-minimum"} if least > whole[0] else set()
    expected |= {"part-above-whole"} if max(children[1], women[1]) > whole[1] else set()
    assert codes - {"zero-contradicted"} == expected


@settings(deadline=None)
@given(st.integers(1, 9_999), st.integers(1, 99_999), st.integers(0, 3))
def test_a_percentage_rounded_as_it_is_written_recomputes(part: int, whole: int, decimals: int) -> None:
    share = round(100 * part / whole, decimals)
    rows = [total("reports", part), total("strikes", whole), total("share_percent", share, "t0 / t1")]
    codes = [code for _, _, code in told(check_totals(totals_of(*rows), ACTORS))]
    assert codes == ["percent-range"] * (share > 100)
    rows[2] = total("share_percent", share + 1.2, "t0 / t1")
    assert "percent-off" in [code for _, _, code in told(check_totals(totals_of(*rows), ACTORS))]


def test_ids_are_shown_with_hostile_characters_escaped() -> None:
    claims = claims_of(("A", "civilians", 5, 6), ("B", "civilians", 0, 0), ("C", "civilians", 2, 2))
    claims["claim_id"] = ["a\x1b[31m", "b", "c\u202e"]
    text = "".join(problem.message("claims.csv") for problem in check_claims(claims))
    assert "a\\x1b[31m" in text
    assert "c\\u202e" in text
    assert text.isprintable()


def test_the_built_in_data_are_found_out() -> None:
    incidents = read_incidents(TOP / "data" / "incidents.csv")
    claims = read_claims(incidents=incidents, actors=read_actors())
    found = {(incidents.loc[p.row, "incident_id"], p.code) for p in check_against_claims(incidents, claims)}
    assert found == {
        ("UCDP-242363", "attackers-in-total"),  # Khan Shaykhun: 89 dead of all kinds, 52 counted as civilians
        ("GTD-2017-04-08-MOSUL", "attackers-in-total"),
        ("GTD-2017-04-20-HAWIJA", "attackers-in-total"),
    }
    told_of_claims = {(claims.loc[p.row, "incident_id"], p.code) for p in check_claims(claims)}
    below = {"CS477-RS1873", "CS568", "CS598", "CS662a-RS2068"}
    assert told_of_claims == {("CS561", "zero-contradicted"), *((i, "parts-above-minimum") for i in below)}
    assert check_totals(read_totals(actors=read_actors()), read_actors()) == []


CODE = re.compile(r'"([a-z]{2,}(?:-[a-z]+)+)"')
MODULES = (
    "check",
    "arithmetic",
    "parse",
    "dates",
    "coordinates",
    "readers/cells",
    "readers/columns",
    "readers/rows",
    "readers/text",
    "readers/table",
)


def test_every_rule_stands_in_the_one_table() -> None:
    listed = [rule.code for rule in RULES]
    assert len(set(listed)) == len(listed)
    used = {code for name in MODULES for code in CODE.findall((TOP / f"geo/{name}.py").read_text(encoding="utf-8"))}
    assert used - set(listed) <= {"utf-8-sig"}
    everywhere = "".join(path.read_text(encoding="utf-8") for path in TOP.glob("geo/**/*.py") if path.stem != "rules")
    assert [code for code in listed if f'"{code}"' not in everywhere] == []


def test_the_readme_holds_the_table_of_the_arithmetic() -> None:
    assert format_rules(ARITHMETIC) in (TOP / "README.md").read_text(encoding="utf-8")
