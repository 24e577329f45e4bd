from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from geo.check import check_incidents
from geo.errors import InputError
from geo.relations import CIRCLE, EVENT, apply_links, group_records, mark_events, name_leads, number_spans, read_links

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    MakeIncidents = Callable[..., gpd.GeoDataFrame]


@pytest.fixture
def relate(make_incidents: MakeIncidents) -> Callable[..., gpd.GeoDataFrame]:
    def make(**related: str | None) -> gpd.GeoDataFrame:
        rows = [{"incident_id": i, "related": r, "date_start": "2017-03-01"} for i, r in related.items()]
        return make_incidents(*rows)

    return make


def leads(incidents: gpd.GeoDataFrame) -> dict[str, str]:
    named = name_leads(incidents)
    return {i: lead for i, lead in zip(incidents["incident_id"], named, strict=True) if pd.notna(lead)}


def test_one_relation_is_enough_for_both(relate: Callable[..., gpd.GeoDataFrame]) -> None:
    assert leads(relate(a=None, b="same event:a", c=None)) == {"b": "a"}
    assert leads(relate(a="overlaps:b", b=None)) == {"b": "a"}
    assert leads(relate(a="same-event: c", b="conflates:a|overlaps:a", c=None)) == {"b": "a", "c": "a"}


def test_the_lead_is_the_first_by_day_then_by_id(make_incidents: MakeIncidents) -> None:
    rows = [
        {"incident_id": "a", "date_start": "2017-03-02", "related": "same event:b"},
        {"incident_id": "b", "date_start": "2017-03-01"},
        {"incident_id": "c", "date_start": "2017-03-01", "related": "same event:b"},
    ]
    assert leads(make_incidents(*rows)) == {"a": "b", "c": "b"}


def test_parts_and_superseded_records_count_nothing(relate: Callable[..., gpd.GeoDataFrame]) -> None:
    incidents = relate(a="part of:c", b="part of:c", c=None, d="supersedes:c|same event:e", e=None)
    groups = group_records(incidents)
    assert groups is not None
    assert leads(incidents) == {"a": "d", "b": "d", "c": "d", "e": "d"}
    assert groups.widens.tolist() == [False, False, False, True, True]


def test_two_that_are_each_part_of_the_other_do_not_both_vanish(relate: Callable[..., gpd.GeoDataFrame]) -> None:
    groups = group_records(relate(a="part of:b", b="part of:c", c="part of:a"))
    assert groups is not None
    assert groups.widens.sum() == 1
    assert len(set(groups.lead.tolist())) == 1


def test_circles_of_parts_are_cut_alike_in_any_order(relate: Callable[..., gpd.GeoDataFrame]) -> None:
    related = {"a": "part of:b", "b": "part of:c|part of:d", "c": "part of:a", "d": "supersedes:c"}
    found = {
        tuple(sorted(leads(relate(**{name: related[name] for name in order})).items()))
        for order in permutations(related)
    }
    assert len(found) == 1


def test_what_is_one_event_stays_one_without_the_record_that_joins_it(relate: Callable[..., gpd.GeoDataFrame]) -> None:
    chains: list[tuple[dict[str, str | None], dict[str, str], list[bool]]] = [
        ({"a": "same event:b", "b": "same event:c", "c": None}, {"c": "a"}, [True, True]),
        ({"a": "supersedes:b", "b": "supersedes:c", "c": None}, {"c": "a"}, [True, False]),
        ({"a": "part of:b", "b": "part of:c", "c": None}, {"a": "c"}, [False, True]),
        ({"a": None, "b": None, "c": "part of:b"}, {}, [True, True]),
        ({"a": "part of:b", "b": None, "c": "part of:b"}, {}, [True, True]),
    ]
    for related, told, widens in chains:
        left = mark_events(relate(**related)).iloc[[0, 2]]
        assert leads(left) == told
        groups = group_records(left)
        assert groups is None or groups.widens.tolist() == widens
    nested = mark_events(relate(a="part of:b", b="part of:c", c=None))
    assert leads(nested.iloc[:2]) == {"a": "b"}  # the outermost that is there
    alone = relate(a=None, b=None)
    assert mark_events(alone) is alone


def test_a_long_line_of_wholes_takes_little_and_stays_one(relate: Callable[..., gpd.GeoDataFrame]) -> None:
    names = [f"r{k:04}" for k in range(4000)]
    for relation, outermost in (("part of", -1), ("supersedes", 0)):
        related = {one: f"{relation}:{other}" for one, other in zip(names, [*names[1:], "gone"], strict=True)}
        marked = mark_events(relate(**related))
        assert marked[list(EVENT)].map(lambda number: 1 <= number <= len(names)).to_numpy().all()
        left = marked.iloc[50:-50:7]
        groups, spans = group_records(left), number_spans(left)
        assert groups is not None
        assert spans is not None
        lead = range(len(left))[outermost]
        assert set(groups.lead.tolist()) == {lead}
        assert np.flatnonzero(groups.widens).tolist() == [lead]
        whole = [*spans.own[1:], 0] if outermost else [0, *spans.own[:-1]]
        assert spans.whole.tolist() == whole  # the nearest that is there


def test_relations_to_others_have_no_effect_and_are_told(
    relate: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame
) -> None:
    incidents = relate(a="overlaps:gone", b="see a", c="same event:c")
    assert group_records(incidents) is None
    found = [p for p in check_incidents(incidents, squares) if p.column == "related"]
    assert [(p.code, p.value, p.severity) for p in found] == [
        ("related-unread", "see a", "finding"),
        ("related-absent", "gone", "finding"),
    ]


def test_relations_that_go_round_in_a_circle_are_refused(
    relate: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    related: dict[str, str | None] = {
        "a": "part of:b",
        "b": "supersedes:f|part of:c",
        "c": "same event:d",
        "d": "part of:a|part of:e",
        "e": None,
        "f": "part of:a|part of:gone",
        "g": "supersedes:h",
        "h": "Supersedes: g",
        "i": "part of:i|same event:i",
        "j": "part of:k|part of:e",
        "k": "part of:e",
    }
    found = [p for p in check_incidents(relate(**related), squares) if p.code == "related-circle"]
    assert [(p.row, p.value) for p in sorted(found)] == [
        *((2, "part of:b"), (3, "part of:c"), (4, "same event:d"), (5, "part of:a")),
        *((8, "supersedes:h"), (9, "supersedes:g"), (10, "part of:i"), (10, "same event:i")),
    ]
    assert {(p.wrong, p.todo, p.severity) for p in found} == {(*CIRCLE, "error")}
    links = read_links(
        write(tmp_path, "j,k,part of,,,NN,,", "k,e,part of,,,NN,,", "e,j,part of,,,NN,,", "e,k,distinct,,,,,")
    )
    told = apply_links(relate(j=None, k=None, e=None), links)[1]
    assert [(p.row, p.column, p.value, p.code) for p in told] == [
        (row, "relation", "part of", "links-circle") for row in (2, 3, 4)
    ]
    half = read_links(write(tmp_path, "e,j,same event,,,NN,,", "j,e,overlaps,,,NN,,"))
    assert [p.row for p in apply_links(relate(j="part of:k", k="part of:e", e=None), half)[1]] == [2, 3]
    gone = read_links(write(tmp_path, "x,y,part of,,,NN,,"))
    assert [p.code for p in apply_links(relate(e=None), gone)[1]] == ["link-outdated"] * 2


HEADER = "id_a,id_b,relation,confidence,reason,decided_by,decided_on,note"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "links.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path


def test_only_what_a_person_decided_is_applied(relate: Callable[..., gpd.GeoDataFrame], tmp_path: Path) -> None:
    lines = [
        "a,b,Same-Event,0.9,why,NN,2024-01-01,",
        "c,d,same event,0.99,why,,,",
        "a,c,distinct,0.7,why,NN,2024-01-01,two strikes",
        "d,gone,part of,,,NN,,",
    ]
    incidents = relate(a="overlaps:e", b=None, c=None, d=None, e=None)
    linked, problems = apply_links(incidents, read_links(write(tmp_path, *lines)))
    assert linked["related"].fillna("").tolist() == ["overlaps:e|same event:b", "", "", "", ""]
    assert leads(linked) == {"b": "a", "e": "a"}
    assert [(p.row, p.column, p.value, p.code) for p in problems] == [(5, "id_b", "gone", "link-outdated")]


def test_decisions_that_cannot_be_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,twins,,,NN,,", "a,a,same event,,,NN,,", "a,,part of,,,NN,,", "a,a,anything,,,,,")
    with pytest.raises(InputError) as error:
        read_links(path)
    assert [(p.row, p.code) for p in error.value.problems] == [(2, "link-relation"), (3, "link-ids"), (4, "link-ids")]
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="missing-column"):
        read_links(path)


def test_decisions_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    lines = ["a,b,same event,,,Ann,,", "b,a,Distinct,,,Bob,,", "c,d,part of,,,Ann,,", "d,c,part of,,,Bob,,"]
    with pytest.raises(InputError) as error:
        read_links(write(tmp_path, *lines))
    assert [(p.row, p.column, p.value, p.wrong) for p in error.value.problems] == [
        (3, "relation", "distinct", "contradicts row 2, where Ann decided 'a' same event 'b'"),
        (5, "relation", "part of", "contradicts row 4, where Ann decided 'c' part of 'd'"),
    ]


def test_decisions_that_agree_are_taken_once(relate: Callable[..., gpd.GeoDataFrame], tmp_path: Path) -> None:
    lines = ["a,b,same event,,,Ann,,", "b,a,overlaps,,,Bob,,", "b,a,distinct,,,,,", "c,d,distinct,,,Ann,,"]
    linked, problems = apply_links(
        relate(a=None, b=None, c=None, d=None), read_links(write(tmp_path, *lines, "d,c,distinct,,,Bob,,"))
    )
    assert leads(linked) == {"b": "a"}
    assert not problems


def test_a_part_that_is_larger_than_its_whole_is_told(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    whole = {"incident_id": "e", "killed_min": 5, "killed_max": 6}
    parts = {
        "f": {"killed_min": 100},
        "g": {"killed_min": 7, "killed_max": 9},
        "h": {"killed_min": 3},
        "i": {"killed_min": 6, "killed_max": 9},
        "j": {"injured_min": 9},
    }
    made = make_incidents(whole, *({"incident_id": k, "related": "part of:e", **cells} for k, cells in parts.items()))
    found = [p for p in check_incidents(made, squares) if p.code == "part-larger"]
    rest = "but 'e' (row 2), of which it is part, 5 to 6"
    assert [(p.row, p.value, p.wrong, p.severity) for p in found] == [
        (3, "part of:e", f"has 100 or more killed, {rest}", "finding"),
        (4, "part of:e", f"has 7 to 9 killed, {rest}", "finding"),
    ]
    links = read_links(write(tmp_path, "f,e,part of,,,NN,,", "i,e,part of,,,NN,,", "g,e,part of,,,,,"))
    findings = apply_links(made.assign(related=None), links)[1]
    assert [(p.row, p.column, p.value, p.wrong) for p in findings] == [(2, "id_a", "f", found[0].wrong)]
