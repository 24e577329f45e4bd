"""The sums of a report by country and governorate, those without an incident and those that sources state otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.areas import REGION, are_told_of, name_regions
from layers.counts import regroup
from layers.report.bars import Scale
from layers.report.cells import differs, list_rows
from layers.report.markup import el
from layers.report.matter import key_places
from layers.report.sums import assert_whole, frame, lent_row, sum_heads, sum_row, total_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from layers.report.cells import Row
    from layers.report.markup import Content, Node
    from layers.report.matter import Matter


def tell_regions(matter: Matter) -> list[Node]:
    """Return the sums of each country and of each governorate, and which of them have none, or are not covered."""
    by_region = regroup(matter.summary, REGION)
    assert_whole(matter, by_region)
    scale = Scale([*by_region["killed_max"], matter.total["killed_max"]])
    states = _list_places(matter, regroup(matter.summary, [*REGION[:2]]), 0)
    parts = _list_places(matter, by_region, 1)
    bodies = [
        el(
            "tbody",
            el("tr", el("th", _name(matter, place, 0), colspan="4", scope="rowgroup"), class_="group"),
            [_place_row(matter, part, 1, scale) for part in _rows(parts) if part["country"] == place["country"]],
        )
        for place in _rows(states)
    ]
    nation = [_place_row(matter, place, 0, scale) for place in _rows(states)]
    countries = frame(
        matter.say("countriesCaption"),
        [sum_heads(matter, "country", scale)],
        el("tbody", nation),
        total_row(matter, scale),
    )
    governorates = frame(
        matter.say("regionsCaption"), [sum_heads(matter, "governorate", scale)], *bodies, total_row(matter, scale)
    )
    return [el("p", matter.say("regionsHint")), countries, governorates, *_tell_empty(matter), *_tell_differing(matter)]


def _list_places(matter: Matter, sums: pd.DataFrame, level: int) -> pd.DataFrame:
    """Return the sums of each country (level 0) or governorate (1), and those all of whose records count elsewhere."""
    names = [*REGION[: 2 * level + 2]]
    every = pd.DataFrame(name_regions(matter.shown)[names].drop_duplicates())
    places = every.merge(sums, on=names, how="left")
    for name, at in (("country", 0), ("region", 1))[: level + 1]:
        places[name] = key_places(places, at)
    order = [f"adm{at}_{what}" for at in range(level + 1) for what in ("pcode", "name")]
    return places.sort_values(order, ignore_index=True)


def _rows(places: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in places.to_dict("records")]


def _name(matter: Matter, place: Row, level: int) -> list[Content]:
    return matter.name_region(place[f"adm{level}_pcode"], place[f"adm{level}_name"])


def _place_row(matter: Matter, place: Row, level: int, scale: Scale) -> Node:
    names = ["country", "region"][: level + 1]
    counted, own = (
        np.logical_and.reduce([keys[name].eq(place[name]).to_numpy(dtype=bool) for name in names])
        for keys in (matter.keys, matter.own_keys)
    )
    if not pd.isna(place["incidents"]):
        return sum_row(matter, _name(matter, place, level), pd.Series(place), counted, scale)
    where = pd.Series([_name(matter, row, level) for row in _rows(name_regions(matter.shown))], dtype=object)
    return lent_row(matter, _name(matter, place, level), own, where)


def _tell_empty(matter: Matter) -> list[Node]:
    """Return which governorates have no incident: a zero where everything was covered, else a gap.

    And those that are stated only by records that stand in none, and those whose records are all discounted.
    """
    picture = matter.picture
    told_of = are_told_of(picture.units, matter.shown)
    empty = ~told_of & ~picture.is_left_out
    zero = empty & ~picture.is_gap & picture.has_coverage
    told = {
        "regionsNamed": told_of & ~picture.units["pcode"].isin(matter.shown["adm1_pcode"]).to_numpy(),
        "regionsDiscounted": picture.is_left_out,
        "regionsZero": zero,
        "regionsGap" if picture.has_coverage else "regionsUnstated": empty & ~zero,
    }
    return [
        el(
            "p",
            el("b", matter.say(key, int(which.sum()))),
            ": ",
            matter.join(_name_units(matter, which)),
            ".",
            class_="states",
        )
        for key, which in told.items()
        if which.any()
    ]


def _name_units(matter: Matter, which: NDArray[np.bool_]) -> Iterable[Content]:
    units = matter.picture.units[which]
    return (matter.name_region(code, name) for code, name in zip(units["pcode"], units["name"], strict=True))


def _tell_differing(matter: Matter) -> list[Node]:
    """Return which incidents stand in another governorate than the one that their sources state."""
    doubted = matter.shown[~matter.shown["admin_agrees"].fillna(value=True).astype(bool)]  # few of many
    ids = [str(row["incident_id"]) for row in list_rows(doubted) if differs(row)]
    told = el("b", matter.say("regionsDiffer", len(ids)))
    return [el("p", told, ": ", matter.cite(ids), ".", class_="states")] if ids else []
