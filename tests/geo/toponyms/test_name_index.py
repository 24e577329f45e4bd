from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.toponyms.name_index import Keys, NameIndex

NAMES = st.lists(st.text(alphabet="abdkrtبتحرسم", min_size=1, max_size=9), min_size=1, max_size=12)


def one_off(a: str, b: str) -> bool:
    """Return whether a letter taken out of each, or of one, leaves the same."""
    cut = [{name, *(name[:at] + name[at + 1 :] for at in range(len(name)))} for name in (a, b)]
    return bool(cut[0] & cut[1])


@given(NAMES, NAMES)
def test_names_one_letter_off_are_found_and_no_others(listed: list[str], asked: list[str]) -> None:
    index = NameIndex.of(listed, np.arange(len(listed)))
    keys = Keys.of(asked)
    pairs = set(zip(*(side.tolist() for side in index.find_near(keys)), strict=True))
    for at, (fold, consonants) in enumerate(zip(keys.folds, keys.skeletons, strict=True)):
        own, its = (keys.folds, index.keys.folds) if len(consonants) <= 3 else (keys.skeletons, index.keys.skeletons)
        for there, other in enumerate(index.keys.skeletons):
            comparable = len(other) > 3 if len(consonants) > 3 else len(other) <= 4
            assert ((at, there) in pairs) == (comparable and one_off(own[at], its[there])), (fold, other)


@given(NAMES)
def test_every_name_finds_itself(names: list[str]) -> None:
    index = NameIndex.of(names, np.arange(len(names)))
    at, there = index.find_same(Keys.of(names))
    assert set(at.tolist()) == {k for k, fold in enumerate(Keys.of(names).folds) if fold}
    assert (index.keys.folds[there] == Keys.of(names).folds[at]).all()


def test_a_name_that_many_places_bear_is_kept_once() -> None:
    index = NameIndex.of(["Raqqa", "ar-Raqqah", "Hajin", "RAQQA", "Raqqa"], np.array([0, 0, 1, 2, 3]))
    at, there = index.find_same(Keys.of(["al Raqqa"]))
    _, owners = index.owners.expand(there)
    assert len(index.keys) == 2
    assert (at.tolist(), owners.tolist()) == ([0], [0, 2, 3])


@given(NAMES, NAMES, st.floats(0, 0.5))
def test_no_pair_as_like_as_asked_for_is_passed_over(asked: list[str], listed: list[str], worst: float) -> None:
    keys, other = Keys.of(asked), NameIndex.of(listed, np.arange(len(listed))).keys
    at, there = (side.ravel() for side in np.indices((len(keys), len(other))))
    unlike, _ = keys.dissimilarity(at, other, there, worst=1.0)
    may = keys.may_match(at, other, there, worst=np.full(len(at), worst))
    assert may[unlike <= worst].all()
    own, its = (np.array([set(fold) for fold in k.folds])[where] for k, where in ((keys, at), (other, there)))
    ascii_ = ~(keys.is_arabic[at] | other.is_arabic[there])
    apart = np.array([len(a ^ b) for a, b in zip(own, its, strict=True)], dtype=float)
    letters = keys.lengths[at] + other.lengths[there]
    assert not may[ascii_ & (apart > worst * letters)].any()
