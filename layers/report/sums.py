"""The sums of a report: by actor, month and region, each row with its range and the records behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.coverage import COVERED, STATUSES
from geo.schema import COUNTS
from layers.areas import REGION
from layers.counts import add_up, assert_equal, regroup
from layers.layer import LONGER
from layers.report.bars import Bar, Scale, draw_axis, draw_bars
from layers.report.markup import el, read_text
from layers.report.matter import Part, key_places
from layers.windows import cover_span, span_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

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


def tell_months(matter: Matter) -> list[Node]:
    """Return the sums of each month, those without an incident among them, and what belongs to no month apart."""
    sums = regroup(matter.summary, ["month"]).set_index("month")
    assert_whole(matter, sums)
    scale = Scale([*sums["killed_max"], matter.total["killed_max"]])
    span = span_months(matter.shown)
    covered = cover_span(matter.shown, matter.coverage, months=span, units=matter.picture.units, actors=matter.actors)
    month = matter.keys["month"].to_numpy()
    rows = []
    for key, status in zip(span, covered, strict=True):
        name, told = matter.words.month_name(key), matter.words.name("coverages", status.replace(" ", "_"))
        if key in sums.index:
            rows.append(sum_row(matter, name, pick(sums, key), month == key, scale, told))
        else:
            rows.append(_empty_month(name, told, matter, is_zero=status == STATUSES[COVERED]))
    heads = sum_heads(matter, "month", scale, "coverageHead")
    apart = None
    if LONGER in sums.index:
        name = matter.words.month_name(LONGER)
        longer = sum_row(matter, name, pick(sums, LONGER), month == LONGER, scale, None)
        apart = el("tbody", longer, class_="apart")
    hint = "monthsHint" if matter.coverage is not None else "monthsUnstated"
    return [
        el("p", matter.say(hint)),
        frame(matter.say("monthsCaption"), [heads], el("tbody", rows), apart, total_row(matter, scale, None)),
    ]


def _empty_month(name: str, covered: str, matter: Matter, *, is_zero: bool) -> Node:
    """Return a month without an incident: a 0 only where everything was covered, else a gap."""
    told = ["0", "0"] if is_zero else [NONE, matter.say("gap")]
    cells = [el("td", cell, class_="n") for cell in told]
    blank = el("td", class_=None if is_zero else "chart gap")
    return el("tr", el("th", name, scope="row"), cells, blank, el("td", covered), class_=None if is_zero else "gap")


def tell_regions(matter: Matter) -> list[Node]:
    """Return the sums of each country and of each governorate, and which of them have none, or are not covered."""
    by_region = regroup(matter.summary, REGION)
    by_region = by_region.assign(country=key_places(by_region, 0), region=key_places(by_region, 1))
    assert_whole(matter, by_region)
    scale = Scale([*by_region["killed_max"], matter.total["killed_max"]])
    countries = regroup(matter.summary, ["adm0_name", "adm0_pcode"])
    countries = countries.assign(country=key_places(countries, 0))
    country, region = (matter.keys[name].to_numpy() for name in ("country", "region"))
    bodies, nation = [], []
    for place in countries.sort_values(["adm0_pcode", "adm0_name"]).to_dict("records"):
        sums = pd.Series(place)
        name = matter.name_region(place["adm0_pcode"], place["adm0_name"])
        nation.append(sum_row(matter, name, sums, country == place["country"], scale))
        own = by_region[by_region["country"] == place["country"]].sort_values(["adm1_pcode", "adm1_name"])
        rows = [
            sum_row(
                matter,
                matter.name_region(part["adm1_pcode"], part["adm1_name"]),
                pd.Series(part),
                (country == place["country"]) & (region == part["region"]),
                scale,
            )
            for part in own.to_dict("records")
        ]
        bodies.append(el("tbody", el("tr", el("th", name, colspan="4", scope="rowgroup"), class_="group"), rows))
    states = frame(
        matter.say("countriesCaption"),
        [sum_heads(matter, "country", scale)],
        el("tbody", nation),
        total_row(matter, scale),
    )
    governorates = frame(
        matter.say("regionsCaption"), [sum_heads(matter, "governorate", scale)], *bodies, total_row(matter, scale)
    )
    return [el("p", matter.say("regionsHint")), states, governorates, *_tell_empty(matter)]


def _tell_empty(matter: Matter) -> list[Node]:
    """Return which governorates have no incident: a zero where everything was covered, else a gap."""
    picture = matter.picture
    empty = ~picture.units["pcode"].isin(matter.shown["adm1_pcode"].unique()).to_numpy()
    zero = empty & ~picture.is_gap & picture.has_coverage
    told = {"regionsZero": zero, "regionsGap" if picture.has_coverage else "regionsUnstated": empty & ~zero}
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


def tell_people(matter: Matter) -> list[Node]:
    """Return the sums of what else is counted: children, women, men, injured, combatants, where it is known."""
    total = matter.total
    counts = [count for count in COUNTS if not pd.isna(total[f"{count}_max"])]
    scale = Scale([total[f"{count}_max"] for count in counts])
    rows = [
        el(
            "tr",
            el("th", matter.say(count), scope="row"),
            el("td", f"{int(total['incidents'] - total[f'{count}_unknown']):,}", class_="n"),
            el("td", f"{int(total[f'{count}_unknown']):,}", class_="n"),
            el("td", tell_range(matter, total, count)[:1], class_="n"),
            el("td", f"{int(total[f'{count}_open']):,}", class_="n"),
            el("td", draw_bars(scale, bar_of(total, count=count)), class_="chart"),
        )
        for count in counts
    ]
    names = ("measure", "knownIn", "unknownInHead", "rangeHead", "openInHead")
    heads = head(*map(matter.say, names), head_axis(matter, scale), numbers=(1, 2, 3, 4))
    return [el("p", matter.say("peopleHint")), frame(matter.say("peopleCaption"), [heads], el("tbody", rows))]
