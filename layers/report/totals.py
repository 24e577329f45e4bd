"""Published totals beside the sums of a report: the difference in named parts, or why nothing is subtracted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.dates import is_whole_months
from layers.reconcile import NOT_COMPARABLE, drop_empty, write_ends
from layers.remarks import say_remarks
from layers.report.bars import Bar, Scale, draw_axis, draw_bars
from layers.report.markup import bdi, el, english, link
from layers.report.matter import separate
from layers.report.sums import frame, head
from layers.scope import COUNTED, LEFT_OUT, OPEN
from layers.words import END, LEFT

if TYPE_CHECKING:
    from layers.report.markup import Content, Node
    from layers.report.matter import Matter

WITH_FIGURES = (COUNTED, *OPEN, LEFT_OUT, "difference", "unexplained")
DRAWN = {COUNTED: "sure", **dict.fromkeys(OPEN, "maybe")}
"""Parts that have a bar, and whether a total certainly counts them."""


def tell_totals(matter: Matter, table: pd.DataFrame) -> list[Node]:
    """Return each comparison of `layers.reconcile.reconcile_totals`, then what is not comparable and why."""
    refused = table["part"] == NOT_COMPARABLE
    compared = table[~refused]
    sections: list[Node] = [el("p", matter.say("totalsHint"))]
    if len(compared):
        bodies = [_compare(matter, lines) for _, lines in compared.groupby("total_id", sort=False)]
        heads = head(
            *map(matter.say, ("part", "rangeHead", "incidentsAndNotes")), matter.say("drawnHead"), numbers=(1,)
        )
        sections.append(frame(matter.say("comparedCaption", len(bodies)), [heads], *bodies, class_="totals"))
    if refused.any():
        rows = [
            el(
                "tr",
                el("th", _scope(matter, line), scope="row"),
                el("td", _span(matter, line["total_min"], line["total_max"]), class_="n"),
                el("td", _tell_note(matter, line)),
            )
            for _, line in table[refused].iterrows()
        ]
        heads = head(*map(matter.say, ("totalHead", "rangeHead", "reason")), numbers=(1,))
        caption = matter.say("refusedCaption", int(refused.sum()))
        sections += [el("p", matter.say("refusedHint")), frame(caption, [heads], el("tbody", rows), class_="refused")]
    return sections


def tell_wholes(matter: Matter, wholes: pd.DataFrame) -> list[Node]:
    """Return totals of all parties against the sums of the same source's totals of each."""
    rows = [
        el(
            "tr",
            el("th", bdi(str(whole["total_id"])), el("small", bdi(str(whole["source"]))), scope="row"),
            *(
                el("td", _span(matter, whole[f"{part}_min"], whole[f"{part}_max"]), class_="n")
                for part in ("whole", "parts", "rest")
            ),
            el("td", matter.join(bdi(one) for one in str(whole["parts"]).split("|"))),
        )
        for whole in wholes.to_dict("records")
    ]
    if not rows:
        return []
    heads = head(*map(matter.say, ("totalHead", "wholeHead", "partsHead", "restHead", "partsOf")), numbers=(1, 2, 3))
    return [frame(matter.say("wholesCaption"), [heads], el("tbody", rows), class_="wholes")]


def _compare(matter: Matter, lines: pd.DataFrame) -> Node:
    """Return the lines of one comparison under the total that they are about."""
    first = lines.iloc[0]
    drawn = lines[lines["part"].isin([*DRAWN])]
    scale = Scale([first["total_min"], first["total_max"], *drawn["min"], *drawn["max"]])
    total = Bar(first["total_min"], first["total_max"], is_open=bool(pd.isna(first["total_max"])))
    title = el("tr", el("th", _scope(matter, first), colspan="4", scope="rowgroup"), class_="group")
    published = el(
        "tr",
        el("th", matter.say("publishedTotal"), scope="row"),
        el("td", el("b", _span(matter, first["total_min"], first["total_max"])), class_="n"),
        el("td", _published(matter, first)),
        el("td", draw_axis(scale, matter.words), draw_bars(scale, total), class_="chart"),
    )
    rows = [_part(matter, line, scale) for _, line in drop_empty(lines).iterrows()]
    return el("tbody", title, published, rows)


def _published(matter: Matter, line: pd.Series) -> list[Content]:
    day = [] if pd.isna(line["published"]) else matter.phrase(matter.words.day(line["published"]))
    address = "" if pd.isna(line["url"]) else str(line["url"]).partition("|")[0]
    parts: list[Content] = [day, link(address) if address else None, bdi(str(line["total_id"]))]
    return separate((part for part in parts if part), " · ")


def _part(matter: Matter, line: pd.Series, scale: Scale) -> Node:
    part, low, high = line["part"], line["min"], line["max"]
    figure: Content = None
    if part in OPEN:
        figure = matter.say("unknown") if pd.isna(high) else matter.say("upTo", n=matter.words.number(round(high)))
    elif part in WITH_FIGURES:
        figure = _span(matter, low, high)
    ids = [one for one in line["incident_ids"].split("|") if one]
    doubt = matter.say("withoutFigure", int(line["unknown"])) if line["unknown"] else None
    note = _tell_note(matter, line) if line["note"] else None
    told = separate([text for text in (matter.cite(ids), doubt, note) if text], "; ")
    bar = Bar(None if part in OPEN else low, high, kind=DRAWN.get(part, ""), is_open=bool(pd.isna(high)))
    strong, is_aside = part in ("difference", "unexplained"), part in ("coverage", "definition")
    return el(
        "tr",
        el("th", matter.words.name("parts", part), scope="row"),
        el("td", el("b", figure) if strong else figure, class_="n"),
        el("td", told),
        el("td", draw_bars(scale, bar) if part in DRAWN and bar.is_known else None, class_="chart"),
        class_="aside" if is_aside else None,
    )


def _tell_note(matter: Matter, line: pd.Series) -> Content:
    """Return what the comparison says of itself, or what a total counts: that is data, and in its own language."""
    if line["remarks"]:
        return matter.phrase(say_remarks(line["remarks"], matter.words))
    return english(line["note"]) if matter.words.is_rtl else matter.phrase(line["note"])


def _scope(matter: Matter, line: pd.Series) -> list[Content]:
    """Return what a total counts: source, area, period, actor, measure and series."""
    words = matter.words
    named = [] if pd.isna(line["country"]) else line["country"].split("|")
    where: Content = matter.join(map(matter.name_country, named)) if named else matter.say("noCountry")
    area: Content = [] if pd.isna(line["area"]) else [" (", bdi(line["area"]), ")"]
    actor = matter.say("allParties") if pd.isna(line["actor"]) else matter.name_actors(line["actor"])
    place: list[Content] = [where, area]
    measure = words.name("totalMeasures", words.name("measures", line["measure"]))
    kind = [measure] if line["series"] == "documented" else [measure, ", ", words.name("series", line["series"])]
    return separate([bdi(line["source"]), place, _period(matter, line), actor, kind], " – ")


def _period(matter: Matter, line: pd.Series) -> list[Content]:
    first, last = line["first"], line["last"]
    if pd.isna(first):
        return matter.say("noPeriod")
    if not is_whole_months(first, last):
        return matter.phrase(matter.words.days(first, last))
    months = dict.fromkeys(matter.words.month_name(f"{day:%Y-%m}") for day in (first, last))
    return [" – ".join(months)]


def _span(matter: Matter, low: float, high: float) -> Content:
    """Return from and to in words."""
    ends = write_ends(low, high)
    numbers = [f"{LEFT}{end}{END}" for end in ends]
    if pd.isna(high):
        return matter.say("unknown") if pd.isna(low) else matter.say("classAndMore", n=numbers[0])
    if pd.isna(low):
        return matter.say("upTo", n=numbers[1])
    if "−" in "".join(ends) and ends[0] != ends[1]:
        return matter.say("fromTo", low=numbers[0], high=numbers[1])
    return matter.phrase(f"{LEFT}{'–'.join(dict.fromkeys(ends))}{END}")
