"""An index of names that finds the spellings of a name without looking at every one.

Three ways, each coarser than the one before: the same folded name, the same consonant skeleton (which also leads from
Latin to Arabic), and one letter off. The last is a symmetric deletion index: two keys that differ by one edit share a
key once a letter is taken out of both. Keys are kept as sorted 64-bit hashes, so that a look-up is a binary search
over an array and a hundred thousand of them are one call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from geo.names import name_keys, romanize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]
    Texts = NDArray[np.object_]

_ARABIC = re.compile("[\u0600-\u06ff]")

SHORT_SKELETON = 3
"""A skeleton of up to so many consonants is too common for one of them to be off; there the folded name may be."""


LENGTH_LEAST = 0.4
"""Two folded names are not compared when twice the shorter's share of their letters is below this."""


@dataclass(frozen=True)
class Keys:
    """The folded form and the consonant skeleton of a list of names, by position (see `geo.names`)."""

    folds: Texts
    skeletons: Texts

    @classmethod
    def of(cls, names: Sequence[str]) -> Keys:
        """Return the keys of ``names``."""
        _, folds, consonants = name_keys(names)
        return cls(np.array(folds, dtype=object), np.array(consonants, dtype=object))

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self.folds)

    def take(self, at: Ints) -> Keys:
        """Return the keys at some positions."""
        return Keys(self.folds[at], self.skeletons[at])

    @cached_property
    def is_arabic(self) -> NDArray[np.bool_]:
        """Whether each name has an Arabic letter."""
        return np.fromiter((_ARABIC.search(fold) is not None for fold in self.folds), dtype=bool, count=len(self))

    @cached_property
    def latin(self) -> Texts:
        """Each folded name in the letters of folded Latin names."""
        latin = self.folds.copy()
        latin[self.is_arabic] = [romanize(fold) for fold in self.folds[self.is_arabic]]
        return latin

    @cached_property
    def lengths(self) -> Ints:
        """Letters of each folded name."""
        return _lengths(self.folds)

    @cached_property
    def consonants(self) -> Ints:
        """Letters of each skeleton."""
        return _lengths(self.skeletons)

    def may_match(self, at: Ints, other: Keys, there: Ints) -> NDArray[np.bool_]:
        """Return which pairs are near enough in length to be one name."""
        own, its = self.lengths[at], other.lengths[there]
        return 2 * np.minimum(own, its) >= LENGTH_LEAST * (own + its)

    def dissimilarity(self, at: Ints, other: Keys, there: Ints) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return 1 - (2 x common letters / all letters) of pairs of folded names, and which are of two scripts."""
        cross = self.is_arabic[at] != other.is_arabic[there]
        own, its = self.folds[at], other.folds[there]
        own[cross], its[cross] = self.latin[at[cross]], other.latin[there[cross]]
        return cpdist(own, its, scorer=Indel.normalized_distance, dtype=np.float64), cross


@dataclass(frozen=True)
class Postings:
    """Which positions have which hash: ``hashes`` sorted, ``positions`` beside them."""

    hashes: Hashes
    positions: Ints

    @classmethod
    def of(cls, hashes: Hashes, positions: Ints) -> Postings:
        """Return the postings of ``positions`` under their hashes."""
        order = np.lexsort((positions, hashes))
        return cls(hashes[order], positions[order])

    def find(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Return pairs (index into ``hashes``, position) of equal hashes."""
        start = np.searchsorted(self.hashes, hashes, "left")
        count = np.searchsorted(self.hashes, hashes, "right") - start
        asked = np.repeat(np.arange(len(hashes)), count)
        within = np.arange(len(asked)) - np.repeat(np.cumsum(count) - count, count)
        return asked, self.positions[np.repeat(start, count) + within]


def _hash(keys: Texts) -> Hashes:
    return pd.util.hash_array(keys, categorize=False)


def _hash_deletions(keys: Texts) -> tuple[Hashes, Ints]:
    """Return the hash of each key and of it with each letter taken out, with the position of the key."""
    texts, owner = [*keys], [np.arange(len(keys))]
    lengths = _lengths(keys)
    for at in range(int(lengths.max(initial=0))):
        longer = np.flatnonzero(lengths > at)
        texts += [key[:at] + key[at + 1 :] for key in keys[longer]]
        owner.append(longer)
    return _hash(np.array(texts, dtype=object)), np.concatenate(owner)


@dataclass(frozen=True)
class NameIndex:
    """Names and whose they are: ``owners[i]`` is the place that has the name with keys ``keys[i]``."""

    keys: Keys
    owners: Ints

    @classmethod
    def of(cls, names: Sequence[str], owners: Ints) -> NameIndex:
        """Index ``names``; the same folded name of one owner counts once."""
        keys = Keys.of(names)
        first = ~pd.DataFrame({"owner": owners, "fold": keys.folds}).duplicated().to_numpy() & (keys.folds != "")
        return cls(keys.take(np.flatnonzero(first)), owners[first])

    @classmethod
    def of_places(cls, places: pd.DataFrame) -> NameIndex:
        """Index every name of a places frame; the owners are its rows by position."""
        names = places["name"] + "|" + places["local"] + "|" + places["names"]
        spelt = names.reset_index(drop=True).str.split("|").explode()
        spelt = spelt[spelt != ""]
        return cls.of(list(spelt), spelt.index.to_numpy())

    @cached_property
    def _by_fold(self) -> Postings:
        return Postings.of(_hash(self.keys.folds), np.arange(len(self.keys)))

    @cached_property
    def _by_skeleton(self) -> Postings:
        return Postings.of(_hash(self.keys.skeletons), np.arange(len(self.keys)))

    @cached_property
    def _skeletons(self) -> tuple[Texts, Postings]:
        distinct = np.unique(self.keys.skeletons[_lengths(self.keys.skeletons) > SHORT_SKELETON])
        return distinct, Postings.of(*_hash_deletions(distinct))

    @cached_property
    def _short(self) -> tuple[Texts, Postings]:
        short = _lengths(self.keys.skeletons) <= SHORT_SKELETON + 1
        distinct = np.unique(self.keys.folds[short])
        return distinct, Postings.of(*_hash_deletions(distinct))

    def find_same(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return pairs (position in ``keys``, position in the index) with one folded name."""
        return self._by_fold.find(_hash(keys.folds))

    def find_alike(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return pairs with one consonant skeleton."""
        asked = np.flatnonzero(keys.skeletons != "")
        pair, found = self._by_skeleton.find(_hash(keys.skeletons[asked]))
        return asked[pair], found

    def find_near(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return pairs that are one letter off: of the skeleton, or where that is short of the folded name."""
        long = keys.consonants > SHORT_SKELETON
        pairs = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
        for asked, own, (distinct, deletions), postings in (
            (np.flatnonzero(long), keys.skeletons, self._skeletons, self._by_skeleton),
            (np.flatnonzero(~long), keys.folds, self._short, self._by_fold),
        ):
            if not len(distinct):
                continue
            hashes, owner = _hash_deletions(own[asked])
            pair, key = deletions.find(hashes)
            hits = np.unique(asked[owner[pair]] * len(distinct) + key)
            again, found = postings.find(_hash(distinct[hits % len(distinct)]))
            pairs.append((hits[again] // len(distinct), found))
        return np.concatenate([a for a, _ in pairs]), np.concatenate([f for _, f in pairs])


def _lengths(keys: Texts) -> Ints:
    return np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
