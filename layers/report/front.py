"""What a report opens with: its figures with what they count, and its map with the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.counts import total_ranges
from layers.drawing.picture import SHADE, SHADE_WORDS
from layers.page.ledger import describe_ranges
from layers.report.inset import HEIGHT, WIDTH, draw_look, draw_map
from layers.report.markup import clean, el
from layers.report.matter import Part
from layers.report.sums import tell_number, tell_range

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.report.markup import Content, Node
    from layers.report.matter import Matter

MOST_LAYERS = 20
"""Sets of actors in the key of the map; a table below lists all."""


def tell_overview(matter: Matter, incidents: gpd.GeoDataFrame) -> list[Node]:
    """Return the figures that everything below comes to, and what they count."""
    total, say = matter.total, matter.say
    union = int(total["incidents"])
    address = matter.refer(say("allOnce"), Part(None, np.ones(len(matter.shown), dtype=bool), union))
    boxes = [
        (tell_number(union, address), say("incidentsHead"), None),
        (
            tell_range(matter, total)[:1],
            say("killed"),
            [el("small", matter.phrase(doubt)) for doubt in matter.words.doubts(total)],
        ),
        (f"{len(matter.shown) - matter.picture.lost:,}", say("recordsPlaced"), None),
        (f"{matter.picture.lost:,}", say("recordsNotPlaced"), None),
    ]
    figures = [el("div", el("dt", name), el("dd", told, doubt)) for told, name, doubt in boxes]
    basis = matter.words.ranges(describe_ranges(matter.ledger))
    counted_here = [say("whatIsCounted"), matter.phrase(basis), *_tell_counting(matter, incidents)]
    return [
        el("dl", figures, class_="headline"),
        el("h3", say("counting")),
        el("ul", [el("li", told) for told in counted_here]),
    ]


def _tell_counting(matter: Matter, incidents: gpd.GeoDataFrame) -> list[Content]:
    """Return what the figures leave out or join: discounted records, related ones."""
    told: list[Content] = []
    if len(matter.left_out):
        whole = total_ranges(incidents)
        number, toll = int(whole["incidents"]), matter.words.toll(whole)
        doubts = matter.words.join(matter.words.doubts(whole))
        slots = {"incidents": matter.words.say("incidents", number), "toll": f"{toll} ({doubts})" if doubts else toll}
        with_them = matter.say("withDiscounted", number, **slots)
        told.append([matter.say("discountedHidden", len(matter.left_out)), ": ", with_them])
    together = len(matter.shown) - int(matter.total["incidents"])
    if together:
        slots = {"records": matter.words.number(len(matter.shown))}
        told.append(matter.say("countedTogetherReport", int(matter.total["incidents"]), **slots))
    return [*told, matter.say("unknownIsNot0")]


def tell_map(matter: Matter) -> list[Node]:
    """Return the map as an image with its alternative in words, and its key; a sentence when nothing is on it."""
    picture, words = matter.picture, matter.words
    if picture.lost == len(picture.shown) and not len(picture.found):
        return [el("p", matter.say("noMap"))]
    described = words.say("mapAlt", len(picture.shown) - picture.lost, lost=str(picture.lost))
    image = el("img", src=draw_map(picture), alt=clean(described), width=str(WIDTH), height=str(HEIGHT))
    classes = [
        el("li", el("span", class_=f"shade {tone or 'hatched'}"), " ", matter.phrase(told))
        for told, tone in picture.shades
    ]
    keys = ["keySplit", "keyMany", "keyRing", "keyArea", *(["keyFinding"] if len(picture.found) else [])]
    shaded = " ".join(words.say(key) for key in ("shadedBy", SHADE_WORDS[SHADE]))
    return [
        el(
            "figure",
            image,
            el(
                "figcaption",
                el("div", el("h3", words.say("actorSets")), el("ul", _list_layers(matter))),
                el("div", el("h3", shaded), el("ul", classes)),
                el("div", el("h3", words.say("key")), el("ul", [el("li", words.say(key)) for key in keys])),
            ),
        )
    ]


def _list_layers(matter: Matter) -> list[Node]:
    """Return the sets of actors with their marks and numbers of incidents, as many as stand beside a map on a sheet."""
    picture = matter.picture
    totals = picture.layer_totals
    rows = [
        el("li", draw_look(look), " ", matter.phrase(name), " ", _count(number))
        for look, name, number in zip(picture.looks[:MOST_LAYERS], picture.names, totals, strict=False)
    ]
    rest = totals[MOST_LAYERS:]
    return [*rows, *([el("li", matter.say("rows", len(rest)), " ", _count(sum(rest)))] if rest else [])]


def _count(number: int) -> Node:
    return el("span", f"({number:,})", class_="count")
