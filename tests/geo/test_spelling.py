from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.spelling import Spellings, find_nearest, fold_spelling


@given(names=st.lists(st.text("abAé-1", max_size=8), max_size=30))
def test_spellings_learnt_one_by_one_are_found_as_by_a_look_at_each(names: list[str]) -> None:
    learnt, known = Spellings(), dict[str, str]()
    for name in names:
        assert learnt.find_nearest(name) == find_nearest(name, known)
        learnt.learn(name, name)
        known.setdefault(fold_spelling(name), name)
