"""Cells of a report's tables of records: where, when, how many, by whom, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from layers.layer import layer_keys
from layers.report.markup import bdi, el, link, read_text
from layers.report.matter import separate
from layers.words import isolate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import geopandas as gpd

    from layers.report.markup import Content, Node
    from layers.report.matter import Matter

ALSO = ("children", "women", "men", "injured", "combatants")
"""Counts told below the range of an incident where they are known."""

Row = dict[str, Any]


def list_rows(incidents: gpd.GeoDataFrame) -> Iterable[Row]:
    """Yield incidents as dictionaries, with the key of their layer; a missing text is None."""
    plain = pd.DataFrame(incidents.drop(columns="geometry")).assign(layer=layer_keys(incidents))
    texts: pd.DataFrame = plain.select_dtypes("str")
    plain[[*texts]] = texts.astype(object).where(texts.notna(), None)
    yield from plain.to_dict("records")


def tell_place(matter: Matter, row: Row) -> list[Content]:
    """Return the place of an incident, in its own script too."""
    names = [row["place_local"], row["place"]] if matter.words.is_rtl else [row["place"], row["place_local"]]
    told = [name for name in names if name] or [name for name in (row["admin1"], row["country"]) if name]
    return separate((bdi(name) for name in told), " · ") if told else matter.say("notStated")


def list_told(row: Row) -> list[str]:
    """Return the regions that `tell_place` tells: where no place is stated, or the place is the country."""
    places = [row["place"], row["place_local"]]
    if row["precision"] == "country" and any(places):
        return places
    return [] if any(places) else [row["admin1"], row["country"]]


def tell_where(matter: Matter, row: Row) -> list[Content]:
    """Return the region that an incident was joined to, if it is not its place, and how precisely that is known."""
    told = list_told(row)
    regions = [
        matter.name_region(row[f"adm{level}_pcode"], row[f"adm{level}_name"])
        for level in (1, 0)
        if isinstance(row[f"adm{level}_name"], str) and row[f"adm{level}_name"] not in told
    ]
    return separate([*regions, matter.words.name("precisions", row["precision"])], " · ")


def tell_placing(matter: Matter, row: Row) -> list[Node]:
    """Return in small type how an incident was placed, and where the sources' governorate is not the one it lies in."""
    words = matter.words
    told: list[Node] = []
    if row["located_by"]:
        way, _, rest = str(row["located_by"]).partition(":")
        radius = row["precision_km"]
        within: list[Content] = [] if pd.isna(radius) else [", ", matter.say("within", km=words.km(radius))]
        known = words.group("located") | {"online": words.say("locatedOnline")}
        named: list[Content] = [known.get(way), [" (", bdi(rest), ")"] if rest else None]
        told.append(el("small", named if way in known else bdi(row["located_by"]), within))
    if differs(row):
        slots = {
            "stated": isolate(str(row["admin1"])),
            "joined": isolate(read_text(matter.name_region(row["adm1_pcode"], row["adm1_name"]))),
        }
        key = "adminDiffersPlain"
        if not pd.isna(row["admin_km"]):
            key, slots["km"] = "adminDiffers", words.km(row["admin_km"])
        told.append(el("small", matter.say(key, None, **slots)))
    return told


def differs(row: Row) -> bool:
    """Return whether the sources state another governorate than the one an incident lies in."""
    agrees = row.get("admin_agrees")
    return not (pd.isna(agrees) or agrees) and bool(row["admin1"]) and isinstance(row["adm1_name"], str)


def tell_when(matter: Matter, row: Row) -> list[Content]:
    """Return the date of an incident."""
    return matter.phrase(matter.words.when(row["date_start"], row["date_end"], row["date_precision"]))


def tell_toll(matter: Matter, row: Row) -> list[Content]:
    """Return the range of an incident, and below it those of its children, women and so on where they are known."""
    words = matter.words
    told = [el("b", matter.phrase(words.span_of(row["killed_min"], row["killed_max"])), class_="figure")]
    also = [
        el("small", words.name("measures", count), " ", matter.phrase(words.span_of(low, high)))
        for count in ALSO
        for low, high in [(row[f"{count}_min"], row[f"{count}_max"])]
        if not (pd.isna(low) and pd.isna(high))
    ]
    return [*told, *also]


def tell_grading(matter: Matter, row: Row) -> str:
    """Return the words of the grading of an incident, or that it has none."""
    return matter.words.name("gradings", row["grading"]) if row["grading"] else matter.words.say("notGraded")


def tell_sources(matter: Matter, row: Row) -> Content:
    """Return the sources of an incident as a list; addresses of the web are links."""
    sources = [text for text in (row["sources"] or "").split("|") if text.strip()]
    items = [el("li", link(text)) for text in sources]
    return el("ul", items, class_="sources") if items else matter.say("noSources")


def tell_note(text: object, show: Callable[[str], Node] = bdi) -> Node | None:
    """Return a note of the data in small type; nothing for none."""
    return el("small", show(text)) if isinstance(text, str) and text else None


def tell_link(url: str, name: str) -> Node:
    """Return a source's name, which leads to the first of its addresses."""
    return link(url.partition("|")[0], bdi(name)) if url else bdi(name)


def tell_day(matter: Matter, text: str) -> list[Content]:
    """Return an ISO day as people write it; "undated" for none."""
    return matter.phrase(matter.words.iso_day(text)) if text else matter.say("undated")
