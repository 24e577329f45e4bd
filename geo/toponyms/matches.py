"""The places that names may mean, with how likely each is by the spelling alone."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.names import fold_names, folded_modifiers
from geo.toponyms.name_index import LIKE, OTHER, OWN, SHORT, Keys, NameIndex
from geo.toponyms.place_text import KIND_WORDS
from geo.toponyms.pool import country_bits
from geo.toponyms.postings import Groups, expand, hash_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from geo.toponyms.pool import Flags, Floats, Ints, Pool, Texts

SPELLING_SLOPE = 10.0
"""Log-odds lost for each unit of dissimilarity of two folded names beyond `SPELLING_FREE`. Chosen with `bench`."""
SPELLING_FREE = 0.07
SPELLING_EACH = 2.0
"""Log-odds lost for each unit of dissimilarity from the first letter on."""
NEAR_LOSS = 1.4
"""Log-odds lost when not even the consonants are the same."""
SCRIPT_LOSS = 0.1
SHORT_LOSS = 0.3
"""Log-odds lost by a name of which a word that tells places apart is left out ("Baguz" for "Upper Baguz")."""
OTHER_FAME = 0.25
"""Share of its population's weight that a place loses under a name unlike its own: a city is known by that."""
SETTLED = -0.5
"""Log-odds of a spelling from which a name is not looked for one letter off."""
SPELLING_WORST = -4.5
"""Candidates whose name is less likely than this are dropped."""
SPELLING_BEHIND = 3.0
"""Candidates whose name is less likely than a settlement's by more log-odds are dropped too."""
FACILITY_UNLIKE = 0.15
"""Dissimilarity beyond which no facility is meant by a name: its word alone would make them alike."""
FACILITY_LEAST = 10
"""Letters that two names of facilities must have besides in all: of shorter ones only the same is meant."""
FACILITY_KM = 40.0
"""Distance from a town within which a facility that is called nearly like it may be its own."""
FACILITY_LETTERS = 6
FACILITY_LETTERS_ARABIC = 4
"""Letters that a word for a facility must have to be known at the end, or in Arabic the start, of a folded name."""
_FACILITIES = [word for kind in ("urban", "site") for word in KIND_WORDS[kind].split()]
_LATIN = tuple(
    fold_names(["base", *(word for word in _FACILITIES if word.isascii() and len(word) >= FACILITY_LETTERS)])
)
_ARABIC = tuple(fold_names(word for word in _FACILITIES if not word.isascii() and len(word) >= FACILITY_LETTERS_ARABIC))

MOST = 30
"""Candidates of a name beyond which less likely ones are dropped; equally likely ones stay."""
MOST_KNOWN = 100_000
"""Names beyond which a `Matcher` forgets those it knows: so many take little memory."""


@dataclass(frozen=True)
class Pairs:
    """Candidates: the place at ``place[i]`` may be called name ``name[i]``, ``score[i]`` its log-odds; by name.

    ``fit`` tells what that name is to it, as a position in `geo.toponyms.name_index.SORTS`, or `LIKE`.
    """

    name: Ints
    place: Ints
    score: Floats
    fit: Ints

    def expand(self, names: Ints) -> tuple[Ints, Pairs]:
        """Return the pairs of each of ``names`` (which may repeat), and the position in ``names`` they answer."""
        end = np.cumsum(np.bincount(self.name, minlength=names.max(initial=-1) + 1))
        start = np.append(0, end)[names]
        asked, at = expand(start, end[names] - start)
        return asked, self.take(at)

    def take(self, at: NDArray[Any]) -> Pairs:
        """Return the pairs at some positions, or where a mask is true."""
        return Pairs(*(getattr(self, column.name)[at] for column in fields(self)))

    @classmethod
    def none(cls) -> Pairs:
        """Return no pairs."""
        no = np.empty(0, dtype=np.int64)
        return cls(no, no, np.empty(0), no)

    @classmethod
    def join(cls, parts: Sequence[Pairs]) -> Pairs:
        """Return all pairs of some parts, in their order."""
        return cls(*(np.concatenate([getattr(pairs, column.name) for pairs in parts]) for column in fields(cls)))


class Matcher:
    """Finds the candidates of names as `match_names` does, those of each once: many texts of a list name one place."""

    def __init__(self) -> None:
        self._pool: Pool | None = None
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[int, int] = {}
        self._pairs = Pairs.none()

    def match(self, pool: Pool, keys: Keys, countries: Texts, modified: Flags) -> Pairs:
        """Return the candidates for each name in its country ('' for any), by name and place."""
        if pool is not self._pool or len(self._numbers) > MOST_KNOWN:
            self._pool = pool
            self._forget()
        known, numbers = len(self._numbers), self._numbers
        hashes = hash_rows(keys.folds, keys.skeletons, countries) ^ modified
        number = np.array([numbers.setdefault(code, len(numbers)) for code in hashes.tolist()], dtype=np.int64)
        distinct, first = np.unique(number, return_index=True)
        new = first[distinct >= known]
        found = match_names(pool, keys.take(new), countries[new], modified[new])
        self._pairs = Pairs.join([self._pairs, replace(found, name=known + found.name)])
        asked, pairs = self._pairs.expand(number)
        return replace(pairs, name=asked)


def match_names(pool: Pool, keys: Keys, countries: Texts, modified: Flags) -> Pairs:
    """Return the candidates for each name in its country ('' for any), by name and place.

    Names that no settlement with their consonants resembles are looked for one letter off as well.

    Parameters
    ----------
    pool
        The places.
    keys, countries
        Of the names, aligned.
    modified
        Which names a text tells apart from others ("Lower Baguz"): no "Upper Baguz" is meant by them.
    """
    number, codes = pd.factorize(countries)
    known = pool.countries.get_indexer(pd.Index(codes))
    country = np.where(known >= 0, known, np.where(codes == "", -1, len(pool.countries)))[number]
    search = _Search(pool, keys, country, modified, np.full(len(keys), SPELLING_WORST))
    every = np.arange(len(keys))
    found = search.look_up(every, NameIndex.find_same, None)
    found += search.look_up(every, NameIndex.find_alike, 0.0)
    found += search.look_up(np.flatnonzero(search.least < SETTLED - SPELLING_BEHIND), NameIndex.find_near, NEAR_LOSS)
    joined = _drop_eponyms(_join(found, len(pool.frame)), pool, keys)
    joined = _drop_strangers(joined, pool, search)
    return _keep_likeliest(joined.take(joined.score > search.least[joined.name]), len(keys))


@dataclass(frozen=True)
class _Search:
    """Names that are looked for, each in a country (-1: any); candidates need log-odds above the ``least``.

    Of names that are ``modified`` nothing is left out.

    The least rise with every settlement found: a unit's name never settles which place is meant.
    """

    pool: Pool
    keys: Keys
    country: Ints
    modified: Flags
    least: Floats

    @cached_property
    def countries(self) -> NDArray[np.uint64]:
        """The `country_bits` of each name: all of one that may be in any."""
        return np.where(self.country < 0, ~np.uint64(0), country_bits(self.country))

    def look_up(
        self, at: Ints, find: Callable[[NameIndex, Keys], tuple[Ints, Ints]], loss: float | None
    ) -> list[Pairs]:
        """Return what ``find`` finds of the names ``at`` in each gazetteer, in no order; raise their least log-odds.

        Log-odds lost by finding in that way are the ``loss``; None where it finds the same name.
        """
        keys = self.keys if len(at) == len(self.keys) else self.keys.take(at)
        found = []
        for part, index in enumerate(self.pool.indexes):
            name, spelling = find(index, keys)
            pairs = self._score(part, at[name], spelling, loss)
            settlement = ~self.pool.is_unit[pairs.place]
            np.maximum.at(self.least, pairs.name[settlement], pairs.score[settlement] - SPELLING_BEHIND)
            found.append(pairs)
        return found

    def _score(self, part: int, name: Ints, spelling: Ints, loss: float | None) -> Pairs:
        """Return the places of one gazetteer that have the spellings, with the log-odds of these."""
        index = self.pool.indexes[part]
        here = np.flatnonzero(self.countries[name] & self.pool.homes[part][spelling])
        name, spelling = name[here], spelling[here]
        if loss is not None:  # the same names are found already
            other = self.keys.fold_hashes[name] != index.keys.fold_hashes[spelling]
            name, spelling = name[other], spelling[other]
        short = index.sort[spelling] == SHORT
        meant = ~(short & self.modified[name])
        name, spelling = name[meant], spelling[meant]
        lost = (loss or 0.0) + SHORT_LOSS * short[meant]
        score = -lost
        if loss is not None:
            worst = (SPELLING_SLOPE * SPELLING_FREE - self.least[name] - lost) / (SPELLING_SLOPE + SPELLING_EACH)
            near = self.keys.may_match(name, index.keys, spelling, worst=worst)
            near[near] = ~self._tell_apart(name[near], index, spelling[near])
            name, spelling, lost, most = name[near], spelling[near], lost[near], worst[near].max(initial=0.0)
            unlike, cross = self.keys.dissimilarity(name, index.keys, spelling, worst=most)
            unlike *= self._weigh_letters(name, index, spelling)
            lost = np.where((unlike > FACILITY_UNLIKE) & (self.facility != "")[name], np.inf, lost)
            score = -SPELLING_SLOPE * np.maximum(0, unlike - SPELLING_FREE)
            score -= SPELLING_EACH * unlike + SCRIPT_LOSS * cross + lost
        kept = np.flatnonzero(score > self.least[name])
        at, owner = index.owners.expand(spelling[kept])
        at, place = kept[at], owner + self.pool.offsets[part]
        country = self.country[name[at]]
        here = (country < 0) | (self.pool.country[place] == country)
        here &= ~(self.pool.is_part[place] & (index.sort[spelling[at]] == SHORT))  # a part of a town is not called so
        at, place = at[here], place[here]
        sort = index.sort[spelling[at]]
        unknown = OTHER_FAME * np.maximum(self.pool.prior[place], 0) * (sort == OTHER)
        fit = sort if loss is None else np.where(sort == SHORT, SHORT, LIKE)
        return Pairs(name[at], place, score[at] - unknown, fit)

    @cached_property
    def facility(self) -> Texts:
        """The folded word for a facility that each name ends with or, in Arabic, begins with; '' for none."""
        words = np.full(len(self.keys), "", dtype=object)
        for ends, told in ((str.endswith, _LATIN), (str.startswith, _ARABIC)):
            at = [ends(fold, told) for fold in self.keys.folds.tolist()]
            words[at] = [max((word for word in told if ends(fold, word)), key=len) for fold in self.keys.folds[at]]
        return words

    def _weigh_letters(self, name: Ints, index: NameIndex, spelling: Ints) -> Floats:
        """Return how much more each letter that differs weighs, as the word for a facility makes no two names alike.

        "Kermanshah airport" and "Kerman airport" are compared without that word.
        """
        weight = np.ones(len(name))
        at = np.flatnonzero((self.facility != "")[name])
        shared = [
            len(word) if its.startswith(word) or its.endswith(word) else 0
            for word, its in zip(self.facility[name[at]], index.keys.folds[spelling[at]], strict=True)
        ]
        letters = self.keys.lengths[name[at]] + index.keys.lengths[spelling[at]]
        left = letters - 2 * np.array(shared, dtype=np.int64)
        weight[at] = np.where(left < FACILITY_LEAST, letters, letters / np.maximum(left, 1))
        return weight

    def _tell_apart(self, name: Ints, index: NameIndex, spelling: Ints) -> Flags:
        """Return which pairs are alike and yet different names.

        "West Kordofan" is no misspelt "South Kordofan".
        """
        apart = self.modified[name]
        own, its = (folded_modifiers(keys.folds[at[apart]]) for keys, at in ((self.keys, name), (index.keys, spelling)))
        apart[apart] = [bool(a and b and a != b) for a, b in zip(own, its, strict=True)]
        return apart


def _drop_eponyms(pairs: Pairs, pool: Pool, keys: Keys) -> Pairs:
    """Return the pairs without the places that names are made of: al-Baghdadi is not Baghdad, in whatever spelling."""
    at = np.flatnonzero(keys.has_nisba)
    if not len(at):
        return pairs
    stems = Keys(np.array([fold[:-1] for fold in keys.folds[at]], dtype=object), keys.skeletons[at])
    codes = [np.empty(0, dtype=np.int64)]
    for index, offset in zip(pool.indexes, pool.offsets, strict=False):
        name, spelling = index.find_same(stems)
        own = index.sort[spelling] == OWN
        again, owner = index.owners.expand(spelling[own])
        codes.append(at[name[own][again]] * len(pool.frame) + owner + offset)
    eponym = np.isin(pairs.name * len(pool.frame) + pairs.place, np.concatenate(codes)) & (pairs.fit != OWN)
    return pairs.take(~eponym)


def _drop_strangers(pairs: Pairs, pool: Pool, search: _Search) -> Pairs:
    """Return the pairs without facilities called nearly as a name that lie far from every town called so itself.

    Where there is a town of Kermanshah, its airport is not that of Kerman.
    """
    facility = search.facility
    doubtful = np.flatnonzero((pairs.fit == LIKE) & (facility != "")[pairs.name])
    if not len(doubtful):
        return pairs
    names, number = np.unique(pairs.name[doubtful], return_inverse=True)
    stems = Keys.of([search.keys.folds[at].removesuffix(facility[at]).removeprefix(facility[at]) for at in names])
    town, whose = [], []
    for index, offset in zip(pool.indexes[:-1], pool.offsets, strict=False):
        stem, spelling = index.find_alike(stems)
        again, owner = index.owners.expand(spelling)
        stem, place = stem[again], owner + offset
        here = (search.country[names[stem]] < 0) | (pool.country[place] == search.country[names[stem]])
        town.append(place[here])
        whose.append(stem[here])
    towns = Groups.of(np.concatenate(whose), np.concatenate(town), len(names))
    pair, own = towns.expand(number)
    near, known = np.zeros(len(doubtful), dtype=bool), np.diff(towns.starts)[number] > 0
    near[pair[pool.are_within(pairs.place[doubtful[pair]], own, FACILITY_KM)]] = True
    kept = np.ones(len(pairs.name), dtype=bool)
    kept[doubtful[known & ~near]] = False
    return pairs.take(kept)


def _keep_likeliest(pairs: Pairs, size: int) -> Pairs:
    """Return the pairs without those of names with more than `MOST` that are less likely than so many others."""
    many = np.flatnonzero((np.bincount(pairs.name, minlength=size) > MOST)[pairs.name])
    by_name = pairs.name[many] - pairs.score[many] / (1 - SPELLING_WORST)  # and of each the likeliest first
    order = many[np.argsort(by_name)]
    last = order[np.flatnonzero(np.diff(pairs.name[order], prepend=-1)) + MOST - 1]
    least = np.full(size, -np.inf)
    least[pairs.name[last]] = pairs.score[last]
    return pairs.take(pairs.score >= least[pairs.name])


def _join(found: Sequence[Pairs], size: int) -> Pairs:
    """Return all pairs by name and place; where a place has several such names, the likeliest."""
    pairs = Pairs.join(found)
    code = pairs.name * size + pairs.place
    order = np.argsort(code)
    code = code[order]
    first = np.flatnonzero(np.diff(code, prepend=-1))
    if not len(first):
        return pairs
    best = np.maximum.reduceat(pairs.score[order], first)
    fits = np.maximum.reduceat(pairs.fit[order], first)  # the same name is the likeliest
    return Pairs(code[first] // size, code[first] % size, best, fits)
