"""Who was harmed: the sums of every count of a report, also of those of which nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.schema import COUNTS
from layers.report.bars import Scale, draw_bars
from layers.report.markup import el
from layers.report.matter import Part
from layers.report.sums import bar_of, frame, head, head_axis, tell_number, tell_range

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.report.markup import Node
    from layers.report.matter import Matter


def tell_people(matter: Matter) -> list[Node]:
    """Return the sums of what is counted: civilians killed, children, women, men, injured and combatants."""
    scale = Scale([matter.total[f"{count}_max"] for count in COUNTS])
    names = ("measure", "knownIn", "unknownInHead", "rangeHead", "openInHead")
    heads = head(*map(matter.say, names), head_axis(matter, scale), numbers=(1, 2, 3, 4))
    rows = [_count_row(matter, count, scale) for count in COUNTS]
    return [el("p", matter.say("peopleHint")), frame(matter.say("peopleCaption"), [heads], el("tbody", rows))]


def _count_row(matter: Matter, count: str, scale: Scale) -> Node:
    total, name = matter.total, matter.say(count)
    unknown = int(total[f"{count}_unknown"])
    known = int(total["incidents"]) - unknown
    rows = _find_known(matter, count)
    address = matter.refer(
        name, Part(matter.say("knownIn"), rows, known), Part(matter.say("unknownInHead"), ~rows, unknown)
    )
    bar = bar_of(total, count=count)
    return el(
        "tr",
        el("th", name, scope="row"),
        el("td", tell_number(known, address if known else None), class_="n"),
        el("td", tell_number(unknown, address if unknown else None), class_="n"),
        el("td", tell_range(matter, total, count)[:1], class_="n"),
        el("td", f"{int(total[f'{count}_open']):,}", class_="n"),
        el("td", draw_bars(scale, bar) if bar.is_known else None, class_="chart"),
    )


def _find_known(matter: Matter, count: str) -> NDArray[np.bool_]:
    """Return which records are of incidents of which a count is known, at one end at least."""
    known = matter.shown[[f"{count}_min", f"{count}_max"]].notna().any(axis=1).to_numpy() & matter.widens
    return np.isin(matter.leads, matter.leads[known])
