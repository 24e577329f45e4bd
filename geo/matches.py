"""The places that names may mean, with how likely each is by the spelling alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.name_index import Keys, NameIndex
    from geo.pool import Flags, Floats, Ints, Pool, Texts

SPELLING_SLOPE = 10.0
"""Log-odds lost for each unit of dissimilarity of two folded names beyond `SPELLING_FREE`. Chosen with `bench`."""
SPELLING_FREE = 0.07
SPELLING_EACH = 2.0
"""Log-odds lost for each unit of dissimilarity from the first letter on."""
NEAR_LOSS = 1.4
"""Log-odds lost when not even the consonants are the same."""
SCRIPT_LOSS = 0.1
SETTLED = -0.5
"""Log-odds of a spelling from which a name is not looked for one letter off."""
SPELLING_WORST = -4.5
"""Candidates whose name is less likely than this are dropped."""


@dataclass(frozen=True)
class Pairs:
    """Candidates: the place at ``place[i]`` may be called name ``name[i]``, ``score[i]`` its log-odds; by name."""

    name: Ints
    place: Ints
    score: Floats
    exact: Flags

    def expand(self, names: Ints) -> tuple[Ints, Pairs]:
        """Return the pairs of each of ``names`` (which may repeat), and the position in ``names`` they answer."""
        start = np.searchsorted(self.name, names, "left")
        count = np.searchsorted(self.name, names, "right") - start
        asked = np.repeat(np.arange(len(names)), count)
        at = np.repeat(start - np.cumsum(count) + count, count) + np.arange(len(asked))
        return asked, self.take(at)

    def take(self, at: NDArray[Any]) -> Pairs:
        """Return the pairs at some positions, or where a mask is true."""
        return Pairs(self.name[at], self.place[at], self.score[at], self.exact[at])


def match_names(pool: Pool, keys: Keys, countries: Texts) -> Pairs:
    """Return the candidates for each name in its country ('' for any), by name and place.

    Names that no settlement with their consonants resembles are looked for one letter off as well.

    Parameters
    ----------
    pool
        The places.
    keys, countries
        Of the names, aligned.
    """
    codes = np.where(countries == "", -1, len(pool.countries))
    known = pool.countries.get_indexer(pd.Index(countries))
    codes = np.where(known >= 0, known, codes)
    found = [_score(pool, part, keys, codes, _find_alike(index, keys)) for part, index in enumerate(pool.indexes)]
    best = np.full(len(keys), -np.inf)
    for pairs in found:
        settlement = ~pool.is_unit[pairs.place]  # a unit's name never settles which place is meant
        np.maximum.at(best, pairs.name[settlement], pairs.score[settlement])
    open_ = np.flatnonzero(best < SETTLED)
    if len(open_):
        unsettled = keys.take(open_)
        for part, index in enumerate(pool.indexes):
            name, spelling = index.find_near(unsettled)
            hits = _Hits(open_[name], spelling, np.zeros(len(name), dtype=bool), NEAR_LOSS)
            found.append(_score(pool, part, keys, codes, hits))
    return _join(found, len(pool.frame))


def _score(pool: Pool, part: int, keys: Keys, countries: Ints, hits: _Hits) -> Pairs:
    """Return the pairs that are worth keeping, with the log-odds of their spelling; in no order."""
    index = pool.indexes[part]
    worst = (SPELLING_SLOPE * SPELLING_FREE - SPELLING_WORST - hits.loss) / (SPELLING_SLOPE + SPELLING_EACH)
    country, home = countries[hits.name], pool.homes[part][hits.spelling]
    near = hits.exact | keys.may_match(hits.name, index.keys, hits.spelling, worst=worst)
    hits = hits.take(near & ((country < 0) | (home < 0) | (home == country)))
    score = np.zeros(len(hits.name))
    other = np.flatnonzero(~hits.exact)
    unlike, cross = keys.dissimilarity(hits.name[other], index.keys, hits.spelling[other], worst=worst)
    score[other] = -SPELLING_SLOPE * np.maximum(0, unlike - SPELLING_FREE)
    score[other] -= SPELLING_EACH * unlike + SCRIPT_LOSS * cross + hits.loss
    kept = np.flatnonzero(score > SPELLING_WORST)
    at, owner = index.owners.expand(hits.spelling[kept])
    at, place = kept[at], owner + pool.offsets[part]
    country = countries[hits.name[at]]
    here = (country < 0) | (pool.country[place] == country)
    at, place = at[here], place[here]
    return Pairs(hits.name[at], place, score[at], hits.exact[at])


def _join(found: Sequence[Pairs], size: int) -> Pairs:
    """Return all pairs by name and place; where a place has several such names, the likeliest."""
    name, place, score, exact = (
        np.concatenate([getattr(pairs, column.name) for pairs in found]) for column in fields(Pairs)
    )
    code = name * size + place
    order = np.argsort(code)
    code = code[order]
    first = np.flatnonzero(np.diff(code, prepend=-1))
    if not len(first):
        return Pairs(name, place, score, exact)
    best = np.maximum.reduceat(score[order], first)
    same = np.logical_or.reduceat(exact[order], first)  # the same name is the likeliest
    return Pairs(code[first] // size, code[first] % size, best, same)


@dataclass(frozen=True)
class _Hits:
    """Names and the spellings of one gazetteer that may be theirs, by position."""

    name: Ints
    spelling: Ints
    exact: Flags
    loss: float

    def take(self, at: Flags) -> _Hits:
        """Return the hits where a mask is true."""
        return _Hits(self.name[at], self.spelling[at], self.exact[at], self.loss)


def _find_alike(index: NameIndex, keys: Keys) -> _Hits:
    """Return the spellings with the folded form of each name, and the others with its consonants."""
    same, alike = index.find_same(keys), index.find_alike(keys)
    name, spelling = (np.concatenate(column) for column in zip(same, alike, strict=True))
    return _Hits(name, spelling, np.arange(len(name)) < len(same[0]), 0.0)
