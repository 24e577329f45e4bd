"""Pairs of records that may be one event: near in time, and near in space or of a rare name in common.

Records are never compared one with every other: they are looked up by cell of a grid (or by word) and day, so that the
work grows with the number of likely pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.schema import AREA_LEVEL
from geo.toponyms.pool import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.linking.likeness import Words

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Pairs = tuple[Ints, Ints]

WINDOW = 3
"""Days that the dates of one event may lie apart in two records."""
LONGEST = 31
"""Days of the longest record that is compared: longer ones are sums of many events."""
NEAR_KM = 12.0
"""Side of the cells of the grid; pairs in the same or neighbouring cells are compared."""
FAR_KM = 60.0
"""Distance up to which a rare name in common makes a pair, where one of the two points may be a mistake."""
RARE = 4.0
"""Rareness (in nats) of such a name: one in 55 records, or rarer."""

_KM_PER_DEGREE = 111.2
_PLAIN = 1 << 20


@dataclass(frozen=True)
class Spots:
    """When and where records happened.

    ``first`` and ``last`` are days from 1970, -1 where unknown; ``lat`` and ``lon`` are degrees, NaN without a point;
    ``radius`` is the precision in km.
    """

    first: Ints
    last: Ints
    lat: Floats
    lon: Floats
    radius: Floats

    @classmethod
    def of(cls, incidents: gpd.GeoDataFrame) -> Spots:
        """Return the spots of located incidents (EPSG:4326); areas have none."""
        days = [incidents[name].to_numpy().astype("datetime64[D]") for name in ("date_start", "date_end")]
        first, last = (np.where(np.isnat(d), -1, d.astype(np.int64)) for d in days)
        points = np.array(incidents.geometry.array, dtype=object)
        points[incidents["precision"].isin(AREA_LEVEL).to_numpy() | (shapely.get_type_id(points) != 0)] = None
        radius = incidents["precision_km"].to_numpy(dtype=float, na_value=np.nan)
        return cls(first, np.maximum(first, last), shapely.get_y(points), shapely.get_x(points), radius)


def find_pairs(left: Spots, right: Spots, words: tuple[Words, Words], weights: dict[str, float]) -> Pairs:
    """Return positions in both lists of the pairs to compare, sorted, each once."""
    near = _join_near(left, right)
    named = _join_named(left, right, words, weights)
    width = max(len(right.first), 1)
    pairs = np.unique(np.concatenate([a * width + b for a, b in (near, named)]))
    return pairs // width, pairs % width


def _join_near(left: Spots, right: Spots) -> Pairs:
    """Return the pairs of points in neighbouring cells."""
    height = NEAR_KM / _KM_PER_DEGREE
    north = np.nanmax(np.abs(np.concatenate([left.lat, right.lat])), initial=0.0)
    width = height / max(np.cos(np.radians(north)), 0.1)
    keys = [(np.floor(s.lat / height), np.floor(s.lon / width)) for s in (left, right)]
    known = [np.flatnonzero(~np.isnan(s.lat)) for s in (left, right)]
    rows, columns = ([key[k][at].astype(np.int64) for key, at in zip(keys, known, strict=True)] for k in (0, 1))
    own = rows[1] * _PLAIN + columns[1]
    found = [
        _join_days(left, right, (known[0], (rows[0] + y) * _PLAIN + columns[0] + x), (known[1], own))
        for y in (-1, 0, 1)
        for x in (-1, 0, 1)
    ]
    return _stack(found)


def _join_named(left: Spots, right: Spots, words: tuple[Words, Words], weights: dict[str, float]) -> Pairs:
    """Return the pairs not too far apart of which one tells a rare word of the other's place."""
    rare = {word: number for number, word in enumerate(w for w, weight in weights.items() if weight >= RARE)}
    place = [_number([[fold for fold, _ in p] for p in w.places], rare) for w in words]
    told = [_number(w.told, rare) for w in words]
    a, b = _stack([_join_days(left, right, place[0], told[1]), _join_days(left, right, told[0], place[1])])
    km = distance_km(left.lat[a], left.lon[a], right.lat[b], right.lon[b])
    close = ~(km > FAR_KM)  # also where one is an area
    return a[close], b[close]


def _number(lists: Sequence[Iterable[str]], numbers: dict[str, int]) -> Pairs:
    """Return the record and the number of every word in lists of words."""
    pairs = [(at, numbers[w]) for at, words in enumerate(lists) for w in words if w in numbers]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _join_days(left: Spots, right: Spots, ours: Pairs, theirs: Pairs) -> Pairs:
    """Return the pairs with the same key whose days are at most `WINDOW` apart; keys are given as (record, key)."""
    (a, key_a, day_a), (b, key_b, day_b) = (_spread(*pair) for pair in ((left, ours), (right, theirs)))
    span = 1 << 20
    order = np.argsort(key_b * span + day_b, kind="stable")
    sorted_b = (key_b * span + day_b)[order]
    low = np.searchsorted(sorted_b, key_a * span + day_a - WINDOW)
    high = np.searchsorted(sorted_b, key_a * span + day_a + WINDOW, side="right")
    counts = high - low
    at = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(low, counts)
    return np.repeat(a, counts), b[order[at]]


def _spread(spots: Spots, pairs: Pairs) -> tuple[Ints, Ints, Ints]:
    """Return records and keys once for every day that a record may have happened on."""
    at, key = pairs
    length = spots.last[at] - spots.first[at] + 1
    use = (spots.first[at] >= 0) & (length <= LONGEST)
    at, key, length = at[use], key[use], length[use]
    day = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(at, length), np.repeat(key, length), np.repeat(spots.first[at], length) + day


def _stack(found: list[Pairs]) -> Pairs:
    a, b = (np.concatenate([pair[k] for pair in found]) for k in (0, 1))
    table = pd.DataFrame({"a": a, "b": b}).drop_duplicates()
    return table["a"].to_numpy(), table["b"].to_numpy()
