"""Proposals of related records: hand-written pairs, and the figures on real ones where they are."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.actors import extend_actors, read_actors
from geo.errors import UsageError
from geo.geocode import geocode_incidents
from geo.linking.links import _Judge, propose_links, write_links
from geo.quarantine import set_aside
from geo.readers.table import judge_incidents, read_incidents
from geo.reference import reference_path
from geo.regions import join_regions, read_regions
from geo.relations import LINK_COLUMNS, read_links

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    MakeIncidents = Callable[..., gpd.GeoDataFrame]

EVAL = next((e for up in Path(__file__).parents if (e := up / "shared" / "eval").exists()), Path("absent"))
TRUTH = EVAL / "reconcile" / "link_truth_ucdp_airwars.csv"


def record(**cells: Any) -> dict[str, Any]:  # noqa: ANN401 - any cell
    usual = {
        **dict.fromkeys(("date_start", "date_end"), "2017-03-17"),
        "place": "Fardous",
        "precision": "village",
        "precision_km": 2.0,
        "killed_min": 4,
        "killed_max": 9,
        "actors": "russia",
        "geometry": shapely.Point(1, 1),
    }
    return usual | cells


def pairs(links: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(links[["id_a", "id_b", "relation"]].itertuples(index=False, name=None))


@pytest.fixture
def others(make_incidents: MakeIncidents) -> gpd.GeoDataFrame:
    """Thirty other places, so that a name is worth something."""
    rows = [
        record(
            incident_id=f"o{k}", place=f"Tall Qabr{chr(97 + k)}{chr(110 + k % 9)}in", geometry=shapely.Point(2 + k, 1)
        )
        for k in range(26)
    ]
    return make_incidents(*rows)


def test_one_event_in_two_lists_and_two_scripts(make_incidents: MakeIncidents, others: gpd.GeoDataFrame) -> None:
    ours = make_incidents(record(incident_id="a"))
    theirs = make_incidents(
        record(incident_id="b", place=None, place_local="الفردوس", geometry=shapely.Point(1.01, 1)),
        record(incident_id="far", geometry=shapely.Point(1.9, 1)),
        record(incident_id="late", date_start="2017-03-25", date_end="2017-03-25"),
        record(incident_id="else", place="Tall Aswad", killed_min=80, killed_max=90, actors="turkey"),
    )
    links = propose_links(ours, pd.concat([theirs, others]), actors=read_actors())
    assert pairs(links) == [("a", "b", "same event")]
    assert (
        links["reason"]
        .iloc[0]
        .startswith("on the same day; 1.1 km apart, known to 4 km together; names agree in part; ")
    )
    assert (links[["decided_by", "decided_on", "note"]].to_numpy() == "").all()


def test_several_smaller_records_are_parts(make_incidents: MakeIncidents, others: gpd.GeoDataFrame) -> None:
    whole = make_incidents(record(incident_id="whole", killed_min=40, killed_max=60))
    parts = make_incidents(*(record(incident_id=f"p{k}", killed_min=2, killed_max=3) for k in range(2)))
    links = propose_links(pd.concat([parts, others]), whole, actors=read_actors(), threshold=0.5)
    assert pairs(links) == [("p0", "whole", "part of"), ("p1", "whole", "part of")]


def test_parents_and_allies_are_compatible_and_strangers_are_not(
    make_incidents: MakeIncidents, others: gpd.GeoDataFrame
) -> None:
    def confidence(first: str, second: str) -> float:
        ours = make_incidents(record(incident_id="a", actors=first))
        theirs = pd.concat([make_incidents(record(incident_id="b", actors=second)), others])
        links = propose_links(ours, theirs, actors=read_actors(), threshold=0.01)
        return float(links["confidence"].to_numpy()[links["id_b"] == "b"][0])

    same, child = confidence("us-led-coalition", "us-led-coalition"), confidence("france", "us-led-coalition")
    dyad, stranger = confidence("isis|sdf", "us-led-coalition"), confidence("turkey", "us-led-coalition")
    assert same == child > dyad > stranger


def test_the_order_of_the_records_makes_no_difference(make_incidents: MakeIncidents, others: gpd.GeoDataFrame) -> None:
    own = make_incidents(*(record(incident_id=f"a{k}", killed_min=k, killed_max=9) for k in range(4)))
    records = pd.concat([own, others])
    found = propose_links(records, actors=read_actors(), threshold=0.05)
    again = propose_links(records.iloc[::-1], actors=read_actors(), threshold=0.05)

    def told(links: pd.DataFrame) -> set[tuple[frozenset[str], float]]:
        return {(frozenset((a, b)), c) for a, b, c in links[["id_a", "id_b", "confidence"]].itertuples(index=False)}

    assert len(found) >= 6
    assert told(found) == told(again)


def test_separate_strikes_on_one_town_stay_separate() -> None:
    regions = read_regions()
    incidents = read_incidents(reference_path("incidents.csv"), regions=regions)
    builtin = join_regions(geocode_incidents(incidents, regions=regions), regions)
    links = propose_links(builtin.assign(related=None), actors=read_actors(), threshold=0.05)
    assert [frozenset(pair[:2]) for pair in pairs(links)] == [frozenset(("CI550", "CI551"))]
    assert pairs(propose_links(builtin, actors=read_actors(), threshold=0.05)) == []


@pytest.mark.parametrize("related", ["same event:b", "overlaps:b", "part of:b", "supersedes:b", "same event:c"])
def test_what_the_list_relates_is_not_proposed_again(
    make_incidents: MakeIncidents, others: gpd.GeoDataFrame, related: str
) -> None:
    def propose(related: str | None) -> list[tuple[str, str, str]]:
        ours = [record(incident_id="a", related=related), record(incident_id="b", related="same event:c")]
        far = record(incident_id="c", place="Elsewhere", geometry=shapely.Point(9, 9))
        made = make_incidents(*ours, far)
        return pairs(propose_links(pd.concat([made, others]), actors=read_actors(), threshold=0.5))

    assert propose(None) == [("a", "b", "same event")]
    assert propose(related) == []


def test_the_initials_of_an_actor_are_the_actor(make_incidents: MakeIncidents, others: gpd.GeoDataFrame) -> None:
    def reason(name: str) -> str:
        ours = make_incidents(record(incident_id="a", actors="Allied Democratic Forces"))
        theirs = make_incidents(record(incident_id="b", actors=name))
        actors = extend_actors(read_actors(), ["Allied Democratic Forces", name])
        [text] = propose_links(ours, pd.concat([theirs, others]), actors=actors, threshold=0.3)["reason"]
        return str(text)

    assert "the same actors" in reason("ADF")
    assert "unlike actors" in reason("ADR")


@pytest.mark.parametrize(
    ("first", "again", "second"),
    [
        (
            "https://www.first.example/1|https://first.example/2",
            "https://first.example/3",
            "https://second.example/1",
        ),
        ("https://example.org/1", "https://www.example.org/3", "https://example.com/1"),
        ("HRW, 7 June 2024", "HRW: another report", "KST: a report"),
        ("HRW", "HRW", "https://kst.example/1"),
    ],
)
def test_two_publishers_in_one_list_are_compared_as_two_lists_are(
    make_incidents: MakeIncidents, others: gpd.GeoDataFrame, first: str, again: str, second: str
) -> None:
    doubtful = {"precision_km": 16.0, "killed_min": 8, "killed_max": 10}
    one = make_incidents(record(incident_id="a", **doubtful, sources=first))

    def propose(sources: str | None) -> list[tuple[str, str, str]]:
        other = make_incidents(record(incident_id="b", **doubtful | {"killed_min": 9}, sources=sources))
        return pairs(propose_links(pd.concat([one, other, others]), actors=read_actors()))

    assert propose(second) == [("a", "b", "same event")]
    assert propose(again) == propose(f"{second}|{again}") == propose(None) == []


def test_a_town_with_the_name_of_its_governorate_is_known_by_it(
    make_incidents: MakeIncidents, others: gpd.GeoDataFrame
) -> None:
    sennar = {"place": "Sennar", "admin1": "Sennar", "precision": "city", "precision_km": 8.0}
    ours = make_incidents(record(incident_id="a", **sennar, killed_min=80, killed_max=90))
    theirs = make_incidents(record(incident_id="b", **sennar, killed_min=85, killed_max=85))
    assert pairs(propose_links(ours, pd.concat([theirs, others]), actors=read_actors())) == [("a", "b", "same event")]
    told = {"place": "Mosque, Sennar", "description": "Sennar"}
    apart = make_incidents(record(incident_id="b", **sennar | told, killed_min=85, killed_max=85))
    assert pairs(propose_links(ours, pd.concat([apart, others]), actors=read_actors())) == []


def test_lists_with_ids_in_common_are_refused(make_incidents: MakeIncidents, others: gpd.GeoDataFrame) -> None:
    own, theirs = (pd.concat([make_incidents(record(incident_id=k)), others]) for k in "ab")
    with pytest.raises(UsageError, match=r"26 ids in common \(o0, o1, o10, o11, o12, …\)"):
        propose_links(own, theirs, actors=read_actors())


def test_nothing_to_compare_proposes_nothing(make_incidents: MakeIncidents) -> None:
    assert list(propose_links(make_incidents(record()).iloc[:0], actors=read_actors()).columns) == list(LINK_COLUMNS)
    lonely = make_incidents(record(), record(date_start=None, date_end=None, geometry=None, precision="none"))
    assert len(propose_links(lonely, actors=read_actors())) == 0


def test_links_are_read_as_they_were_written(tmp_path: Path) -> None:
    links = pd.DataFrame([["=a", "b,c", "same event", 0.9, 'a "reason"', "NN", "2024-01-01", ""]], columns=LINK_COLUMNS)
    write_links(links, tmp_path / "links.csv")
    assert read_links(tmp_path / "links.csv").to_numpy().tolist() == links.astype("str").to_numpy().tolist()


@pytest.mark.skipif(not TRUTH.exists(), reason="the true pairs are not at ../shared/eval/reconcile")
def test_nine_of_ten_true_pairs_are_proposed() -> None:
    regions = read_regions()
    lists = []
    for name in ("ucdp_ged_syria_2017h1.csv", "airwars_syria_incidents.csv"):
        path = EVAL / "import" / name
        incidents, problems = judge_incidents(path, regions=regions)
        kept, _ = set_aside(incidents, [p for p in problems if p.severity == "error"], path)
        lists.append(join_regions(geocode_incidents(kept, regions=regions), regions))
    truth = pd.read_csv(TRUTH, dtype="str")
    near = truth["day_diff"].astype(int).abs() <= 3
    truth = truth[near & truth["ucdp_id"].isin(lists[0]["incident_id"])]
    true = set(map(frozenset, zip(truth["ucdp_id"], truth["airwars_code"], strict=True)))
    assert len(true) == 111
    links = propose_links(*lists, actors=read_actors())
    proposed = set(map(frozenset, zip(links["id_a"], links["id_b"], strict=True)))
    assert len(true & proposed) >= 0.9 * 113
    assert len(proposed) < 1.6 * len(true)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_passed_over_would_not_have_been_proposed(
    make_incidents: MakeIncidents, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    urls = [
        None,
        "Red Crescent, airwars",
        *(f"https://{host}.org/{k}" for host in ("airwars", "sohr") for k in range(3)),
    ]
    rows = []
    for k in range(120):
        day, low = chance.randint(10, 16), chance.choice([None, 0, 3, 5])
        cells: dict[str, Any] = {
            "killed_min": low,
            "killed_max": chance.choice([None, 7] if low is None else [None, low, low + 4]),
        }
        cells |= {"date_start": f"2017-03-{day}", "date_end": f"2017-03-{day + chance.choice([0, 0, 0, 3])}"}
        cells |= {"place": chance.choice(["Fardous", "Salah ed-Din", "Fardous market"]), "sources": chance.choice(urls)}
        cells |= {"actors": chance.choice(["russia", "turkey", "unknown", "iran|russia"])}
        rows.append(record(incident_id=f"i{k}", geometry=shapely.Point(1 + chance.random() / 10, 1), **cells))
    incidents, actors = make_incidents(*rows), read_actors()
    asked = [((incidents, None), 0.65), ((incidents, None), 0.1), ((incidents[:60], incidents[60:]), 0.65)]
    asked += [((incidents, None), threshold) for threshold in (0.0, 1.0)]
    found = [propose_links(*lists, actors=actors, threshold=threshold) for lists, threshold in asked]
    monkeypatch.setattr(_Judge, "find_hopeful", lambda _self, a, _b, **_settings: np.ones(len(a), dtype=bool))
    for (lists, threshold), links in zip(asked, found, strict=True):
        pd.testing.assert_frame_equal(links, propose_links(*lists, actors=actors, threshold=threshold))
    assert all(len(links) for links in found[:3])
