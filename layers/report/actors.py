"""The sums of a report by actor: alone, with others and both, what they have in common, and by set of actors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.actors import trace_parents
from layers.counts import count_overlap, regroup, share_actors
from layers.layer import layer_order, split_key
from layers.report.bars import Scale, draw_bars
from layers.report.markup import el
from layers.report.matter import Part
from layers.report.sums import (
    NONE,
    assert_whole,
    bar_of,
    frame,
    head_axis,
    pick,
    sum_heads,
    sum_row,
    tell_number,
    tell_range,
    total_row,
)

if TYPE_CHECKING:
    import pandas as pd

    from layers.report.markup import Content, Node
    from layers.report.matter import Matter


def tell_actors(matter: Matter) -> list[Node]:
    """Return figures per actor, alone, with others and both, with their overlap and union; then per set of actors."""
    shares = share_actors(matter.shown, matter.actors)
    parts = {name: rows.drop(columns="share") for name, rows in _by_share(shares).items()}
    up_to = parts["upTo"]
    scale = Scale([*up_to["killed_max"], matter.total["killed_max"]])
    say = matter.say
    groups = [(name, say(f"shares.{name}")) for name in parts]
    heads = [
        el(
            "tr",
            el("th", say("actor"), rowspan="2", scope="col"),
            [el("th", told, colspan="2", scope="colgroup", class_="n") for _, told in groups],
            el("th", head_axis(matter, scale), rowspan="2", scope="col"),
        ),
        el("tr", [el("th", say(key), scope="col", class_="n") for _ in groups for key in ("incidentsHead", "killed")]),
    ]
    body = el("tbody", [_actor_row(matter, actor, parts, scale) for actor in sorted(up_to.index, key=layer_order)])
    overlap = count_overlap(matter.shown, matter.actors)
    every, union = np.ones(len(matter.shown), dtype=bool), int(matter.total["incidents"])
    foot = el(
        "tfoot",
        _rest_row(say("countedTwice"), _refer_several(matter, overlap), tell_range(matter, overlap)),
        _rest_row(
            say("allOnce"),
            tell_number(union, matter.refer(say("allOnce"), Part(None, every, union))),
            tell_range(matter, matter.total),
            draw_bars(scale, bar_of(matter.total)),
        ),
    )
    return [
        el("p", say("actorsHint")),
        frame(say("actorsCaption"), heads, body, foot, class_="actors"),
        el(
            "p",
            el("span", class_="swatch sure"),
            say("barSure"),
            el("span", class_="swatch maybe"),
            say("barMaybe"),
            class_="key",
        ),
        _tell_layers(matter),
    ]


def _refer_several(matter: Matter, overlap: pd.Series) -> Content:
    """Return how often incidents are counted again, which leads to the incidents of several actors, each once."""
    kin = trace_parents(matter.actors)
    named = {
        key: {one for actor in split_key(key)[0] for one in kin.get(actor, [actor])} for key in matter.keys["layer"]
    }
    rows = matter.keys["layer"].map({key: len(one) > 1 for key, one in named.items()}).to_numpy(dtype=bool)
    number = len(np.unique(matter.leads[rows]))
    name = matter.say("countedTwice")
    return tell_number(int(overlap["incidents"]), matter.refer(name, Part(None, rows, number)))


def _by_share(shares: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the sums of each actor, by actor: alone, with others, and both."""
    apart = regroup(shares, ["actor", "share"]).set_index("actor")
    both = regroup(shares, ["actor"]).set_index("actor").assign(share="upTo")
    return {"sole": apart[apart["share"] == "sole"], "shared": apart[apart["share"] == "shared"], "upTo": both}


def _actor_row(matter: Matter, actor: str, parts: dict[str, pd.DataFrame], scale: Scale) -> Node:
    kin = trace_parents(matter.actors)
    lines = {key: [kin.get(one, [one]) for one in split_key(key)[0]] for key in matter.keys["layer"].unique()}
    is_named = {key: any(actor in line for line in named) for key, named in lines.items()}
    is_alone = {key: all(actor in line for line in named) for key, named in lines.items()}
    names, alone = (matter.keys["layer"].map(known).to_numpy(dtype=bool) for known in (is_named, is_alone))
    rows = {"sole": alone, "shared": names & ~alone}
    own = [one for one in parts["upTo"].index if one != actor and actor in kin.get(one, ())]
    name = matter.name_actors(actor)
    told = [name, " ", matter.say("withMembers"), " ", matter.join(matter.name_actors(one) for one in own), ")"]
    found = {share: pick(sums, actor) for share, sums in parts.items() if actor in sums.index}
    behind = [
        Part(matter.say(f"shares.{share}"), rows[share], int(found[share]["incidents"]))
        for share in ("sole", "shared")
        if share in found
    ]
    address = matter.refer(name, *behind)
    color = matter.styles[actor]["color"] if actor in matter.styles else None
    kinds = {"sole": "sure", "upTo": "maybe"}
    bars = [bar_of(found[share], color, kind) for share, kind in kinds.items() if share in found]
    cells = [
        el("td", told, class_="n")
        for share in parts
        for told in (
            [tell_number(int(found[share]["incidents"]), address), tell_range(matter, found[share])]
            if share in found
            else [NONE, NONE]
        )
    ]
    return el(
        "tr", el("th", told if own else name, scope="row"), cells, el("td", draw_bars(scale, *bars), class_="chart")
    )


def _rest_row(name: Content, number: Content, told: Content, bars: Node | None = None) -> Node:
    """Return a row below the actors, which has figures of "alone or with others" only."""
    cells = [el("td", number, class_="n"), el("td", told, class_="n"), el("td", bars, class_="chart")]
    return el("tr", el("th", name, scope="row"), el("td", colspan="4"), cells)


def _tell_layers(matter: Matter) -> Node:
    """Return the sums of each set of actors: these rows add up."""
    sums = regroup(matter.summary, ["layer"]).set_index("layer")
    assert_whole(matter, sums)
    scale = Scale([*sums["killed_max"], matter.total["killed_max"]])
    layer = matter.keys["layer"].to_numpy()
    rows = [
        sum_row(matter, matter.name_layer(key), pick(sums, key), layer == key, scale)
        for key in sorted(sums.index, key=layer_order)
    ]
    heads = [sum_heads(matter, "actorSet", scale)]
    return frame(matter.say("layersCaption"), heads, el("tbody", rows), total_row(matter, scale))
