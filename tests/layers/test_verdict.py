"""Verdicts follow from the rows alone: held to every pair of numbers in the ranges, and to the golden results."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.actors import read_actors
from geo.claims import read_claims
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.readers.story import read_story
from geo.readers.table import read_incidents
from geo.reference import reference_path
from geo.regions import join_regions, read_regions
from geo.story import Check
from geo.totals import read_totals
from layers.compare import compare
from layers.counts import regroup, share_actors
from layers.figures import Evidence, Figure, find_figures
from layers.verdict import judge_check, judge_story

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    import geopandas as gpd

    from geo.story import Scope
    from layers.verdict import Verdict

    MakeIncidents = Callable[..., gpd.GeoDataFrame]

ACTORS = read_actors()
TOTALS = read_totals(actors=ACTORS)
CLAIMS = read_claims(incidents=read_incidents(reference_path("incidents.csv")), actors=ACTORS)
MARCH: Scope = {"from": ("totals",), "measure": ("civilians",), "period": ("2017-03",), "country": ("Syria",)}
ENDS = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(sorted)
ORDERS: dict[str, Callable[[int, int], bool]] = {
    "greater than": lambda x, y: x > y,
    "less than": lambda x, y: x < y,
    "at least": lambda x, y: x >= y,
    "at most": lambda x, y: x <= y,
    "equal to": lambda x, y: x == y,
}


@cache
def locate() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    regions = read_regions()
    listed = read_incidents(reference_path("incidents.csv"), regions=regions)
    located = geocode_incidents(listed, [read_gazetteer(regions=regions)], regions=regions)
    return join_regions(located, regions), regions


def no_incidents() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    pytest.fail("a statement about totals or claims asked for the incidents")


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    story = read_story(actors=ACTORS)
    return {v.statement.id: v for v in judge_story(story, Evidence(TOTALS, CLAIMS, ACTORS, locate))}


def figure(ends: list[int]) -> Figure:
    return Figure(Fraction(ends[0]), Fraction(ends[1]))


@given(ENDS, ENDS, st.sampled_from(sorted(ORDERS)))
def test_a_comparison_holds_when_it_does_for_every_pair_of_numbers(
    left: list[int], right: list[int], comparison: str
) -> None:
    pairs = itertools.product(range(left[0], left[1] + 1), range(right[0], right[1] + 1))
    outcomes = {ORDERS[comparison](x, y) for x, y in pairs}
    expected = None if len(outcomes) == 2 else outcomes.pop()
    assert compare(figure(left), comparison, figure(right)) is expected


@given(ENDS, ENDS)
def test_ranges_that_overlap_are_never_in_order(left: list[int], right: list[int]) -> None:
    if left[0] <= right[1] and right[0] <= left[1]:
        assert compare(figure(left), "greater than", figure(right)) is not True
        assert compare(figure(left), "less than", figure(right)) is not True


def test_what_has_no_maximum_is_below_nothing() -> None:
    open_end, ten = Figure(Fraction(11), math.inf), figure([10, 10])
    assert compare(open_end, "greater than", ten) is True
    assert compare(open_end, "at most", ten) is False
    assert compare(Figure(Fraction(9), math.inf), "at most", figure([99, 99])) is None
    assert compare(Figure(Fraction(9), math.inf), "between", figure([0, 99])) is None
    assert compare(figure([40, 420]), "ranging over", figure([40, 420])) is True
    assert compare(figure([40, 420]), "equal to", figure([40, 420])) is None


def test_a_percentage_equals_what_it_rounds_to() -> None:
    share = Figure(Fraction(2600, 119), Fraction(2600, 119))  # 26 of 119: 21.85 %
    stated = Figure(Fraction("21.8"), Fraction("21.8"))
    assert compare(share, "equal to", stated, Fraction("0.05")) is True
    assert compare(share, "equal to", stated, Fraction("0.005")) is False


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.sampled_from(["isis", "russia", "us-led-coalition"]),
        st.sampled_from(["2017-04-01", "2017-04-02", None]),
        ENDS,
        st.booleans(),
    ),
    max_size=7,
)


def evidence_of(rows: list[Any]) -> Evidence:
    made = [
        {
            "total_id": f"t{number}",
            "source": source,
            "published": pd.Timestamp(day) if day else pd.NaT,
            "country": "Syria",
            "area": None,
            "actor": actor,
            "measure": "civilians",
            "series": "documented",
            "min": float(low),
            "max": None if no_end else float(high),
            "first": pd.Timestamp("2017-03-01"),
            "last": pd.Timestamp("2017-03-31"),
        }
        for number, (source, actor, day, (low, high), no_end) in enumerate(rows)
    ]
    totals = pd.DataFrame(made, columns=TOTALS.columns).astype({"min": "Float64", "max": "Float64", "area": "str"})
    return Evidence(totals.astype({"published": "datetime64[us]"}), CLAIMS, ACTORS, no_incidents)


CHECKS = st.one_of(
    st.builds(
        lambda actors, word: Check(MARCH | {"actor": ("us-led-coalition",)}, word, {"actor": actors}),
        st.sampled_from([("isis",), ("russia",), ("isis", "russia")]),
        st.sampled_from(["greater than", "less than", "at most", "equal to", "part of"]),
    ),
    st.just(Check(MARCH | {"actor": ("us-led-coalition",)}, "the most of")),
    st.builds(
        lambda low, high: Check(MARCH | {"actor": ("isis",)}, "between", (Fraction(low), Fraction(low + high))),
        st.integers(0, 8),
        st.integers(0, 8),
    ),
)


@settings(max_examples=40, deadline=None)
@given(ROWS, CHECKS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_makes_no_difference(rows: list[Any], check: Check, random: Random) -> None:
    evidence = evidence_of(rows)
    order = list(range(len(rows)))
    random.shuffle(order)
    turned = Evidence(evidence.totals.iloc[order], CLAIMS, ACTORS, no_incidents)
    first, second = judge_check(check, evidence), judge_check(check, turned)
    assert first.verdict == second.verdict
    assert sorted(map(repr, first.readings)) == sorted(map(repr, second.readings))


@settings(max_examples=40, deadline=None)
@given(ROWS, CHECKS)
def test_a_statement_and_its_negation_never_both_hold(rows: list[Any], check: Check) -> None:
    negated = Check(check.left, check.comparison, check.right, negated=True)
    words = [judge_check(each, evidence_of(rows)).verdict for each in (check, negated)]
    assert words.count("holds") < 2
    if "holds" in words:
        assert "contradicted" in words
    assert words.count("cannot be checked") in (0, 2)


def test_figures_are_compared_within_one_source_only() -> None:
    rows = [("A", "us-led-coalition", None, [9, 9], False), ("B", "isis", None, [1, 1], False)]
    check = Check(MARCH | {"actor": ("us-led-coalition",)}, "greater than", {"actor": ("isis",)})
    assert judge_check(check, evidence_of(rows)).verdict == "cannot be checked"
    rows.append(("A", "isis", None, [8, 8], False))
    assert judge_check(check, evidence_of(rows)).verdict == "holds"
    assert judge_check(check, evidence_of(rows), by="a").verdict == "cannot be checked"  # the teller's own rows


def test_as_of_takes_the_last_figure_of_each_series_by_that_day() -> None:
    scope = MARCH | {"country": ("Syria|Iraq",), "series": ("alleged",), "actor": ("us-led-coalition",)}
    evidence = Evidence(TOTALS, CLAIMS, ACTORS, no_incidents)
    known = {day: [str(f) for f in find_figures(scope | {"as_of": (day,)}, evidence, "")] for day in
             ("2017-03-23", "2017-03-24", "2017-04-02", "2017-04-03")}  # fmt: skip
    assert known == {"2017-03-23": [], "2017-03-24": ["1,000"], "2017-04-02": ["1,257"], "2017-04-03": ["1,472"]}
    mosque: Scope = {"from": ("claims",), "incident": ("CS578",), "measure": ("all_deaths",), "source": ("SOHR",)}
    assert [str(f) for f in find_figures(mosque | {"as_of": ("2017-03-16",)}, evidence, "")] == ["42"]
    assert [str(f) for f in find_figures(mosque | {"as_of": ("2017-03-31",)}, evidence, "")] == ["49"]


def test_incidents_range_from_the_certain_to_all_that_name_the_actor(make_incidents: MakeIncidents) -> None:
    incidents = make_incidents(
        {"actors": "russia", "killed_min": 3, "killed_max": 5},
        {"actors": "russia|isis", "attribution": "joint", "killed_min": 2, "killed_max": 2},
        {"actors": "russia|isis", "attribution": "contested", "killed_min": 10, "killed_max": 20},
        {"actors": "isis", "killed_min": 7, "killed_max": None},
        {"actors": "russia", "killed_min": 1, "killed_max": 1, "date_start": "2017-04-01"},
    )
    evidence = Evidence(TOTALS, CLAIMS, ACTORS, lambda: (incidents, locate()[1]))
    scope: Scope = {"from": ("incidents",), "measure": ("civilians",), "period": ("2017-03",)}
    asked: list[tuple[str, ...]] = [("russia",), ("isis",), ("russia", "isis")]
    told = {actors: str(find_figures(scope | {"actor": actors}, evidence, "")[0]) for actors in asked}
    assert told == {("russia",): "5–27", ("isis",): "at least 9", ("russia", "isis"): "at least 22"}
    assert find_figures(scope | {"actor": ("turkey",)}, evidence, "") == []
    above = Check(scope | {"actor": ("isis",)}, "greater than", {"actor": ("russia",)})
    assert judge_check(above, evidence).verdict == "cannot be checked"


def test_a_record_counted_with_an_incident_outside_the_scope_is_named(make_incidents: MakeIncidents) -> None:
    rows = [
        {"incident_id": "a", "actors": "russia", "date_start": "2017-02-28", "killed_min": 10, "killed_max": 10},
        {"incident_id": "b", "actors": "turkey", "date_start": "2017-03-01", "related": "same event:a"},
        {"incident_id": "c", "actors": "france", "date_start": "2017-03-02", "killed_min": 7, "killed_max": 7},
    ]
    evidence = Evidence(TOTALS, CLAIMS, ACTORS, lambda: (make_incidents(*rows), locate()[1]))
    scope: Scope = {"from": ("incidents",), "measure": ("civilians",), "period": ("2017-03",)}
    told = "without b, counted with an incident outside this scope"
    for actor, figures in {
        "turkey": [("unknown", (), told)],
        "france": [("7", ("c",), "")],
        "russia": [],
    }.items():
        told_of = find_figures({**scope, "actor": (actor,)}, evidence, "")
        assert [(str(figure), figure.rows, figure.note) for figure in told_of] == figures
    (found,) = find_figures(scope, evidence, "")
    assert (str(found), found.note) == ("7", told)
    (found,) = find_figures({**scope, "period": ("2017-02",)}, evidence, "")
    assert (found.rows, found.note) == (("a", "b"), "")


def test_an_actor_of_incidents_is_the_union_of_its_members(make_incidents: MakeIncidents) -> None:
    incidents = make_incidents(
        {"actors": "france", "killed_min": 50, "killed_max": 50},
        {"actors": "us-led-coalition", "killed_min": 5, "killed_max": 5},
        {"actors": "france|united-kingdom", "attribution": "contested", "killed_min": 2, "killed_max": 2},
        {"actors": "russia", "killed_min": 20, "killed_max": 20},
    )
    evidence = Evidence(TOTALS, CLAIMS, ACTORS, lambda: (incidents, locate()[1]))
    scope: Scope = {"from": ("incidents",), "measure": ("civilians",)}
    coalition, russia = (scope | {"actor": (actor,)} for actor in ("us-led-coalition", "russia"))
    assert str(find_figures(coalition, evidence, "")[0]) == "57"
    assert judge_check(Check(coalition, "less than", russia), evidence).verdict == "contradicted"
    most = Check(coalition, "the most of")
    assert judge_check(most, evidence).verdict == "holds"
    assert judge_check(most, evidence).readings[0].right == "russia 20"
    few = make_incidents(*({"actors": one, "killed_min": 6, "killed_max": 6} for one in ("france", "united-kingdom")))
    russian = make_incidents({"actors": "russia", "killed_min": 10, "killed_max": 10, "incident_id": "r"})
    evidence = Evidence(TOTALS, CLAIMS, ACTORS, lambda: (pd.concat([few, russian]), locate()[1]))
    assert judge_check(Check(russia, "the most of"), evidence).verdict == "contradicted"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["france", "us-led-coalition", "russia", "unknown"]), min_size=1, unique=True),
            st.sampled_from(["joint", "contested"]),
            ENDS,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_story_counts_for_an_actor_what_the_summary_does(
    make_incidents: MakeIncidents, rows: list[tuple[list[str], str, list[int]]]
) -> None:
    incidents = make_incidents(
        *(
            {"actors": "|".join(named), "attribution": how, "killed_min": low, "killed_max": high}
            for named, how, (low, high) in rows
        )
    )
    evidence = Evidence(TOTALS, CLAIMS, ACTORS, lambda: (incidents, locate()[1]))
    sums = regroup(share_actors(incidents, ACTORS), ["actor"]).set_index("actor")
    for actor in sums.index:
        (found,) = find_figures({"from": ("incidents",), "measure": ("civilians",), "actor": (actor,)}, evidence, "")
        assert found.high == sums.loc[actor, "killed_max"]
        assert len(found.rows) == sums.loc[actor, "incidents"]


GOLDEN = {
    "coalition-above-isis": "holds",
    "coalition-above-russia": "holds",
    "coalition-most": "contradicted",
    "us-share-of-strikes": "contradicted",
    "alleged-in-march": "holds only with this scope",
    "single-hit": "holds only with this scope",
    "school": "contradicted",
    "al-jinah": "cannot be checked",
    "al-jinah-place": "contradicted",
}


def test_the_verdicts_on_the_story(verdicts: dict[str, Verdict]) -> None:
    assert {name: verdict.verdict for name, verdict in verdicts.items()} == GOLDEN


def test_the_figures_behind_the_verdicts(verdicts: dict[str, Verdict]) -> None:
    def told(name: str, check: int = 0) -> list[tuple[str, str]]:
        return [(reading.left, reading.right) for reading in verdicts[name].checks[check].readings]

    assert told("coalition-above-isis") == [("260", "119")]
    assert told("coalition-above-russia") == [("260", "224")]
    assert told("coalition-most") == [("260", "syrian-government 417, russia 224, isis 119, kurdish-forces 11")]
    assert told("coalition-most", 1) == [("260", "343")]
    assert told("coalition-most", 2) == [("260", "641")]
    assert told("us-share-of-strikes") == [("95", "68")]
    [turned] = verdicts["us-share-of-strikes"].checks[0].would_hold
    assert turned == "with country Iraq: 68 equal to 68 (airwars-2016-08-strike-share-iraq)"
    held = {
        reading.keys["published"]: reading.left
        for check in verdicts["alleged-in-march"].checks[:2]
        for reading in check.readings
        if reading.holds
    }
    assert held == {"2017-04-03": "1,472", "2017-03-24": "1,000"}
    assert told("alleged-in-march", 3) == [("337", "1,257")]
    assert sorted(told("school")) == sorted(
        (left, "30") for left in ("33", "40", "at least 40", "at least 150", "40–420")
    )
    assert [r.left for r in verdicts["al-jinah"].checks[0].readings if r.holds] == ["42"]
    [place] = verdicts["al-jinah-place"].checks[0].readings
    assert place.left.split(", ")[-2:] == ["Aleppo", "Syria"]
    assert place.note == "4.27 km outside Idlib"


def test_a_verdict_follows_the_data_when_they_change() -> None:
    totals = TOTALS.copy()
    totals.loc[totals["total_id"] == "snhr-2017-03-isis-civilians", ["min", "max"]] = [250.0, 270.0]
    totals.loc[totals["total_id"] == "airwars-2016-08-strike-share-syria", ["min", "max"]] = 68.0
    story = read_story(actors=ACTORS)
    found = {v.statement.id: v.verdict for v in judge_story(story, Evidence(totals, CLAIMS, ACTORS, locate))}
    assert found == GOLDEN | {"coalition-above-isis": "cannot be checked", "us-share-of-strikes": "holds"}


def test_a_part_must_lie_in_the_scope_of_the_whole() -> None:
    evidence = Evidence(TOTALS, CLAIMS, ACTORS, no_incidents)
    russia = MARCH | {"source": ("SNHR",), "actor": ("russia",)}
    women = Check(russia | {"measure": ("women",)}, "part of", {"measure": ("civilians",)})
    others = Check(russia | {"measure": ("women",)}, "part of", {"measure": ("civilians",), "actor": ("isis",)})
    everybody = Check(russia, "part of", {"actor": ("all",)})
    assert [judge_check(c, evidence).verdict for c in (women, others, everybody)] == [
        "holds",
        "cannot be checked",
        "holds",
    ]
