from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.regions import join_regions
from geo.relations import RELATIONS, mark_events, name_leads
from layers.counts import (
    RANGES,
    SUMS,
    add_up,
    assert_equal,
    count_overlap,
    follow_leads,
    regroup,
    share_actors,
    sum_ranges,
    total_ranges,
)
from layers.cut import cut_list
from layers.extent import leave_out
from layers.figures import Evidence, find_figures
from layers.layer import incident_month, layer_keys
from layers.reconcile import NOT_COMPARABLE, reconcile_totals
from layers.summary import summarize_incidents

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from geo.story import Scope

    MakeIncidents = Callable[..., gpd.GeoDataFrame]


def plain(value: Any) -> Any:  # noqa: ANN401 - any scalar
    return None if pd.isna(value) else value


def test_unknown_is_never_zero(make_incidents: MakeIncidents) -> None:
    rows = [
        {"country": "AA", "killed_min": 3, "killed_max": 5},
        {"country": "AA", "killed_min": None, "killed_max": None, "children_max": 0},
        {"country": "AA", "killed_min": 30, "killed_max": None},
        {"country": "BB"},
    ]
    sums = sum_ranges(make_incidents(*rows), ["country"]).set_index("country")
    assert {str(sums[name].dtype) for name in SUMS} == {"Int64"}
    assert [plain(v) for v in sums.loc["AA", ["children_min", "children_max", "children_unknown"]]] == [None, 0, 2]
    assert [plain(v) for v in sums.loc["BB", ["killed_min", "killed_max", "killed_unknown"]]] == [None, None, 1]
    assert [*sums.loc["AA", ["killed_min", "killed_max", "killed_unknown", "killed_open"]]] == [33, 35, 1, 1]
    assert list(sums.columns) == list(SUMS)
    assert sums.dtypes.astype("str").unique().tolist() == ["Int64"]


def test_missing_keys_are_a_group_of_their_own(make_incidents: MakeIncidents) -> None:
    sums = sum_ranges(make_incidents({"country": None, "killed_min": 7}, {"country": "AA"}), ["country"])
    assert [plain(c) for c in sums["country"]] == ["AA", None]
    assert [plain(k) for k in sums["killed_min"]] == [None, 7]


def test_no_incidents_have_no_sums(make_incidents: MakeIncidents) -> None:
    nothing = make_incidents({}).iloc[:0]
    assert len(sum_ranges(nothing, ["country"])) == 0
    total = total_ranges(nothing)
    assert total["incidents"] == total["killed_unknown"] == 0
    assert pd.isna(total["killed_min"])


def test_a_product_that_lost_someone_is_named(make_incidents: MakeIncidents) -> None:
    total = total_ranges(make_incidents({"killed_min": 3}))
    assert_equal(total, total.copy(), "the copy")
    with pytest.raises(
        AssertionError, match="killed_min 3 in the table but 0, women_min <NA> in the table but 0 in the summary"
    ):
        assert_equal(total, total.mask(total.index.isin(["killed_min", "women_min"]), 0), "the summary")


def test_sole_and_shared_incidents_of_an_actor(make_incidents: MakeIncidents, actors: pd.DataFrame) -> None:
    cells = ["russia", "russia|turkey", "turkey|russia", None]
    shares = share_actors(make_incidents(*({"actors": cell, "killed_min": 10} for cell in cells)), actors)
    sums = regroup(shares, ["actor", "share"])
    assert sums[["actor", "share", "incidents", "killed_min"]].to_numpy().tolist() == [
        ["russia", "shared", 2, 20],
        ["russia", "sole", 1, 10],
        ["turkey", "shared", 2, 20],
        ["unknown", "sole", 1, 10],
    ]


COUNT = st.none() | st.integers(0, 500)
INCIDENT = st.fixed_dictionaries(
    {
        "actors": st.sampled_from(["russia", "us-led-coalition|russia", "russia|us-led-coalition", "unknown", None]),
        "attribution": st.sampled_from(["sole", "contested", "joint", None]),
        "date_start": st.sampled_from(["2017-02-28", "2017-03-01", "2017-03-31", "2018-03-01"]),
        "date_precision": st.sampled_from(["day", "longer"]),
        "adm1_pcode": st.sampled_from(["A1", "A2", None]),
        **dict.fromkeys(RANGES, COUNT),
    }
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(INCIDENT, max_size=12), data=st.data())
def test_totals_by_actor_month_and_region_are_those_of_the_input(
    make_incidents: MakeIncidents, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    incidents = make_incidents(*rows) if rows else make_incidents({"adm1_pcode": None}).iloc[:0]
    keyed = incidents.assign(layer=layer_keys(incidents), month=incident_month(incidents))
    sums = sum_ranges(keyed, ["adm1_pcode", "layer", "month"])
    assert_equal(total_ranges(incidents), add_up(sums), "the sums")
    for column in RANGES:
        stated = [(row[column], row[column.replace("_max", "_min")]) for row in rows]
        known = [own if own is not None else low for own, low in stated if own is not None or low is not None]
        assert plain(add_up(sums)[column]) == (sum(known) if known else None)
    shuffled = keyed.iloc[data.draw(st.permutations(range(len(rows))))]
    pd.testing.assert_frame_equal(sum_ranges(shuffled, ["adm1_pcode", "layer", "month"]), sums)


FAMILY = {"uk": "coalition", "france": "coalition", "coalition": None, "russia": None, "unknown": None}
PARTY = st.lists(st.sampled_from(["uk", "france", "coalition", "russia"]), min_size=1, max_size=3, unique=True)
KILLING = st.fixed_dictionaries(
    {"actors": PARTY.map("|".join) | st.just("unknown"), "killed_min": COUNT, "killed_max": COUNT}
)


def family() -> pd.DataFrame:
    return pd.DataFrame({"parent": FAMILY}, dtype="str").rename_axis("actor")


def most_of(row: dict[str, Any]) -> int:
    high = row["killed_max"] if row["killed_max"] is not None else row["killed_min"]
    return high or 0


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(KILLING, min_size=1, max_size=10))
def test_figures_of_actors_are_unions(make_incidents: MakeIncidents, rows: list[dict[str, Any]]) -> None:
    shares = share_actors(make_incidents(*rows), family())
    both = regroup(shares, ["actor", "share"]).set_index(["actor", "share"])
    up_to = regroup(shares, ["actor"]).set_index("actor")
    for actor, parent in FAMILY.items():
        own = {actor, *(child for child, above in FAMILY.items() if above == actor)}
        naming = [row for row in rows if own & set(row["actors"].split("|"))]
        alone = [row for row in naming if set(row["actors"].split("|")) <= own]
        found = up_to.loc[actor] if actor in up_to.index else None
        assert (0 if found is None else found["incidents"]) == len(naming)
        if found is None:
            continue
        assert (plain(found["killed_max"]) or 0) == sum(map(most_of, naming))
        own_shares = both.loc[actor]["incidents"].to_dict()
        assert own_shares.get("sole", 0) == len(alone)
        assert own_shares.get("sole", 0) + own_shares.get("shared", 0) == found["incidents"], "they make up to"
        if parent:
            assert up_to.loc[parent, "incidents"] >= found["incidents"]
            assert (plain(up_to.loc[parent, "killed_max"]) or 0) >= (plain(found["killed_max"]) or 0)
    assert up_to["incidents"].sum() >= len(rows), "the union is at most the sum of the columns"


def test_related_records_are_one_span_and_one_incident(make_incidents: MakeIncidents) -> None:
    rows = [
        {"incident_id": "CI550", "killed_min": 105, "killed_max": 141, "adm1_pcode": "A1"},
        {"incident_id": "CI551", "killed_min": 125, "killed_max": 370, "adm1_pcode": "A2", "related": "overlaps:CI550"},
        {"incident_id": "part", "killed_min": 9, "killed_max": 999, "related": "part of:CI551"},
    ]
    incidents = make_incidents(*rows)
    total = total_ranges(incidents)
    assert [*total[["incidents", "killed_min", "killed_max", "killed_unknown", "killed_open"]]] == [1, 105, 370, 0, 0]
    sums = sum_ranges(incidents, ["adm1_pcode"])
    assert sums[["adm1_pcode", "incidents", "killed_max"]].to_numpy().tolist() == [["A1", 1, 370]]
    shares = share_actors(incidents, family())
    assert shares[["incidents", "killed_min", "killed_max"]].to_numpy().tolist() == [[1, 105, 370]]
    assert total_ranges(incidents.iloc[1:])["killed_max"] == 370  # what is left out takes no other with it
    assert total_ranges(incidents.iloc[2:])["killed_max"] == 999


@pytest.fixture
def count_event(make_incidents: MakeIncidents) -> Callable[..., list[Any]]:
    """Return minimum, maximum, unknown and open of records of one event that have some ranges."""

    def count(*ranges: tuple[int | None, int | None]) -> list[Any]:
        rows = [{"incident_id": f"r{k}", "killed_min": low, "killed_max": high} for k, (low, high) in enumerate(ranges)]
        for row in rows[1:]:
            row["related"] = "same event:r0"
        total = total_ranges(make_incidents(*rows))
        return [plain(total[f"killed_{part}"]) for part in ("min", "max", "unknown", "open")]

    return count


def test_a_span_is_open_where_its_highest_figure_is_a_minimum(count_event: Callable[..., list[Any]]) -> None:
    assert count_event((40, 420), (33, None)) == [33, 420, 0, 0]
    assert count_event((5, 10), (20, None)) == [5, 20, 0, 1]
    assert count_event((5, None), (7, None)) == [5, 7, 0, 1]
    assert count_event((None, None), (None, 8)) == [None, 8, 0, 0]
    assert count_event((None, None), (None, None)) == [None, None, 1, 0]


def test_a_span_has_no_minimum_where_a_record_is_known_to_be_below_it(count_event: Callable[..., list[Any]]) -> None:
    assert count_event((27, 44), (None, 20)) == [None, 44, 0, 0]
    assert count_event((27, 44), (None, 30)) == [27, 44, 0, 0]
    assert count_event((None, 20), (27, None)) == [None, 27, 0, 1]
    assert count_event((27, 44), (None, 20), (None, 60)) == [None, 60, 0, 0]


RELATED = st.sampled_from([None, None, *(f"{relation}:r{k}" for relation in RELATIONS for k in range(6))])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(INCIDENT, min_size=1, max_size=6), data=st.data())
def test_counting_related_records_once_never_adds_anybody(
    make_incidents: MakeIncidents, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    for k, row in enumerate(rows):
        low, high = row["killed_min"], row["killed_max"]
        if low is not None and high is not None:
            row["killed_min"], row["killed_max"] = min(low, high), max(low, high)
        row |= {"incident_id": f"r{k}", "related": data.draw(RELATED)}
    incidents = make_incidents(*rows)
    grouped, apart = total_ranges(incidents), total_ranges(incidents.assign(related=None))
    assert 1 <= grouped["incidents"] <= apart["incidents"]
    for name in ("killed_min", "killed_max"):
        assert (plain(grouped[name]) or 0) <= (plain(apart[name]) or 0)
    leads = name_leads(incidents)
    assert grouped["incidents"] == leads.isna().sum()
    assert set(leads.dropna()) <= set(incidents["incident_id"][leads.isna()])
    shuffled = incidents.iloc[data.draw(st.permutations(range(len(rows))))]
    assert_equal(grouped, total_ranges(shuffled), "the shuffled rows")
    keyed = incidents.assign(layer=layer_keys(incidents), month=incident_month(incidents))
    assert_equal(grouped, add_up(sum_ranges(keyed, ["adm1_pcode", "layer", "month"])), "the sums")


def test_what_several_actors_have_in_common_is_unknown_where_nothing_is_known_of_it(
    make_incidents: MakeIncidents, actors: pd.DataFrame
) -> None:
    both = {"actors": "russia|us-led-coalition", "attribution": "contested"}
    known = {"actors": "russia", "killed_min": 5, "killed_max": 6}
    cases: list[tuple[list[dict[str, Any]], int | None, int | None]] = [
        ([], 0, 0),
        ([{}], None, None),
        ([{"killed_min": 2, "killed_max": 3}], 2, 3),
        ([{"killed_max": 7}], None, 7),
        ([{"killed_min": 4}], 4, 4),
        ([{"killed_max": 7}, {}, {"killed_min": 1, "killed_max": 2}], 1, 9),
    ]
    for shared, low, high in cases:
        incidents = make_incidents(known, *({**both, **row} for row in shared))
        overlap = count_overlap(incidents, actors)
        assert overlap["incidents"] == len(shared)
        told = [None if pd.isna(overlap[f"killed_{end}"]) else int(overlap[f"killed_{end}"]) for end in ("min", "max")]
        assert told == [low, high]
        by_actor = add_up(regroup(share_actors(incidents, actors), ["actor"]))
        assert_equal(by_actor - overlap.fillna(0), total_ranges(incidents), "actors less what is counted again")


def test_discounted_records_are_events_apart_where_gradings_choose(make_incidents: MakeIncidents) -> None:
    def grade(*rows: tuple[str | None, str | None], apart: bool = True) -> list[str | None]:
        made = [{"incident_id": f"r{k}", "grading": grading, "related": told} for k, (grading, told) in enumerate(rows)]
        return [plain(one) for one in follow_leads(make_incidents(*made), apart=apart)["grading"]]

    event = [("discounted", None), ("contested", "same event:r0"), ("fair", "same event:r0")]
    assert grade(*event) == ["discounted", "contested", "contested"]
    assert grade(*event, apart=False) == ["discounted"] * 3
    assert grade(("discounted", None), (None, "same event:r0")) == ["discounted", None]
    parts = [("discounted", None), ("fair", "part of:r0"), ("weak", "part of:r0")]
    assert grade(*parts) == ["discounted", "fair", "weak"]


def test_parts_of_a_discounted_whole_are_counted_by_reconcile_and_story_as_by_map_and_report(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    where = {"x": 0.5, "y": 0.5, "country": "Aland", "actors": "russia", "date_start": "2017-03-01"}
    rows: list[dict[str, Any]] = [
        {"incident_id": "w", "grading": "discounted", "killed_min": 50, "killed_max": 60},
        {"incident_id": "p1", "grading": "fair", "killed_min": 10, "killed_max": 10, "related": "part of:w"},
        {
            "incident_id": "p2",
            "grading": "fair",
            "killed_min": 20,
            "killed_max": 20,
            "related": "part of:w|same event:p3",
        },
        {"incident_id": "p3", "grading": "discounted", "killed_min": 25, "killed_max": 25},
    ]
    incidents = join_regions(make_incidents(*({**where, **row} for row in rows)), squares)
    assert total_ranges(leave_out(incidents))[["incidents", "killed_min", "killed_max"]].tolist() == [2, 30, 30]
    evidence = Evidence(pd.DataFrame(), pd.DataFrame(), actors, lambda: (incidents, squares))
    graded = CIVILIANS | {"period": ("2017-03",), "grading": ("confirmed", "fair", "weak")}
    assert [(f.low, f.high, f.rows) for f in find_figures(graded, evidence, "")] == [(30, 30, ("p1", "p2"))]
    days = pd.to_datetime(pd.Series({"first": "2017-03-01", "last": "2017-03-31", "published": "2018-01-01"}))
    for series, told in (
        ("documented", {"counted": (2, 30, 30, "p1|p2"), "grading": (1, 0, 60, "p3|w")}),
        ("fair", {"counted": (2, 30, 30, "p1|p2"), "left out": (1, 50, 60, "p3|w")}),
        ("alleged", {"counted": (1, 50, 60, "p1|p2|p3|w")}),
    ):
        total = pd.DataFrame([{**TOTAL, **days, "series": series, "actor": "russia"}])
        lines = reconcile_totals(incidents, total, actors=actors, regions=squares)
        found = lines[lines["incidents"] > 0].set_index("part")[["incidents", "min", "max", "incident_ids"]]
        assert {part: tuple(line) for part, *line in found.itertuples()} == told


CIVILIANS: Scope = {"from": ("incidents",), "measure": ("civilians",)}
TOTAL = dict.fromkeys(("area", "scope", "attribution_confidence", "url")) | {
    "total_id": "t",
    "source": "S",
    "published": "2018-01-01",
    "country": "Aland",
    "measure": "civilians",
    "series": "documented",
    "min": 1,
    "max": 1,
}
EVENT = st.fixed_dictionaries(
    {
        "actors": st.sampled_from(["russia", "us-led-coalition", "russia|us-led-coalition"]),
        "attribution": st.sampled_from(["contested", "joint"]),
        "date_start": st.sampled_from(["2017-02-10", "2017-02-28", "2017-03-01", "2017-03-31"]),
        "grading": st.sampled_from(["fair", "contested", "discounted", None]),
        "x": st.sampled_from([0.5, 1.5]),
        "killed_min": st.integers(0, 50),
        "killed_max": st.integers(50, 99),
        "related": RELATED,
    }
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(EVENT, min_size=1, max_size=6))
def test_every_product_counts_the_same_events(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, actors: pd.DataFrame, rows: list[dict[str, Any]]
) -> None:
    placed = [{**row, "incident_id": f"r{k}", "y": 0.5, "country": "Aland"} for k, row in enumerate(rows)]
    incidents = join_regions(make_incidents(*placed), squares)
    names = ["incidents", "killed_min", "killed_max"]

    def count(found: pd.DataFrame) -> list[int]:
        return [int(number) for number in total_ranges(found, counts=("killed",))[names].fillna(0)]

    summary = summarize_incidents(incidents, actors)
    shares = share_actors(incidents, actors)
    marked, shown = mark_events(incidents), leave_out(incidents)
    evidence = Evidence(pd.DataFrame(), pd.DataFrame(), actors, lambda: (incidents, squares))
    for month, since, until in (("2017-02", None, date(2017, 2, 28)), ("2017-03", date(2017, 3, 1), None)):
        listed = summary[summary["month"] == month]
        whole = [int(listed[name].sum()) for name in names]
        if not listed.empty:
            chosen, _ = cut_list(incidents, actors, since=since, until=until, only=())
            assert count(chosen) == whole
        for actor in ("russia", "us-led-coalition"):
            own = shares[(shares["month"] == month) & (shares["actor"] == actor)]
            up_to = [int(own[name].sum()) for name in names]
            told = find_figures(CIVILIANS | {"period": (month,), "actor": (actor,)}, evidence, "")
            nothing: list[list[float]] = [[], [math.inf]]  # or records alone, which are counted elsewhere
            assert [figure.high for figure in told] in ([[up_to[2]]] if up_to[0] else nothing)
            listed_apart = [share_actors(one, actors) for one in (shown, marked.drop(index=shown.index))]
            tables = [one[(one["month"] == month) & (one["actor"] == actor)] for one in listed_apart]
            least, rest = ([int(one[name].sum()) for name in ("incidents", "killed_max")] for one in tables)
            most = [one + other for one, other in zip(least, rest, strict=True)]
            for series, low, high in (("documented", least, most), ("alleged", up_to[::2], up_to[::2])):
                total = pd.DataFrame([{**TOTAL, "first": f"{month}-01", "actor": actor, "series": series}])
                total = total.astype({"first": "datetime64[us]", "published": "datetime64[us]"})
                total["last"] = total["first"] + pd.offsets.MonthEnd(0)
                lines = reconcile_totals(incidents, total, actors=actors, regions=squares).set_index("part")
                if lines.index[0] != NOT_COMPARABLE:
                    parts = lines.loc[["counted", "contested", "grading", "unplaced"]]
                    assert low[0] <= parts["incidents"].sum() <= high[0]
                    assert low[1] <= parts["max"].sum() <= high[1]
                    counted = set(filter(None, str(lines.loc["counted", "incident_ids"]).split("|")))
                    assert series == "alleged" or counted <= set(shown["incident_id"])
    for actor in ("russia", "us-led-coalition"):
        own = shares[shares["actor"] == actor]
        if not own.empty:
            chosen, _ = cut_list(incidents, actors, since=None, until=None, only=[actor])
            assert count(chosen) == [int(own[name].sum()) for name in names]
