"""What may be meant by a place: the candidates that locating weighed, for a person to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.names import fold_names
from geo.pool import distance_km
from geo.regions import LOCATED_BY
from geo.resolve import TEXT_COLUMNS, resolve_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.gazetteer import Gazetteer
    from geo.pool import Pool
    from geo.resolve import Resolution

MOST = 6
"""Candidates of one place: more than people compare."""
LEAST = 0.02
"""Least share of a candidate, beside the best one's."""
SAME_SPOT_KM = 1.0
"""A candidate nearer than this to a better one is left out: to choose between them says nothing."""


def find_candidates(places: pd.DataFrame, gazetteers: Sequence[Gazetteer], regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what each place may be, most likely first; last the wholes that its text names.

    Parameters
    ----------
    places
        `geo.resolve.TEXT_COLUMNS`, empty where nothing is told, and ``within``, the code of the governorate stated.
    gazetteers
        In order of precedence.
    regions
        A regions frame.

    Returns
    -------
    pandas.DataFrame
        ``number`` of the place by position, ``choice`` (what ``located_by`` would be), ``name``, ``local``, ``admin1``
        (name of the governorate), ``country`` (ISO code), ``lat`` and ``lon`` (degrees, missing for a unit),
        ``precision``, ``score`` (probability, missing for a whole) and ``reason``.
    """
    found = resolve_places(places[[*TEXT_COLUMNS]], [g.listing for g in gazetteers], regions)
    ranked = _rank(found)
    pool, at = found.pool, ranked["place"].to_numpy()
    frame = pool.frame.iloc[at].reset_index(drop=True)
    unit = pd.Series(pool.is_unit[at])
    source = ("gazetteer:" + frame["source"] + ":").mask(unit, LOCATED_BY)
    above = pool.unit1[at]
    return pd.DataFrame(
        {
            "number": ranked["number"],
            "choice": source + frame["id"],
            "name": frame["name"],
            "local": frame["local"].fillna(""),
            "admin1": np.where((above < 0) | (above == at), "", pool.frame["name"].to_numpy()[above]),
            "country": frame["country"],
            "lat": frame["lat"].mask(unit),
            "lon": frame["lon"].mask(unit),
            "precision": frame["precision"],
            "score": ranked["score"],
            "reason": _reasons(ranked, frame, places, found),
        }
    )


def _rank(found: Resolution) -> pd.DataFrame:
    """Return number, slot, place (position in the pool) and score of the candidates worth showing, in order."""
    slots = []
    for slot, choice in enumerate(found.choices):
        key, place, score = choice.candidates.key, choice.candidates.place, choice.candidates.score
        best = pd.Series(score).groupby(key).transform("max").to_numpy()
        share = np.exp(score - best)
        table = pd.DataFrame({"number": key, "slot": slot, "place": place, "score": share * choice.share[key]})
        spot = table[share >= LEAST].groupby("number").head(5 * MOST)  # those beside a better one fall away below
        slots.append(table.drop_duplicates("number").assign(score=np.nan) if slot else spot)
    ranked = pd.concat(slots) if slots else pd.DataFrame(columns=["number", "slot", "place", "score"], dtype="int64")
    ranked = ranked.sort_values(["number", "slot", "score"], ascending=[True, True, False], kind="stable")
    ranked = ranked.drop_duplicates(["number", "place"]).reset_index(drop=True)
    ranked = ranked[~_is_beside_better(ranked, found.pool)]
    wholes = (ranked["slot"] > 0).groupby(ranked["number"]).transform("sum")
    room = ranked.groupby(["number", "slot"]).cumcount() < MOST - wholes.clip(upper=MOST - 1)
    return ranked[room | (ranked["slot"] > 0)].groupby("number").head(MOST).reset_index(drop=True)


def _is_beside_better(ranked: pd.DataFrame, pool: Pool) -> NDArray[np.bool_]:
    """Return which candidates lie at the spot of one before them, both units or neither."""
    at = ranked["place"].to_numpy(dtype=np.int64)
    spots = pd.DataFrame({"number": ranked["number"], "order": ranked.index, "unit": pool.is_unit[at], "place": at})
    pairs = spots.merge(spots, on=["number", "unit"])
    pairs = pairs[pairs["order_x"] < pairs["order_y"]]
    one, other = pairs["place_x"].to_numpy(), pairs["place_y"].to_numpy()
    near = distance_km(pool.lat[one], pool.lon[one], pool.lat[other], pool.lon[other]) < SAME_SPOT_KM
    return np.isin(np.arange(len(ranked)), pairs["order_y"][near])


def _reasons(ranked: pd.DataFrame, frame: pd.DataFrame, places: pd.DataFrame, found: Resolution) -> pd.Series:
    """Return a clause for each candidate: how alike its name is, and whether it lies where the source says."""
    same = _has_same_name(ranked, frame, places)
    spelling = pd.Series(np.where(same, "same name", "similar name"), index=ranked.index, dtype="str")
    reason = spelling.str.cat(_positions(ranked, places, found.pool))
    heads = (found.heads[number] for number in ranked["number"])
    relative = pd.Series([head is not None and (head.offset is not None or head.between) for head in heads], dtype=bool)
    reason = reason.mask(relative, reason + "; the text tells the place by its distance from here, or between")
    return reason.mask(ranked["slot"] > 0, "the text names it as the whole that the place lies in")


def _positions(ranked: pd.DataFrame, places: pd.DataFrame, pool: Pool) -> pd.Series:
    """Return where each candidate lies to the governorate stated, empty where none is."""
    codes = pd.Index(pool.frame["id"][pool.units_from :])
    stated = codes.get_indexer(places["within"].iloc[ranked["number"]])
    km = np.zeros(len(ranked))
    known = stated >= 0
    km[known] = pool.unit_km(ranked["place"].to_numpy()[known], stated[known] + pool.units_from)
    where = [f"{max(1, round(far))} km outside" if far > 0 else "in" for far in km]
    said = pd.Series([f", {w} the governorate stated" for w in where], index=ranked.index, dtype="str")
    return said.where(known, "")


def _has_same_name(ranked: pd.DataFrame, frame: pd.DataFrame, places: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether the text of each candidate's place names it in one of its spellings, folded."""
    spelt = pd.concat([frame[name].str.split("|") for name in ("name", "local", "names")])
    keys = [_fold_keys(spelt.explode())]
    asked = places[["place", "place_local"]].iloc[ranked["number"]].reset_index(drop=True)
    keys.append(_fold_keys(pd.concat([asked[name].str.split("[,،]", regex=True) for name in asked]).explode()))
    return np.isin(np.arange(len(ranked)), keys[0].intersection(keys[1]).get_level_values(0))


def _fold_keys(texts: pd.Series) -> pd.MultiIndex:
    keys = pd.MultiIndex.from_arrays([texts.index, fold_names(texts.fillna(""))])
    return keys[keys.get_level_values(1) != ""]
