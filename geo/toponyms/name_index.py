"""An index of names that finds the spellings of a name without looking at every one.

Three ways, each coarser than the one before: the same folded name, the same consonant skeleton (which also leads from
Latin to Arabic), and one letter off. The last is a symmetric deletion index: two keys that differ by one edit share a
key once a letter is taken out of both.
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

from geo.names import name_keys, romanize, shorten_names
from geo.toponyms.postings import Groups, Postings, count_letters, hash_deletions, hash_texts, sign_letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.toponyms.postings import Hashes, Ints, Texts

_ARABIC = re.compile("[\u0600-\u06ff]")

AT_ONCE = 20_000
"""Places whose names are folded together: what they take is small then."""
LONGEST = 300
"""Letters beyond which a text is an account of something, and no name: the letters of many names are a matrix as wide
as the longest."""
FEW = 500
"""How many times more names an index must have than are wanted of it for these to be worked out by themselves."""
SHORT_SKELETON = 3
"""A skeleton of up to so many consonants is too common for one of them to be off; there the folded name may be."""


SORTS = ("short", "other", "own")
"""What a name is to its place, the nearest last: one of its names without a word that tells places of one name apart
("Baguz" for "Upper Baguz"); another than its own, of other consonants ("Berea" for Aleppo); its own."""
SHORT, OTHER, OWN = range(len(SORTS))
LIKE = -1
"""In place of a sort: no name of the place, but like one."""


@dataclass(frozen=True)
class Keys:
    """The folded form and the consonant skeleton of a list of names, by position (see `geo.names`)."""

    folds: Texts
    skeletons: Texts

    @classmethod
    def of(cls, names: Sequence[str]) -> Keys:
        """Return the keys of ``names``; each distinct name is folded once."""
        number, distinct = pd.factorize(np.array(names, dtype=object))
        _, folds, consonants = name_keys(distinct.tolist())
        return cls(np.array(folds, dtype=object), np.array(consonants, dtype=object)).take(number)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self.folds)

    def take(self, at: Ints) -> Keys:
        """Return the keys at some positions."""
        return Keys(self.folds[at], self.skeletons[at])

    @cached_property
    def is_arabic(self) -> NDArray[np.bool_]:
        """Whether each name has an Arabic letter."""
        arabic = np.array([not fold.isascii() for fold in self.folds], dtype=bool)
        arabic[arabic] = [_ARABIC.search(fold) is not None for fold in self.folds[arabic]]
        return arabic

    @cached_property
    def has_nisba(self) -> NDArray[np.bool_]:
        """Whether each name ends as those that tell where something or somebody is from."""
        return np.array([fold.endswith(("i", "ي")) for fold in self.folds], dtype=bool)

    @cached_property
    def _latin(self) -> Texts:
        return _spell_latin(self.folds, self.is_arabic)

    def latin(self, at: Ints) -> Texts:
        """Return the folded names at some positions in the letters of folded Latin names."""
        if len(at) * FEW > len(self):
            return self._latin[at]
        wanted, place = np.unique(at, return_inverse=True)  # of a large index, what one look-up needs
        return _spell_latin(self.folds[wanted], self.is_arabic[wanted])[place]

    @cached_property
    def fold_hashes(self) -> Hashes:
        """Hash of each folded name."""
        return hash_texts(self.folds)

    @cached_property
    def by_fold(self) -> Postings:
        """Names by the hash of the folded name."""
        return Postings.of(self.fold_hashes, np.arange(len(self)))

    @cached_property
    def by_skeleton(self) -> Postings:
        """Names that have a skeleton by its hash."""
        at = np.flatnonzero(self.skeletons != "")
        return Postings.of(hash_texts(self.skeletons[at]), at)

    @cached_property
    def lengths(self) -> Ints:
        """Letters of each folded name."""
        return count_letters(self.folds)

    @cached_property
    def consonants(self) -> Ints:
        """Letters of each skeleton."""
        return count_letters(self.skeletons)

    @cached_property
    def deletions(self) -> tuple[Postings, Postings]:
        """Names by the hashes to look for one letter off: of the skeleton, and where that is short of the fold."""
        long = self.consonants > SHORT_SKELETON
        found = []
        for asked, keys in ((np.flatnonzero(long), self.skeletons), (np.flatnonzero(~long), self.folds)):
            hashes, owner = hash_deletions(keys[asked])
            found.append(Postings.of(hashes, asked[owner]))
        return found[0], found[1]

    @cached_property
    def _letters(self) -> Hashes:
        return sign_letters(self.folds)

    def letters(self, at: Ints) -> Hashes:
        """Return which letters stand once, and which twice, in the folded names at some positions, as bits."""
        if len(at) * FEW > len(self):
            return self._letters[at]
        return sign_letters(self.folds[at])

    def may_match(self, at: Ints, other: Keys, there: Ints, *, worst: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which pairs have lengths and letters with which their `dissimilarity` may be ``worst`` at most."""
        own, its = self.lengths[at], other.lengths[there]
        most = worst * (own + its)
        near: NDArray[np.bool_] = np.abs(own - its) <= most
        left = np.flatnonzero(near & (self.is_arabic[at] == other.is_arabic[there]))
        near[left] = np.bitwise_count(self.letters(at[left]) ^ other.letters(there[left])) <= most[left]
        return near

    def dissimilarity(
        self, at: Ints, other: Keys, there: Ints, *, worst: float
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return 1 - (2 x common letters / all letters) of pairs of folded names, and which are of two scripts.

        What is above ``worst`` is 1.
        """
        cross = self.is_arabic[at] != other.is_arabic[there]
        own, its = self.folds[at], other.folds[there]
        own[cross], its[cross] = self.latin(at[cross]), other.latin(there[cross])
        return cpdist(own, its, scorer=Indel.normalized_distance, score_cutoff=worst, dtype=np.float64), cross


def _spell_latin(folds: Texts, is_arabic: NDArray[np.bool_]) -> Texts:
    latin = folds.copy()
    latin[is_arabic] = [romanize(fold) for fold in folds[is_arabic]]
    return latin


@dataclass(frozen=True)
class NameIndex:
    """Distinct names and whose they are: group ``i`` of ``owners`` are the places that have the name ``keys[i]``.

    Names with the same keys are one: where many villages bear a name, it is found and compared once. ``sort`` tells
    what the name is to its owners, as a position in `SORTS`.
    """

    keys: Keys
    owners: Groups
    sort: Ints

    @classmethod
    def of(cls, names: Sequence[str], owners: Ints) -> NameIndex:
        """Index ``names``; the same folded name of one owner counts once."""
        return cls.of_keys(Keys.of(names), owners, np.full(len(names), OWN))

    @classmethod
    def of_keys(cls, keys: Keys, owners: Ints, sort: Ints) -> NameIndex:
        """Index the keys of names, those with one skeleton side by side: they are compared with the same names."""
        (fold, folds), (skeleton, skeletons) = pd.factorize(keys.folds), pd.factorize(keys.skeletons)
        first = ~pd.Series(owners * len(folds) + fold).duplicated().to_numpy() & (keys.folds != "")
        code = (skeleton * len(folds) + fold) * len(SORTS) + sort
        distinct, number = np.unique(code[first], return_inverse=True)
        pair = distinct // len(SORTS)
        spelt = Keys(_align(folds[pair % len(folds)]), skeletons[pair // len(folds)])
        return cls(spelt, Groups.of(number, owners[first], len(distinct)), distinct % len(SORTS))

    @classmethod
    def of_places(cls, places: pd.DataFrame) -> NameIndex:
        """Index every name of a places frame; the owners are its rows by position."""
        starts = range(0, max(len(places), 1), AT_ONCE)  # so that the names are never all held at once
        parts = [_spell_places(places.iloc[start : start + AT_ONCE]) for start in starts]
        folds, skeletons = (
            np.concatenate([getattr(keys, name) for keys, *_ in parts]) for name in ("folds", "skeletons")
        )
        owners = np.concatenate([start + owner for start, (_, owner, _) in zip(starts, parts, strict=True)])
        return cls.of_keys(Keys(folds, skeletons), owners, np.concatenate([sort for *_, sort in parts]))

    @cached_property
    def _skeletons(self) -> tuple[Postings, Groups]:
        return self._delete(self.keys.skeletons, self.keys.consonants > SHORT_SKELETON)

    @cached_property
    def _folds(self) -> tuple[Postings, Groups]:
        return self._delete(self.keys.folds, self.keys.consonants <= SHORT_SKELETON + 1)

    def _delete(self, keys: Texts, which: NDArray[np.bool_]) -> tuple[Postings, Groups]:
        """Return the distinct ones of some keys by the hashes of their deletions, and the names that have each."""
        at = np.flatnonzero(which)
        number, distinct = pd.factorize(keys[at])
        return Postings.of(*hash_deletions(distinct)), Groups.of(number, at, len(distinct))

    def find_same(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return pairs (position in ``keys``, position in the index) with one folded name."""
        return self.keys.by_fold.find(keys.by_fold)

    def find_alike(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return pairs with one consonant skeleton."""
        return self.keys.by_skeleton.find(keys.by_skeleton)

    def find_near(self, keys: Keys) -> tuple[Ints, Ints]:
        """Return pairs that are one letter off: of the skeleton, or where that is short of the folded name."""
        pairs = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
        for sought, (deletions, spelt) in zip(keys.deletions, (self._skeletons, self._folds), strict=True):
            name, key = deletions.find(sought)
            hits = np.sort(key * len(keys) + name)  # as the spellings follow each other in memory
            hits = hits[np.diff(hits, prepend=-1) > 0]
            again, found = spelt.expand(hits // len(keys))
            pairs.append((hits[again] % len(keys), found))
        return np.concatenate([a for a, _ in pairs]), np.concatenate([f for _, f in pairs])


def _spell_places(places: pd.DataFrame) -> tuple[Keys, Ints, Ints]:
    """Return the keys of every name of some places, the position of the place that has it, and its sort."""
    names: list[str] = []
    owners: list[int] = []
    sorts: list[int] = []
    for owner, cells in enumerate(zip(places["name"], places["local"], places["names"], strict=True)):
        given: dict[str, int] = {}
        for cell in cells:
            for name in cell.split("|"):
                if not 0 < len(name) <= LONGEST:
                    continue
                given.setdefault(name, OWN if cells[0].endswith(name) or cells[1].endswith(name) else OTHER)
        names += given
        owners += [owner] * len(given)
        sorts += given.values()
    keys, own, sort = Keys.of(names), np.array(owners, dtype=np.int64), np.array(sorts, dtype=np.int64)
    consonants = own * len(keys) + pd.factorize(keys.skeletons)[0]
    sort[np.isin(consonants, consonants[sort == OWN])] = OWN  # a spelling of its own name
    shortened = shorten_names(names)
    some = np.flatnonzero(np.array(shortened, dtype=bool))
    short = Keys.of([shortened[at] for at in some])
    whole = Keys(np.concatenate([keys.folds, short.folds]), np.concatenate([keys.skeletons, short.skeletons]))
    return whole, np.concatenate([own, own[some]]), np.concatenate([sort, np.full(len(some), SHORT)])


def _align(keys: Texts) -> Texts:
    """Return the keys as new texts, which lie in memory as they follow each other."""
    return np.array("\n".join(keys).split("\n"), dtype=object) if len(keys) else keys
