"""The sums of a report by month: those without an incident are zeros or gaps, runs of them in one row.

A month of discounted records alone is neither, and says so.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from geo.coverage import COVERED, STATUSES
from layers.counts import regroup
from layers.layer import LONGER, incident_month
from layers.report.bars import Scale
from layers.report.markup import el
from layers.report.sums import NONE, assert_whole, frame, lent_row, pick, sum_heads, sum_row, total_row
from layers.windows import cover_span, span_months

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.report.markup import Content, Node
    from layers.report.matter import Matter


def tell_months(matter: Matter) -> list[Node]:
    """Return the sums of each month, those without an incident among them, and what belongs to no month apart."""
    sums = regroup(matter.summary, ["month"]).set_index("month")
    assert_whole(matter, sums)
    scale = Scale([*sums["killed_max"], matter.total["killed_max"]])
    span = span_months(matter.shown)
    covered = cover_span(matter.shown, matter.coverage, months=span, units=matter.picture.units, actors=matter.actors)
    month, own = (keys["month"].to_numpy() for keys in (matter.keys, matter.own_keys))
    where = matter.own_keys["month"].map(matter.words.month_name)
    filled, left_out = {*own}, {*incident_month(matter.left_out)}
    rows = []
    for (key, status), run in groupby(
        zip(span, covered, strict=True), lambda cell: (cell[0] if cell[0] in filled | left_out else "", cell[1])
    ):
        told = matter.words.name("coverages", status.replace(" ", "_"))
        if key in sums.index:
            rows.append(sum_row(matter, matter.words.month_name(key), pick(sums, key), month == key, scale, told))
        elif key in left_out - filled:
            rows.append(_empty_months(matter, [key], told, "onlyDiscounted"))
        elif key:
            rows.append(lent_row(matter, matter.words.month_name(key), own == key, where, told))
        else:
            why = "" if status == STATUSES[COVERED] else "gap"
            rows.append(_empty_months(matter, [one for one, _ in run], told, why))
    heads = sum_heads(matter, "month", scale, "coverageHead")
    apart = None
    if LONGER in filled:
        name, longer = matter.words.month_name(LONGER), own == LONGER
        last = (
            sum_row(matter, name, pick(sums, LONGER), month == LONGER, scale, None)
            if LONGER in sums.index
            else lent_row(matter, name, longer, where, None)
        )
        apart = el("tbody", last, class_="apart")
    hint = "monthsHint" if matter.coverage is not None else "monthsUnstated"
    return [
        el("p", matter.say(hint)),
        frame(matter.say("monthsCaption"), [heads], el("tbody", rows), apart, total_row(matter, scale, None)),
    ]


def _empty_months(matter: Matter, months: Sequence[str], covered: str, why: str) -> Node:
    """Return one or several months without an incident: a 0, or the word that says why they are none."""
    first, last = (matter.words.month_name(months[end]) for end in (0, -1))
    slots = {"from": first, "to": last}
    name: Content = first if len(months) == 1 else matter.say("monthsRun", len(months), **slots)
    told = [NONE, matter.say(why)] if why else ["0", "0"]
    cells = [el("td", cell, class_="n") for cell in told]
    blank = el("td", class_="chart gap" if why else None)
    return el("tr", el("th", name, scope="row"), cells, blank, el("td", covered), class_="gap" if why else None)
