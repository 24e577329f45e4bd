"""The records of a report: findings, coverage, what is not placed or not counted, and the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.relations import name_others
from layers.page.columns import UNPLACED
from layers.page.ledger import FOUND, plain_records
from layers.report.cells import (
    list_rows,
    list_told,
    tell_day,
    tell_grading,
    tell_link,
    tell_note,
    tell_place,
    tell_placing,
    tell_sources,
    tell_toll,
    tell_when,
    tell_where,
)
from layers.report.markup import bdi, el, english
from layers.report.matter import anchor, separate
from layers.report.sums import frame, head

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from layers.report.cells import Row
    from layers.report.markup import Content, Node
    from layers.report.matter import Matter

MOST_APART = 300
"""Records without a place, discounted ones and findings that a report lists; the rest is counted."""


def tell_register(matter: Matter) -> list[Node]:
    """Return every incident that is counted, with its sources; or where they stand when they are too many."""
    if not matter.is_listed:
        return [el("p", matter.say("registerLeftOut", len(matter.shown))), el("p", matter.say("registerSelect"))]
    follows = matter.follow()
    heads = ("incidentId", "date", "place", "actors", "killed", "grading", "sources")
    body = el("tbody", [_register_row(matter, row, follows) for row in list_rows(matter.shown)])
    return [
        el("p", matter.say("registerHint")),
        frame(
            matter.say("registerCaption", len(matter.shown)),
            [head(*map(matter.say, heads), numbers=(4,))],
            body,
            class_="register",
        ),
    ]


def _register_row(matter: Matter, row: Row, follows: dict[str, str]) -> Node:
    own = str(row["incident_id"])
    together = el("small", matter.say("countedWith"), " ", matter.cite([follows[own]])) if own in follows else None
    return el(
        "tr",
        el("th", bdi(own), together, scope="row"),
        el("td", tell_when(matter, row)),
        el("td", tell_place(matter, row), el("small", tell_where(matter, row)), tell_placing(matter, row)),
        el("td", matter.name_layer(row["layer"])),
        el("td", tell_toll(matter, row), class_="n"),
        el("td", tell_grading(matter, row)),
        el("td", tell_sources(matter, row)),
        id=anchor(own),
    )


def tell_behind(matter: Matter) -> list[Node]:
    """Return, for each figure of the tables, the records behind it."""
    if not matter.is_listed:
        return []
    follows = matter.follow()
    entries = [
        el(
            "li",
            entry.told,
            [
                [" ", el("i", told) if told else None, " ", _cite_groups(matter, ids, follows)]
                for told, ids in entry.parts
            ],
            id=f"rows-{number}",
        )
        for number, entry in enumerate(matter.behind, start=1)
    ]
    return [el("p", matter.say("behindHint")), el("ul", entries, class_="behind")]


def _cite_groups(matter: Matter, ids: Sequence[str], follows: dict[str, str]) -> list[Content]:
    """Return ids as links, those of records that are counted with another one behind it in brackets."""
    after = {one: [other for other in ids if follows.get(other) == one] for one in follows.values()}
    return separate(
        (
            [matter.cite([one]), [" (", matter.cite(after[one]), ")"] if after.get(one) else None]
            for one in ids
            if one not in follows
        ),
        " ",
    )


def tell_unplaced(matter: Matter) -> list[Node]:
    """Return the records without a place on the map, as far as a report can list them."""
    lost = matter.shown[matter.picture.marks.kind == UNPLACED]
    if lost.empty:
        return [el("p", matter.say("unplacedNone"))] if len(matter.shown) else []
    rows = [
        el(
            "tr",
            el("th", matter.cite([str(row["incident_id"])]), scope="row"),
            el("td", tell_when(matter, row)),
            el(
                "td",
                tell_place(matter, row),
                _stated_in(matter, row),
            ),
            el("td", matter.words.name("precisions", row["precision"]), tell_note(row["location_note"], english)),
            el("td", tell_toll(matter, row), class_="n"),
        )
        for row in list_rows(lost.head(MOST_APART))
    ]
    heads = head(*map(matter.say, ("incidentId", "date", "place", "precision", "killed")), numbers=(4,))
    caption = matter.say("unplacedRecords", len(lost))
    return [
        el("p", matter.say("unplacedReport")),
        frame(caption, [heads], el("tbody", rows)),
        *_more(matter, len(lost)),
    ]


def _name_area(matter: Matter, window: Row) -> list[Content]:
    pairs = [(window["adm1_pcode"], window["admin1"]), (window["adm0_pcode"], window["country"])]
    return [matter.name_region(code, name) for code, name in pairs if name]


def _stated_in(matter: Matter, row: Row) -> Content:
    told = list_told(row)
    rest = [bdi(text) for text in (row["admin1"], row["country"]) if text and text not in told]
    return el("small", matter.join(rest)) if rest else None


def _more(matter: Matter, number: int) -> list[Node]:
    rest = number - MOST_APART
    return [el("p", matter.say("notListed", rest))] if rest > 0 else []


def tell_left_out(matter: Matter, incidents: gpd.GeoDataFrame) -> list[Node]:
    """Return the discounted records: they are in no figure of the report.

    Each says with which of all ``incidents`` it is counted where it is: it adds less than it lists to a sum with it.
    """
    others = name_others(incidents)
    rows = [
        el(
            "tr",
            el("th", bdi(str(row["incident_id"])), scope="row"),
            el("td", tell_when(matter, row)),
            el("td", tell_place(matter, row), el("small", tell_where(matter, row))),
            el("td", matter.name_layer(row["layer"])),
            el("td", tell_toll(matter, row), _tell_others(matter, others.get(row["incident_id"], ())), class_="n"),
            el("td", tell_sources(matter, row)),
        )
        for row in list_rows(matter.left_out.head(MOST_APART))
    ]
    heads = head(*map(matter.say, ("incidentId", "date", "place", "actors", "killedAsListed", "sources")), numbers=(4,))
    number = len(matter.left_out)
    return [
        el("p", matter.say("leftOutHint")),
        frame(matter.say("discountedHidden", number), [heads], el("tbody", rows), class_="register"),
        *_more(matter, number),
    ]


def _tell_others(matter: Matter, ids: Sequence[str]) -> Content:
    return el("small", matter.say("countedWith"), " ", matter.cite(ids)) if ids else None


def tell_findings(matter: Matter) -> list[Node]:
    """Return what sources state about an area without a number: in no sum."""
    findings = matter.ledger.findings
    records = [] if findings is None else plain_records(findings.sort_values("finding_id"), FOUND)
    rows = [
        el(
            "tr",
            el("th", tell_place(matter, found), scope="row"),
            el("td", bdi(found["statement"]), tell_note(found["note"])),
            el("td", matter.name_actors(found["actor"])),
            el("td", tell_link(found["url"], found["source"]), el("small", tell_day(matter, found["published"]))),
        )
        for found in records[:MOST_APART]
    ]
    heads = head(*map(matter.say, ("areaHead", "statement", "actorNamed", "statedBy")))
    return [
        el("p", matter.say("findingsHint")),
        frame(matter.say("findings", len(records)), [heads], el("tbody", rows)),
        *_more(matter, len(records)),
    ]


def tell_coverage(matter: Matter) -> list[Node]:
    """Return who looked where, when and for whom; of a list that was cut, for what is left of it."""
    if matter.coverage is None:
        return [el("p", matter.say("coverageUnstated"))]
    names = ("source", "country", "admin1", "actor", "from", "to", "status", "note", "url", "adm0_pcode", "adm1_pcode")
    records = plain_records(matter.coverage.sort_values([*names]), names)
    rows = [
        el(
            "tr",
            el("th", tell_link(window["url"], window["source"] or "?"), scope="row"),
            el("td", matter.join(_name_area(matter, window))),
            el("td", matter.name_actors(window["actor"]) or matter.say("allActors")),
            el("td", tell_day(matter, window["from"]), " – ", tell_day(matter, window["to"]) if window["to"] else "…"),
            el("td", matter.words.name("coverages", window["status"].replace(" ", "_")), tell_note(window["note"])),
        )
        for window in records
    ]
    heads = head(*map(matter.say, ("statedBy", "areaHead", "actors", "periodStated", "coverageHead")))
    return [
        el("p", matter.say("coverageHint")),
        *([el("p", matter.say("coverageCut"))] if matter.ledger.is_cut else []),
        frame(matter.say("coverageCaption", len(records)), [heads], el("tbody", rows)),
    ]
