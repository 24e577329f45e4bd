"""What may be meant by a place: the candidates that locating weighed, for a person to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.gazetteer import cover_countries
from geo.toponyms.pool import distance_km
from geo.toponyms.questions import TEXT_COLUMNS
from geo.toponyms.resolve import ask_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.gazetteer import Gazetteer
    from geo.toponyms.place_text import PlaceText
    from geo.toponyms.pool import Pool
    from geo.toponyms.resolve import Resolution
    from geo.toponyms.vicinity import Vicinity

MOST = 6
"""Candidates of one place: more than people compare."""
LEAST = 0.02
"""Least share of a candidate, beside the best one's."""
SAME_SPOT_KM = 1.0
"""A candidate nearer than this to a better one is left out: to choose between them says nothing."""

RANKED = {"number": "int64", "slot": "int64", "place": "int64", "score": "float64", "exact": "bool"}

WHOLE = "the text names it as the whole that the place lies in"


def find_candidates(
    places: pd.DataFrame,
    gazetteers: Sequence[Gazetteer],
    regions: gpd.GeoDataFrame,
    vicinity: Vicinity | None = None,
) -> pd.DataFrame:
    """Return what each place may be, most likely first; last the wholes that its text names.

    Parameters
    ----------
    places
        `geo.toponyms.questions.TEXT_COLUMNS`, empty where nothing is told, and ``within``, the code of the governorate
        stated.
    gazetteers
        In order of precedence.
    regions
        A regions frame.
    vicinity
        Where the other places of the list lie; says nothing when None.

    Returns
    -------
    pandas.DataFrame
        ``number`` of the place by position, ``choice`` (what ``located_by`` would be), ``name``, ``local``, ``admin1``
        (name of the governorate), ``country`` (ISO code), ``lat`` and ``lon`` (degrees, missing for a unit),
        ``precision``, ``score`` (probability, missing for a whole) and ``reason``.
    """
    questions = places[[*TEXT_COLUMNS]]
    listings = cover_countries([gazetteer.listing for gazetteer in gazetteers], questions, regions)
    found = ask_places(questions, listings, regions).resolve(vicinity)
    ranked = _rank(found)
    pool, at = found.pool, ranked["place"].to_numpy()
    frame, names, above = pool.frame.iloc[at], pool.frame["name"].to_numpy(), pool.unit1[at]
    return pd.DataFrame(
        {
            "number": ranked["number"].to_numpy(),
            "choice": pool.provenance(at),
            "name": frame["name"].to_numpy(),
            "local": frame["local"].fillna("").to_numpy(),
            "admin1": np.where((above < 0) | (above == at), "", names[above]),
            "country": frame["country"].to_numpy(),
            "lat": np.where(pool.is_unit[at], np.nan, pool.lat[at]),
            "lon": np.where(pool.is_unit[at], np.nan, pool.lon[at]),
            "precision": frame["precision"].to_numpy(),
            "score": ranked["score"].to_numpy(),
            "reason": _reasons(ranked, places, found),
        }
    )


def _rank(found: Resolution) -> pd.DataFrame:
    """Return number, slot, place (position in the pool), score and exact of the candidates worth showing, in order."""
    slots = [pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in RANKED.items()})]
    for slot, choice in enumerate(found.choices):
        all_ = choice.candidates
        share = np.exp(all_.score) / choice.total[all_.key]
        table = pd.DataFrame(
            {"number": all_.key, "slot": slot, "place": all_.place, "score": share, "exact": all_.exact}
        )
        best = table.groupby("number")["score"].transform("max")
        spot = (
            table[share >= LEAST * best].groupby("number").head(5 * MOST)
        )  # those beside a better one fall away below
        slots.append(table.drop_duplicates("number").assign(score=np.nan) if slot else spot)
    ranked = pd.concat(slots).astype(RANKED)
    ranked = ranked.sort_values(["number", "slot", "score"], ascending=[True, True, False], kind="stable")
    ranked = ranked.drop_duplicates(["number", "place"]).reset_index(drop=True)
    ranked = ranked[~_is_beside_better(ranked, found.pool)]
    wholes = (ranked["slot"] > 0).groupby(ranked["number"]).transform("sum")
    room = ranked.groupby(["number", "slot"]).cumcount() < MOST - wholes.clip(upper=MOST - 1)
    return ranked[room | (ranked["slot"] > 0)].groupby("number").head(MOST).reset_index(drop=True)


def _is_beside_better(ranked: pd.DataFrame, pool: Pool) -> NDArray[np.bool_]:
    """Return which candidates lie at the spot of one before them, both units or neither."""
    at = ranked["place"].to_numpy()
    spots = pd.DataFrame({"number": ranked["number"], "order": ranked.index, "unit": pool.is_unit[at], "place": at})
    pairs = spots.merge(spots, on=["number", "unit"])
    pairs = pairs[pairs["order_x"] < pairs["order_y"]]
    one, other = pairs["place_x"].to_numpy(), pairs["place_y"].to_numpy()
    near = distance_km(pool.lat[one], pool.lon[one], pool.lat[other], pool.lon[other]) < SAME_SPOT_KM
    return np.isin(np.arange(len(ranked)), pairs["order_y"][near])


def _reasons(ranked: pd.DataFrame, places: pd.DataFrame, found: Resolution) -> list[str]:
    """Return in words what speaks for each candidate, and whether it lies where the source says."""
    people = found.pool.frame["population"].iloc[ranked["place"]]
    return [
        WHOLE if slot else f"{'same' if exact else 'similar'} name{_say_people(count)}{where}{_say_relation(head)}"
        for slot, exact, count, where, head in zip(
            ranked["slot"],
            ranked["exact"],
            people,
            _say_where(ranked, places, found.pool),
            (found.heads.get(number) for number in ranked["number"]),
            strict=True,
        )
    ]


def _say_people(count: int) -> str:
    return f", {count:,} people" if count else ""


def _say_relation(head: PlaceText | None) -> str:
    return "; the text tells the place by its distance from here" if head is not None and head.offset else ""


def _say_where(ranked: pd.DataFrame, places: pd.DataFrame, pool: Pool) -> list[str]:
    """Return where each candidate lies to the governorate stated, empty where none is."""
    codes = pd.Index(pool.frame["id"][pool.units_from :])
    stated = codes.get_indexer(places["within"].iloc[ranked["number"]])
    km = np.full(len(ranked), np.nan)
    known = stated >= 0
    km[known] = pool.unit_km(ranked["place"].to_numpy()[known], stated[known] + pool.units_from)
    return [
        "" if np.isnan(far) else f", {f'{max(1, round(far))} km outside' if far else 'in'} the governorate stated"
        for far in km
    ]
