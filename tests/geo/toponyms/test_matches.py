from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import geo.toponyms.answers
import geo.toponyms.matches
from geo.names import name_keys
from geo.toponyms.answers import answer_questions
from geo.toponyms.matches import Matcher, match_names
from geo.toponyms.name_index import Keys
from geo.toponyms.pool import Pool
from geo.toponyms.questions import TEXT_COLUMNS

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.gazetteer import Gazetteer

NAMES = ["Raqqa", "Ar Raqah", "Halab", "حلب", "Mansoura", "Mosul", "Raqqa", "Xqzt", "Idleb", "Tell Abiad"]


def ask(matcher: Matcher | None, pool: Pool, names: list[str], country: str) -> list[tuple[str, Any]]:
    """Return the candidates of each name as texts and numbers that can be compared."""
    _, folds, skeletons = name_keys(names)
    keys = Keys(np.array(folds, dtype=object), np.array(skeletons, dtype=object))
    told = np.full(len(names), country, dtype=object), np.zeros(len(names), dtype=bool)
    pairs = match_names(pool, keys, *told) if matcher is None else matcher.match(pool, keys, *told)
    found = zip(pairs.name.tolist(), pairs.place.tolist(), pairs.score.tolist(), pairs.fit.tolist(), strict=True)
    return sorted((names[name], *rest) for name, *rest in found)


@pytest.mark.parametrize("most", [0, 3, 100_000])
def test_a_matcher_finds_what_a_search_of_its_own_finds(
    regions: gpd.GeoDataFrame, builtin: Gazetteer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(geo.toponyms.matches, "MOST_KNOWN", most)
    pools = [Pool([builtin.listing.restrict(frozenset([c]))], regions, [c]) for c in ("SY", "IQ")]
    matcher = Matcher()
    for pool, country in ((pools[0], "SY"), (pools[0], ""), (pools[1], "IQ"), (pools[0], "SY")):
        for names in (NAMES, NAMES[::-1], NAMES[:3], ["Homs", *NAMES], []):
            found = ask(matcher, pool, names, country)
            assert found == ask(None, pool, names, country)
            assert bool(found) == bool(names)


def test_a_list_answered_in_parts_is_answered_as_a_whole(
    regions: gpd.GeoDataFrame, builtin: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = builtin.listing.places.query("country in ['SY', 'IQ', 'UA']").iloc[::12]
    places = [*known["name"], *(f"{name} village" for name in known["name"])]
    questions = pd.DataFrame("", range(len(places)), list(TEXT_COLUMNS), dtype=object).assign(place=places)
    questions["country"] = [*known["country"]] * 2
    monkeypatch.setattr(geo.toponyms.answers, "LONG", len(questions) - 1)
    monkeypatch.setattr(geo.toponyms.answers, "SAMPLED", len(questions))
    whole = answer_questions(questions, [builtin.listing], regions)
    monkeypatch.setattr(geo.toponyms.answers, "AT_ONCE", 100)
    monkeypatch.setattr(geo.toponyms.matches, "MOST_KNOWN", 200)
    pd.testing.assert_frame_equal(answer_questions(questions, [builtin.listing], regions), whole)
    assert whole["lat"].notna().mean() > 0.5
