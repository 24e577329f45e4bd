"""Which places a person should look at, and what may be meant by each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.decisions import PLACE_COLUMNS, POINT
from geo.regions import find_countries, match_units
from geo.relations import EVENT, mark_events
from geo.schema import BY_DECISION, BY_REGION, BY_SERVICE, UNPLACED
from geo.toponyms.notes import BESIDE, CONTRADICTED, DOUBTED
from geo.toponyms.vicinity import BY_LIST, Vicinity
from layers.candidates import find_candidates
from layers.counts import sum_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.gazetteer import Gazetteer

DECIMALS = 5
"""Decimals of the degrees of a candidate: a metre."""
DOUBTFUL = 0.7
"""A location of less confidence than this is looked at by a person."""
SHOWN_INCIDENTS, SHOWN_NOTES = 10, 3
"""Incidents that a place's form shows, and different notes."""

_SUM = {"min": "low", "max": "high", "open": "open", "unknown": "unknown"}
"""Parts of a sum, as `layers.counts.sum_ranges` and the page's script have them."""
_EPOCH = pd.Timestamp("1970-01-01")


def is_doubtful(incidents: gpd.GeoDataFrame) -> pd.Series:
    """Return which incidents a person should place: not placed though a place is stated, or not surely enough.

    And those that are placed outside the governorate that their source states, or where their source is not sure.

    Parameters
    ----------
    incidents
        Incidents of stage ``geocoded`` or ``joined``. Those a person has decided about are never doubtful; one without
        a confidence is sure enough, unless an online service gave it.
    """
    stated = incidents[["place", "place_local", "admin1", "admin2"]].notna().any(axis=1)
    sure = incidents["location_confidence"].ge(DOUBTFUL)
    country = (incidents["precision"] == "country") & ~sure.fillna(value=False)  # sure: the text names no more
    unplaced = (incidents["precision"] == UNPLACED) | country
    unsure = ~sure.fillna(~incidents["located_by"].str.startswith(BY_SERVICE).fillna(value=False))
    decided = incidents["located_by"].str.startswith(BY_DECISION).fillna(value=False)
    elsewhere, doubted, beside = (
        incidents["location_note"].str.contains(words, regex=False).fillna(value=False)
        for words in (CONTRADICTED, DOUBTED, BESIDE)
    )
    doubtful: pd.Series = stated & (unplaced | unsure | elsewhere | doubted | beside) & ~decided
    return doubtful.astype(bool)


def sum_places(incidents: gpd.GeoDataFrame, doubtful: pd.Series, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the distinct places of the doubtful incidents, those that stand for most incidents and deaths first.

    Records of one event are counted once at each of their places: none is missing for being counted elsewhere.

    The columns are `PLACE_COLUMNS`, the sums of `layers.counts.sum_ranges`, ``iso`` and ``within`` (codes of the
    country and the governorate stated), and ``settled``: other incidents of the same place are placed well.
    """
    keys = _keys(incidents)
    sums = sum_ranges(_part_events(mark_events(incidents.assign(**keys))[doubtful]), PLACE_COLUMNS)
    order = ["incidents", "killed_max", "killed_min"]
    upwards = [False] * len(order) + [True] * len(PLACE_COLUMNS)
    sums = sums.sort_values([*order, *PLACE_COLUMNS], ascending=upwards).reset_index(drop=True)
    names = sums[["country", "admin1"]].replace("", np.nan)
    sums["iso"] = find_countries(match_units(names["country"], regions, level=0), regions)
    sums["within"] = match_units(names["admin1"], regions, level=1, country=sums["iso"])
    settled = pd.MultiIndex.from_frame(keys[~doubtful])
    sums["settled"] = pd.MultiIndex.from_frame(sums[[*PLACE_COLUMNS]]).isin(settled)
    return sums


def _part_events(marked: pd.DataFrame) -> pd.DataFrame:
    """Return records, marked by `geo.relations.mark_events`, with the events of each place apart from all others."""
    if EVENT[0] not in marked:
        return marked
    start = marked.groupby([*PLACE_COLUMNS]).ngroup() * (marked[EVENT[1]].max() + 1)
    return marked.assign(**{name: (marked[name] + start).where(marked[EVENT[0]] > 0, 0) for name in EVENT})


def _keys(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return what a decision knows a place by, empty where nothing is stated."""
    keys: pd.DataFrame = incidents[[*PLACE_COLUMNS]].fillna("").apply(lambda column: column.str.strip())
    return keys


def describe_places(
    places: pd.DataFrame,
    incidents: gpd.GeoDataFrame,
    doubtful: pd.Series,
    gazetteers: Sequence[Gazetteer],
    regions: gpd.GeoDataFrame,
) -> list[dict[str, Any]]:
    """Return places of `sum_places` with their doubtful incidents and candidates, as the page's script reads them."""
    index = pd.MultiIndex.from_frame(places[[*PLACE_COLUMNS]])
    number = index.get_indexer(pd.MultiIndex.from_frame(_keys(incidents[doubtful])))
    rows = incidents[doubtful].assign(number=number)[number >= 0]
    notes = rows[["number", "location_note"]].dropna().drop_duplicates().groupby("number")["location_note"].agg(list)
    ids = rows.groupby("number")["incident_id"].agg(list)
    shown = _describe_incidents(rows.groupby("number").head(SHOWN_INCIDENTS))
    locations = _describe_locations(rows, regions)
    owed = incidents["location_note"].str.contains(BY_LIST, regex=False, na=False)
    vicinity = Vicinity.of_points(incidents.geometry[~owed].to_numpy(), regions)
    candidates = find_candidates(places, gazetteers, regions, vicinity)
    candidates = candidates.round({"lat": DECIMALS, "lon": DECIMALS, "score": 2})
    found = _group(candidates)
    return [
        {
            **{name: place[name] for name in (*PLACE_COLUMNS, "iso", "within")},
            "n": place["incidents"],
            "killed": {part: place[f"killed_{name}"] for name, part in _SUM.items()},
            "notes": notes.get(i, [])[:SHOWN_NOTES],
            "ids": ids[i] if place["settled"] or not (place["place"] or place["place_local"]) else [],
            "candidates": _join_candidates(found.get(i, []), locations.get(i)),
            "incidents": shown[i],
        }
        for i, place in enumerate(_records(places))
    ]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries of plain Python values; None is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(plain.columns, row, strict=True)) for row in plain.itertuples(index=False, name=None)]


def _describe_incidents(rows: pd.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """Return incidents by the number of their place; days are counted from 1970."""
    columns = {"number": "number", "id": "incident_id", "precision": "date_precision", "description": "description"}
    frame = pd.DataFrame({name: rows[column] for name, column in columns.items()})
    frame["start"], frame["end"] = ((rows[f"date_{end}"] - _EPOCH).dt.days for end in ("start", "end"))
    frame["killed"] = [[r["killed_min"], r["killed_max"]] for r in _records(rows[["killed_min", "killed_max"]])]
    frame["sources"] = rows["sources"].fillna("").str.split("|")
    return _group(frame)


def _group(frame: pd.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """Return the records of a frame by their ``number``."""
    grouped: dict[int, list[dict[str, Any]]] = {}
    for record in _records(frame):
        grouped.setdefault(record.pop("number"), []).append(record)
    return grouped


def _describe_locations(rows: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> dict[int, dict[str, Any]]:
    """Return where places are now, by their number, as candidates; a point has no name, a unit no coordinates.

    Beside the places of gazetteers it is a point of its own, as one at a distance from a town.
    """
    units = regions.drop_duplicates("pcode").set_index("pcode")["name"]
    placed = rows[rows.geometry.notna()].drop_duplicates("number")
    point = (placed.geom_type == "Point").to_numpy()
    names = placed["located_by"].str.removeprefix(BY_REGION).map(units)
    kept = placed["located_by"].str.startswith((BY_REGION, BY_SERVICE)).fillna(value=False).astype(bool)
    frame = pd.DataFrame(
        {
            "number": placed["number"],
            "choice": placed["located_by"].mask(placed["located_by"].notna() & ~kept, POINT),
            "name": names.mask(point, ""),
            "lat": shapely.get_y(placed.geometry.to_numpy()).round(DECIMALS),
            "lon": shapely.get_x(placed.geometry.to_numpy()).round(DECIMALS),
            "precision": placed["precision"],
            "score": placed["location_confidence"].astype(float).round(2),
        }
    )
    nothing = {"local": "", "admin1": "", "country": None, "reason": "", "now": True}
    known = frame[frame[["choice", "name"]].notna().all(axis=1)]
    return {record.pop("number"): record | nothing for record in _records(known)}


def _join_candidates(found: list[dict[str, Any]], now: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the candidates of a place; where it is now is one of them."""
    candidates = [one | {"now": now is not None and _spot(one) == _spot(now)} for one in found]
    return candidates if now is None or any(one["now"] for one in candidates) else [*candidates, now]


def _spot(candidate: dict[str, Any]) -> object:
    return candidate["choice"] if candidate["lat"] is None else (candidate["lat"], candidate["lon"])
