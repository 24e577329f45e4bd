"""The ledger as the map page holds it: where ranges come from, who claims what, and what is found without a number."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import shapely

from geo.claims import MEASURES, claimed_point
from layers.page.outline import outline
from layers.page.pack import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.ledger import Ledger
    from layers.page.pack import Pack

SAID = ("source", "url", "published", "stance", "grading", "actor", "location", "note")
"""What makes figures one claim on the card: one source says them on one day, in one way."""

FOUND = (
    *("finding_id", "source", "published", "period_start", "period_end", "place", "place_local", "admin1", "country"),
    *("actor", "statement", "note", "url", "location_note"),
)
"""What the page tells of a finding."""


def pack_ledger(pack: Pack, ledger: Ledger) -> None:
    """Pack the claims of each incident, and the findings with their areas, where there are any."""
    if ledger.claims is not None:
        pack.add_json("claims", group_claims(ledger.claims))
    if ledger.findings is not None and len(ledger.findings):
        _pack_findings(pack, ledger.findings)


def describe_ranges(ledger: Ledger) -> dict[str, Any]:
    """Return where the ranges come from and what of the list is shown, to be said in the reader's language."""
    return {
        "rule": ledger.rule.name,
        "value": ledger.rule.value,
        "as_of": ledger.as_of.isoformat() if ledger.as_of else "",
        "left_out": ledger.left_out,
        "undated": ledger.undated,
        "kept": ledger.kept,
        "since": ledger.since.isoformat() if ledger.since else "",
        "until": ledger.until.isoformat() if ledger.until else "",
        "only": [list(labels) for labels in ledger.only],
        "set_aside": ledger.set_aside,
    }


def group_claims(claims: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the claims of each incident in their order: what one source said on one day stands together.

    ``at`` is where a claim that gives coordinates puts the incident (degrees). A figure is its measure, minimum,
    maximum, whether it makes the range, and what superseded it: the sources, days and figures.
    """
    rows = plain_records(claims, [*SAID, "incident_id", "claim_id", "measure", "superseded_by", "min", "max"])
    by_id = {row["claim_id"]: row for row in rows}
    found: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}
    for row, used in zip(rows, claims["in_range"].fillna(value=False), strict=True):
        said = {name: row[name] for name in SAID}
        claim = found.setdefault(row["incident_id"], {}).setdefault(tuple(said.values()), {**said, "figures": []})
        if point := claimed_point(row["location"]):
            claim["at"] = point
        newer = [by_id[name] for name in row["superseded_by"].split("|") if name]
        by = [[new["source"], new["published"], new["min"], new["max"]] for new in newer]
        claim["figures"].append([row["measure"], row["min"], row["max"], bool(used), by])
    for claim in itertools.chain.from_iterable(said.values() for said in found.values()):
        claim["figures"].sort(key=lambda figure: MEASURES.index(figure[0]) if figure[0] in MEASURES else -1)
    return {incident: list(said.values()) for incident, said in found.items()}


def plain_records(frame: pd.DataFrame, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return rows as JSON can hold them: texts, ISO days and whole numbers; a missing text or day is empty."""
    plain = pd.DataFrame(index=frame.index)
    for name in names:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            plain[name] = column.dt.strftime("%Y-%m-%d").fillna("")
        elif pd.api.types.is_numeric_dtype(column):
            plain[name] = column.astype(object).where(column.notna(), None)
        else:
            plain[name] = column.astype("str").fillna("")
    return cast("list[dict[str, Any]]", plain.to_dict("records"))


def _pack_findings(pack: Pack, findings: gpd.GeoDataFrame) -> None:
    """Pack what sources state about areas, with the outline of each; one without an area is listed all the same."""
    lines = Lines()
    areas = findings.geometry.to_numpy()
    placed = np.flatnonzero(~shapely.is_missing(areas))
    outlines = outline(areas[placed], None)  # finer than those of the map: a reader comes close
    records = plain_records(findings, FOUND)
    for at, rings in zip(placed.tolist(), outlines["outlines"], strict=True):
        west, south, east, north = shapely.bounds(areas[at]).tolist()
        records[at] |= {"rings": lines.refer(rings), "bounds": [[south, west], [north, east]]}
    pack.add_json("findings", {"scale": outlines["scale"], "findings": records}, lines=lines)


def ledger_actors(ledger: Ledger) -> set[str]:
    """Return the ids of the actors that claims and findings name."""
    told = [frame["actor"] for frame in (ledger.claims, ledger.findings) if frame is not None]
    return {actor for column in told for ids in column.dropna() for actor in ids.split("|")}
