"""Tables of sums in a report: each row with its range and the records behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.counts import add_up, assert_equal
from layers.report.bars import Bar, draw_axis, draw_bars
from layers.report.markup import el, read_text
from layers.report.matter import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from layers.report.bars import Scale
    from layers.report.markup import Content, Node
    from layers.report.matter import Matter

NONE = "–"
"""Stands where nothing is counted: it is no figure, and no 0."""


def head(*cells: Content, numbers: Sequence[int] = ()) -> Node:
    """Return a row of heads; ``numbers`` says which of them stand above figures."""
    return el("tr", [el("th", cell, scope="col", class_="n" if k in numbers else None) for k, cell in enumerate(cells)])


def frame(name: Content, heads: Sequence[Node], *bodies: Node | None, class_: str | None = None) -> Node:
    """Return a table under its caption, in a box that scrolls on narrow screens."""
    table = el("table", el("caption", name), el("thead", heads), bodies, class_=class_)
    return el("div", table, class_="wide", tabindex="0", role="group", aria_label=read_text(name))


def head_axis(matter: Matter, scale: Scale) -> list[Content]:
    """Return the head of a column of bars: the axis, and what it is for those who do not see it."""
    return [el("span", matter.say("drawn"), class_="hush"), draw_axis(scale, matter.words)]


def tell_range(matter: Matter, sums: pd.Series, count: str = "killed") -> list[Content]:
    """Return a range with what is not known about it; unknown is said, and nothing counted is no figure."""
    if not sums["incidents"]:
        return [NONE]
    told = el("b", matter.phrase(matter.words.toll(sums, count)), class_="figure")
    doubts = {"noMaximumIn": f"{count}_open", "unknownIn": f"{count}_unknown"}
    notes = [el("small", matter.say(key, int(sums[name]))) for key, name in doubts.items() if sums[name]]
    return [told, *notes]


def tell_number(number: int, address: str | None) -> Content:
    """Return a number of incidents, which leads to the list of the records behind it."""
    return f"{number:,}" if address is None else el("a", f"{number:,}", href=address)


def pick(sums: pd.DataFrame, key: str) -> pd.Series:
    """Return one row of a table of sums by its key."""
    return pd.Series(sums.loc[key])


def bar_of(sums: pd.Series, color: str | None = None, kind: str = "sure", count: str = "killed") -> Bar:
    """Return the bar of a range."""
    low, high = sums[f"{count}_min"], sums[f"{count}_max"]
    return Bar(low, high, color, kind, is_open=bool(sums[f"{count}_open"]))


def sum_row(
    matter: Matter, name: Content, sums: pd.Series, rows: NDArray[np.bool_], scale: Scale, *more: Content
) -> Node:
    """Return a row with one range: name, incidents, range and bar."""
    number = int(sums["incidents"])
    return el(
        "tr",
        el("th", name, scope="row"),
        el("td", tell_number(number, matter.refer(name, Part(None, rows, number))), class_="n"),
        el("td", tell_range(matter, sums), class_="n"),
        el("td", draw_bars(scale, bar_of(sums)), class_="chart"),
        [el("td", cell) for cell in more],
    )


def lent_row(matter: Matter, name: Content, rows: NDArray[np.bool_], where: pd.Series, *more: Content) -> Node:
    """Return a row of records that are all counted with others, elsewhere: no figure and no 0, but where it stands.

    ``where`` names the place or month that each record is counted in.
    """
    ids, leads = matter.shown["incident_id"].array, np.unique(matter.leads[rows])
    others = ([matter.cite([str(ids[lead])]), " (", where.iloc[lead], ")"] for lead in leads)
    return el(
        "tr",
        el("th", name, scope="row"),
        el("td", NONE, class_="n"),
        el("td", NONE, el("small", matter.say("countedWith"), " ", matter.join(others)), class_="n"),
        el("td", class_="chart"),
        [el("td", cell) for cell in more],
    )


def total_row(matter: Matter, scale: Scale, *more: Content) -> Node:
    """Return the row below a table whose rows add up to all incidents."""
    everything = np.ones(len(matter.shown), dtype=bool)
    return el("tfoot", sum_row(matter, matter.say("allOnce"), matter.total, everything, scale, *more))


def sum_heads(matter: Matter, first: str, scale: Scale, *more: str) -> Node:
    """Return the heads of a table of sums."""
    say = matter.say
    return head(
        say(first), say("incidentsHead"), say("killed"), head_axis(matter, scale), *map(say, more), numbers=(1, 2)
    )


def assert_whole(matter: Matter, sums: pd.DataFrame) -> None:
    """Raise an `AssertionError` when the rows of a table do not add up to all incidents."""
    assert_equal(matter.total, add_up(sums), "a table of the report")
