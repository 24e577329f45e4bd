"""Which positions have which key, in arrays.

Keys are kept as sorted 64-bit hashes, so that a look-up is a binary search over an array and a hundred thousand of them
are one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]
    Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Postings:
    """Which positions have which hash: ``hashes`` sorted, ``positions`` beside them."""

    hashes: Hashes
    positions: NDArray[np.int32]

    @classmethod
    def of(cls, hashes: Hashes, positions: Ints) -> Postings:
        """Return the postings of ``positions`` under their hashes."""
        order = np.argsort(hashes)
        return cls(hashes[order], positions[order].astype(np.int32))  # half the memory

    def find(self, sought: Postings) -> tuple[Ints, Ints]:
        """Return pairs (position in ``sought``, position) of equal hashes; sorted, they are found with few jumps."""
        start = np.searchsorted(self.hashes, sought.hashes, "left")
        count = np.zeros(len(start), dtype=np.int64)
        known = np.flatnonzero(start < len(self.hashes))
        known = known[self.hashes[start[known]] == sought.hashes[known]]
        count[known] = np.searchsorted(self.hashes, sought.hashes[known], "right") - start[known]
        asked, at = expand(start, count)
        return sought.positions[asked].astype(np.int64), self.positions[at].astype(np.int64)


@dataclass(frozen=True)
class Groups:
    """Positions by the number of their group: those of group ``i`` are ``positions[starts[i]:starts[i + 1]]``."""

    starts: Ints
    positions: Ints

    @classmethod
    def of(cls, number: Ints, positions: Ints, size: int) -> Groups:
        """Return ``positions`` (from 0, ascending in each group) by ``number``, which counts ``size`` groups from 0."""
        width = int(positions.max(initial=0)) + 1
        code = np.sort(number.astype(np.int64) * width + positions)  # numbers sort several times as fast as indices
        starts = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=size))])
        return cls(starts, code % width)

    def expand(self, numbers: Ints) -> tuple[Ints, Ints]:
        """Return pairs (index into ``numbers``, position) of the groups asked for."""
        asked, at = expand(self.starts[numbers], self.starts[numbers + 1] - self.starts[numbers])
        return asked, self.positions[at]


def expand(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Return pairs (index into ``start``, position) of so many positions from each start on."""
    asked = np.repeat(np.arange(len(start)), count)
    return asked, np.repeat(start - np.cumsum(count) + count, count) + np.arange(len(asked))


def hash_texts(keys: Texts) -> Hashes:
    """Return a 64-bit hash of each text."""
    return pd.util.hash_array(keys, categorize=False)


_BASE = np.uint64(0x9E3779B97F4A7C15)
"""Base of the polynomial hashes of letters and texts: odd, so that none is lost modulo 2**64."""


def hash_rows(*columns: Texts) -> Hashes:
    """Return a 64-bit hash of the texts of each row."""
    hashes = hash_texts(columns[0])
    for column in columns[1:]:
        hashes = hashes * _BASE + hash_texts(column)
    return hashes


AT_ONCE = 50_000
"""Keys whose deletions are hashed together: their letters are a small matrix."""


def hash_deletions(keys: Texts) -> tuple[Hashes, Ints]:
    """Return the hash of each key and of it with each letter taken out, with the position of the key."""
    parts = [_hash_few_deletions(keys[at : at + AT_ONCE]) for at in range(0, max(len(keys), 1), AT_ONCE)]
    owners = [owner + AT_ONCE * number for number, (_, owner) in enumerate(parts)]
    return np.concatenate([hashes for hashes, _ in parts]), np.concatenate(owners)


def _hash_few_deletions(keys: Texts) -> tuple[Hashes, Ints]:
    """Return what `hash_deletions` does.

    The hash of a key is a polynomial in its letters, so that of a key without its i-th letter is the sum of what stands
    before it and, one power lower, behind it.
    """
    lengths = count_letters(keys)
    letters = _spread_letters(keys)
    width = letters.shape[1]
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(width, _BASE))
        before = np.cumsum(letters * powers, axis=1)
        shifted = np.cumsum(letters[:, 1:] * powers[:-1], axis=1)
    none = np.zeros((len(keys), 1), dtype=np.uint64)
    left, right = np.hstack([none, before[:, :-1]]), shifted[:, -1:] if width > 1 else none
    behind = right - np.hstack([none, shifted]) if width > 1 else none
    inside = np.arange(width) < lengths[:, None]
    owner = np.broadcast_to(np.arange(len(keys))[:, None], inside.shape)[inside]
    return np.concatenate([before[:, -1], (left + behind)[inside]]), np.concatenate([np.arange(len(keys)), owner])


def sign_letters(keys: Texts) -> Hashes:
    """Return 64 bits for each text: which letters (by their code modulo 32) it has, and which of these twice.

    Two texts differ by at least as many letters added or taken out as their signs differ by bits.
    """
    parts = [_sign_few_letters(keys[at : at + AT_ONCE]) for at in range(0, max(len(keys), 1), AT_ONCE)]
    return np.concatenate(parts)


def _sign_few_letters(keys: Texts) -> Hashes:
    once, twice = np.zeros((2, len(keys)), dtype=np.uint64)
    for column in _spread_letters(keys).T:
        bit = np.where(column, np.uint64(1) << (column % np.uint64(32)), np.uint64(0))
        twice |= once & bit
        once |= bit
    return once | twice << np.uint64(32)


def _spread_letters(keys: Texts) -> NDArray[np.uint64]:
    """Return the codes of the letters of each text, one row for each, 0 behind its end."""
    width = max(int(count_letters(keys).max(initial=0)), 1)
    return keys.astype(f"U{width}").view(np.uint32).reshape(len(keys), width).astype(np.uint64)


def count_letters(keys: Texts) -> Ints:
    """Return the length of each text."""
    return np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
