"""The sentence of reason beside every answer, and the candidates beside every place without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.pool import distance_km

if TYPE_CHECKING:
    import pandas as pd

    from geo.answers import Decided
    from geo.pool import Ints, Pool
    from geo.resolve import Resolution

LISTED = 4
"""Candidates named in the note of a place that is not placed."""
RIVAL = 0.4
"""Share of the runner-up, beside the best one's, from which both may be meant."""
LOOKED_AT = 50
"""Candidates among which those to be named are sought."""
APART_KM = 8.0
"""Places nearer than this to a better one are not named beside it."""
LISTED_LEAST = 0.03
"""Least share of a candidate, beside the best, that is named."""


def write_notes(decided: Decided, found: Resolution, questions: pd.DataFrame) -> list[str]:
    """Return the note of each question."""
    if not found.choices:
        return [_nothing(asked) for asked in _asked(questions)]
    labels = _Labels(found.pool)
    starts = np.searchsorted(found.choices[0].candidates.key, np.arange(len(questions) + 1))
    return [
        _say_placed(key, asked, decided, found, labels)
        if decided.place[key] >= 0
        else _say_unplaced(key, asked, slice(starts[key], starts[key + 1]), found, labels)
        for key, asked in enumerate(_asked(questions))
    ]


def _asked(questions: pd.DataFrame) -> list[str]:
    columns = ("place", "place_local", "admin2", "admin1", "country")
    return [next((text for text in row if text), "") for row in zip(*(questions[c] for c in columns), strict=True)]


def _nothing(asked: str) -> str:
    return f"not placed: no gazetteer has a name like “{asked}”" if asked else "not placed: no place is stated"


class _Labels:
    """Names of places with the governorate they are in, as the notes say them."""

    def __init__(self, pool: Pool) -> None:
        self._names = pool.frame["name"].to_numpy(dtype=object)
        self._unit1 = pool.unit1

    def __getitem__(self, place: int) -> str:
        unit = self._unit1[place]
        return f"{self._names[place]}, {self._names[unit]}" if unit >= 0 and unit != place else self._names[place]


def _say_placed(key: int, asked: str, decided: Decided, found: Resolution, labels: _Labels) -> str:
    place, slot = decided.place[key], decided.slot[key]
    choice, head = found.choices[slot], found.heads[key]
    label = labels[place]
    if decided.other[key] >= 0:
        return f"“{asked}”: middle between {label} and {labels[decided.other[key]]}"
    spelling = "same name" if choice.exact[key] else "similar name"
    said = f"“{asked}”: {label} ({spelling})"
    if slot == 0 and head is not None and head.offset is not None:
        said = f"“{asked}”: {head.offset.km:.1f} km from {label} ({spelling})"
    elif slot > 0 and found.choices[0].share[key] < choice.share[key]:
        said = f"“{asked}” is not listed; placed at {label}, which the text names with it"
    if choice.second[key] >= 0 and choice.second_share[key] >= LISTED_LEAST:
        said += f"; next {labels[choice.second[key]]} ({choice.second_share[key]:.2f})"
    return said


def _say_unplaced(key: int, asked: str, rows: slice, found: Resolution, labels: _Labels) -> str:
    spot, pool = found.choices[0], found.pool
    places, scores = spot.candidates.place[rows], spot.candidates.score[rows]
    if not len(places):
        return _nothing(asked)
    shown = distinct_spots(places, pool)[:LISTED]
    shown = shown[scores[shown] >= scores[0] + np.log(LISTED_LEAST)]
    listed = "; ".join(f"{labels[place]} ({pool.lat[place]:.3f}, {pool.lon[place]:.3f})" for place in places[shown])
    rivals = spot.second[key] >= 0 and spot.second_share[key] >= RIVAL * spot.share[key]
    why = "several places may be meant" if rivals else "none is certain enough"
    return f"not placed: {why} by “{asked}”: {listed}"


def distinct_spots(places: Ints, pool: Pool) -> Ints:
    """Return the positions of places that are apart from every better one."""
    kept: list[int] = []
    for at, place in enumerate(places[:LOOKED_AT]):
        others = places[kept]
        km = distance_km(pool.lat[place], pool.lon[place], pool.lat[others], pool.lon[others])
        if not (km < APART_KM).any():
            kept.append(at)
    return np.array(kept, dtype=int)
