from __future__ import annotations

import pytest

from geo.actors import read_actors
from geo.crosswalk import name_losses, read_crosswalk


def test_every_term_means_a_known_actor_once() -> None:
    crosswalk = read_crosswalk()
    assert set(crosswalk["actor"]) <= set(read_actors().index)
    assert not crosswalk.duplicated(["vocabulary", "term"]).any()
    assert crosswalk.loc[crosswalk["exactness"] != "exact", "note"].notna().all(), "what is lost is always said"


@pytest.mark.parametrize(
    ("vocabulary", "term", "actor", "exactness"),
    [
        ("Airwars", "U.S.-led Coalition", "us-led-coalition", "broader"),
        ("Airwars", "Russian Military", "russia", "exact"),
        ("UCDP GED", "Government of United States of America", "united-states", "exact"),
        ("UCDP GED", "SDF", "sdf", "broader"),
        ("SNHR", "Fateh al-Sham Front", "hts", "narrower"),
    ],
)
def test_a_term_says_what_it_means_and_how_exactly(vocabulary: str, term: str, actor: str, exactness: str) -> None:
    crosswalk = read_crosswalk()
    found = crosswalk[(crosswalk["vocabulary"] == vocabulary) & (crosswalk["term"] == term)]
    assert found[["actor", "exactness"]].to_numpy().tolist() == [[actor, exactness]]


def test_words_of_belief_are_less_than_certain() -> None:
    crosswalk = read_crosswalk()
    found = crosswalk[crosswalk["term"] == "Forces we believe are Russian"]
    assert found[["actor", "confidence"]].to_numpy().tolist() == [["russia", "believed"]]


def test_what_is_lost_is_told() -> None:
    assert any("alone, outside the coalition" in told for told in name_losses("Airwars", "us-led-coalition"))
    assert name_losses("Airwars", "russia") == []
