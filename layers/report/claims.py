"""Who says what in a report: the claims about an incident side by side, and what superseded them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from layers.page.ledger import group_claims
from layers.report.cells import list_rows, tell_day, tell_grading, tell_link, tell_place, tell_when
from layers.report.markup import bdi, el
from layers.report.sums import frame, head

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from layers.report.cells import Row
    from layers.report.markup import Content, Node
    from layers.report.matter import Matter


def tell_claims(matter: Matter) -> list[Node]:
    """Return the claims about incidents that are contested or of which several things are said, side by side."""
    claims = matter.ledger.about(matter.shown).claims
    chosen = matter.shown[_is_argued(matter.shown, claims)]
    if chosen.empty:
        return []
    if not matter.is_listed:
        told = "contestedLeftOut" if claims is None or claims.empty else "claimsLeftOut"
        return [el("p", matter.say(told, len(chosen)))]
    grouped = {} if claims is None else group_claims(claims)
    heads = head(*map(matter.say, ("statedBy", "published", "stance", "figuresHead")))
    bodies = [_claim_body(matter, row, grouped.get(str(row["incident_id"]), ())) for row in list_rows(chosen)]
    rule = matter.say("inRangeReport") if matter.ledger.rule.name != "stated" else matter.say("rangeStated")
    return [
        el("p", matter.say("claimsHint"), " ", rule),
        frame(matter.say("claimsCaption", len(chosen)), [heads], *bodies, class_="claims"),
    ]


def _is_argued(incidents: gpd.GeoDataFrame, claims: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Return which incidents are contested, or have something said of them by several sources or on several days."""
    argued = (incidents[["grading", "attribution"]] == "contested").any(axis=1)
    if claims is not None:
        sayings = claims.drop_duplicates(["incident_id", "source", "published"])["incident_id"].value_counts()
        argued |= incidents["incident_id"].isin(sayings.index[sayings > 1])
    return np.asarray(argued, dtype=bool)


def _claim_body(matter: Matter, row: Row, claims: Sequence[Row]) -> Node:
    title = [
        *matter.cite([str(row["incident_id"])]),
        " ",
        el("b", tell_place(matter, row)),
        ", ",
        tell_when(matter, row),
        el("small", matter.name_layer(row["layer"]), " · ", tell_grading(matter, row)),
    ]
    range_ = [el("b", matter.phrase(matter.words.span_of(row["killed_min"], row["killed_max"])), class_="figure")]
    first = el(
        "tr",
        el("th", title, colspan="3", scope="rowgroup"),
        el("td", matter.say("killed"), " ", range_),
        class_="group",
    )
    rows = [_claim_row(matter, claim) for claim in claims]
    return el("tbody", first, rows or el("tr", el("td", matter.say("noClaims"), colspan="4")))


def _claim_row(matter: Matter, claim: Row) -> Node:
    words = matter.words
    kind = [
        words.name("stances", claim["stance"]),
        *([words.name("gradings", claim["grading"])] * bool(claim["grading"])),
    ]
    notes: list[Content] = [
        [matter.say("actorNamed"), ": ", matter.name_actors(claim["actor"])] if claim["actor"] else None,
        [matter.say("placeNamed"), ": ", bdi(claim["location"])] if claim["location"] else None,
        bdi(claim["note"]) if claim["note"] else None,
    ]
    return el(
        "tr",
        el("th", tell_link(claim["url"], claim["source"]), [el("small", note) for note in notes if note], scope="row"),
        el("td", tell_day(matter, claim["published"])),
        el("td", " · ".join(kind)),
        el("td", el("ul", [_figure(matter, figure) for figure in claim["figures"]], class_="sources")),
    )


def _figure(matter: Matter, figure: Sequence[Any]) -> Node:
    """Return one figure of a claim: struck through when a later one superseded it, bold when it makes the range."""
    measure, low, high, used, newer = figure
    words = matter.words
    told: list[Content] = [words.name("measures", measure), " ", _span(matter, low, high)]
    shown = el("s", told) if newer else el("b", told) if used else el("span", told)
    after = [
        el(
            "small",
            matter.say("supersededReport"),
            " ",
            bdi(source),
            ", ",
            tell_day(matter, day),
            ": ",
            _span(matter, least, most),
        )
        for source, day, least, most in newer
    ]
    return el("li", shown, after)


def _span(matter: Matter, low: float | None, high: float | None) -> list[Content]:
    unknown = low is None and high is None
    return matter.say("noFigure") if unknown else matter.phrase(matter.words.span_of(low, high))
