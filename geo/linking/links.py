"""Proposals of records that are one event, in one list or in two: pairs with a confidence and the reasons for it.

Nothing is merged here. A person decides in ``links.csv``; `geo.relations` applies what was decided.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import exp, isnan, log
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.actors import UNKNOWN, shorten_actor, trace_parents
from geo.errors import UsageError, say_number
from geo.files import write_text
from geo.linking import THRESHOLD
from geo.linking.candidates import FAR_KM, Spots, find_pairs
from geo.linking.likeness import Words, share_words, weigh_words
from geo.readers.columns import format_table
from geo.relations import LINK_COLUMNS, group_records
from geo.toponyms.pool import distance_km

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.linking.candidates import Ints

BESIDE = {
    "us-led-coalition": {"sdf", "ypg", "iraqi-forces", "united-states"},
    "russia": {"syrian-government", "iran"},
    "turkey": {"armed-opposition", "Hawar Kilis Operations Room"},
    "iran": {"syrian-government"},
}
"""Who fights beside whom: lists of battles file an air strike under the side on the ground that it supports. One that
only such a list names is no known actor, and its name is its id."""

WITHIN_ONE_LIST = -2.0
"""Weight of both records being of one list: whoever made it holds them for two events, unless the sources differ."""

# Weights of evidence, in log odds. They were set by reading pairs; the figures of bench/link.py hold them.
_BASE = -4.0
_DAYS = {0: 1.5, 1: -0.5, 2: -2.0, 3: -3.0}
_LENGTH = 0.8
"""Weight that is lost with the length of a record, by its logarithm in days."""
_NAMES = (-1.0, 4.0)
_TOLD_NAMES = {0.8: "names agree", 0.4: "names agree in part"}
_RIVAL = 1.5
"""Most that a pair loses to a likelier one of either record."""
_NEAR = 1.5
"""Weight of places no farther apart than they are known to."""
_ACTORS = {"the same actors": 1.0, "actors that fight together": 0.5, "unlike actors": -2.0}
_WIDE, _USUAL_KM = 0.4, 12.0
"""Weight that is lost with the width of the precisions beyond the usual one, by its logarithm: near is easily said."""
_OVERLAP, _UNKNOWN_TOLL = 1.0, -0.5
_UNLIKE_TOLLS = (-0.5, -1.5)
"""Weight of tolls of which one is below the other, on the same days (it may be a part) and on different ones."""
_EQUAL = 0.3
"""Weight of the same lowest toll, by its logarithm: large numbers rarely agree by chance."""
_CITED, _SAME_SOURCE = 1.5, 3.0
SHOWN_IDS = 5
"""Ids that the message about those in both lists names."""
_NAMED = 0.0
"""Weight of the names above which a citation of the other's publisher is one of the same event."""

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Evidence:
    """What speaks for or against a pair: its weight in log odds and, in words, what was seen."""

    weight: float
    words: str


def propose_links(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame | None = None, *, actors: pd.DataFrame, threshold: float = THRESHOLD
) -> pd.DataFrame:
    """Return the pairs of records that may be one event, the likeliest first.

    Parameters
    ----------
    left
        Located incidents (EPSG:4326), as `geo.regions.join_regions` returns them.
    right
        Those of a second list; None for pairs within ``left`` that its relations do not count together already.
    actors
        Actor table, as `geo.actors.extend_actors` returns it for the incidents: parents make actors compatible.
    threshold
        Least confidence, from 0 to 1.

    Returns
    -------
    pandas.DataFrame
        `geo.relations.LINK_COLUMNS`. ``relation`` is ``part of`` where ``id_b`` is proposed with several and the
        highest toll of ``id_a`` is below its lowest, else ``same event``; ``reason`` is a sentence. None is decided.

    Raises
    ------
    UsageError
        When an id stands in both lists: a pair could not say which of the two is meant.
    """
    if right is not None and (shared := sorted(set(left["incident_id"]) & set(right["incident_id"]))):
        named = ", ".join(shared[:SHOWN_IDS]) + ", …" * (len(shared) > SHOWN_IDS)
        message = (
            f"the lists have {say_number(len(shared), 'id')} in common ({named}) — write a letter before those of one"
        )
        raise UsageError(message)
    lists = (left, left if right is None else right)
    words = [Words(records) for records in (left, *([] if right is None else [right]))]
    weights = weigh_words(*words)
    spots = (Spots.of(lists[0]), Spots.of(lists[1]))
    a, b = find_pairs(*spots, (words[0], words[-1]), weights)
    if right is None:
        groups = group_records(left)
        lead = np.arange(len(left)) if groups is None else groups.lead
        new = (a < b) & (lead[a] != lead[b])  # others are counted together already
        a, b = a[new], b[new]
    both = (weights, weigh_words(*words, wholes=True))
    judge = _Judge(lists, spots, (words[0], words[-1]), both, _kin(actors), within=right is None)
    hopeful = judge.find_hopeful(a, b, threshold=threshold)
    a, b = a[hopeful], b[hopeful]
    km = distance_km(spots[0].lat[a], spots[0].lon[a], spots[1].lat[b], spots[1].lon[b])
    pairs = zip(a.tolist(), b.tolist(), km.tolist(), strict=True)
    rows = [row for pair in pairs if (row := judge.judge(*pair, threshold=threshold))]
    links = _prefer_best(pd.DataFrame(rows, columns=["id_a", "id_b", "relation", "weight", "reason"]))
    links = links.assign(confidence=(1 / (1 + np.exp(-links["weight"].astype(float)))).round(2))
    links = links[links["confidence"] >= threshold]
    alone = ~links["id_b"].duplicated(keep=False)  # one smaller figure is another count; several are parts
    links["relation"] = links["relation"].mask(alone, "same event")
    links = links.sort_values(["weight", "id_a", "id_b"], ascending=[False, True, True], ignore_index=True)
    return links.reindex(columns=LINK_COLUMNS, fill_value="")


def _prefer_best(links: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs, those lowered of which a record has a likelier partner; a whole may have many parts."""
    single = pd.concat(
        [
            links[["id_a", "weight"]],
            links.loc[links["relation"] != "part of", ["id_b", "weight"]].set_axis(["id_a", "weight"], axis=1),
        ]
    )
    best = single.groupby("id_a")["weight"].max()
    behind = links["id_a"].map(best) - links["weight"]
    other = (links["id_b"].map(best) - links["weight"]).where(links["relation"] != "part of", 0.0)
    lowered = behind.clip(0.0, _RIVAL) + other.fillna(0.0).clip(0.0, _RIVAL)
    return links.assign(weight=links["weight"] - lowered)


def _kin(actors: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return each actor with all those above it, and the initials of its name."""
    short = {str(actor): shorten_actor(label) for actor, label in actors["label"].items()}
    return {
        actor: frozenset([*kin, *([short[actor]] if len(short[actor]) > 1 else [])])
        for actor, kin in trace_parents(actors).items()
    }


class _Judge:
    """Weighs what speaks for and against pairs of records of two lists."""

    def __init__(
        self,
        lists: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
        spots: tuple[Spots, Spots],
        words: tuple[Words, Words],
        weights: tuple[dict[str, float], dict[str, float]],
        kin: Mapping[str, frozenset[str]],
        *,
        within: bool,
    ) -> None:
        self.spots, self.words, self.kin, self.within = spots, words, kin, within
        self.weights, self.whole_weights = weights
        self.ids = [records["incident_id"].tolist() for records in lists]
        self.actors = [
            [frozenset(text.split("|")) - {UNKNOWN} for text in records["actors"].fillna("")] for records in lists
        ]
        tolls = [
            [records[name].to_numpy(dtype=float, na_value=np.nan) for name in ("killed_min", "killed_max")]
            for records in lists
        ]
        self.tolls = [[low, np.where(np.isnan(high) & ~np.isnan(low), np.inf, high)] for low, high in tolls]

    def find_hopeful(self, a: Ints, b: Ints, *, threshold: float) -> NDArray[np.bool_]:
        """Return which pairs may reach the threshold: what is quick to see is weighed, all else may be the best."""
        one, other = self.spots
        apart = np.maximum(np.maximum(one.first[a] - other.last[b], other.first[b] - one.last[a]), 0)
        most = _BASE + np.array([*_DAYS.values()])[apart] + _NEAR + max(_ACTORS.values()) + sum(_NAMES)
        (low_a, high_a), (low_b, high_b) = ([end[at] for end in t] for t, at in zip(self.tolls, (a, b), strict=True))
        overlap = np.maximum(low_a, low_b) <= np.minimum(high_a, high_b)  # not where one is unknown
        unlike = np.where(overlap, _OVERLAP, max(*_UNLIKE_TOLLS, _UNKNOWN_TOLL))
        most += np.where(low_a == low_b, _OVERLAP + _EQUAL * np.log1p(low_a), unlike)
        urls = Counter(url for words in self.words[self.within :] for own in words.sources for url in own)
        repeated = {url for url, number in urls.items() if number > 1}
        publishers = frozenset[str]().union(*(own for words in self.words for own in words.publishers))
        shared, citing, hosted = (
            [np.array([not own.isdisjoint(known) for own in texts], dtype=bool) for texts in lists]
            for known, lists in (
                (repeated, [words.sources for words in self.words]),
                (publishers, [words.cited for words in self.words]),
                (publishers, [words.publishers for words in self.words]),
            )
        )
        cited = (citing[0][a] & hosted[1][b]) | (hosted[0][a] & citing[1][b])
        most += np.where(shared[0][a] & shared[1][b], _SAME_SOURCE, np.where(cited, _CITED, 0.0))
        ours, theirs = (np.array([bool(own) for own in words.hands], dtype=bool) for words in self.words)
        most += np.where(ours[a] & theirs[b], 0.0, WITHIN_ONE_LIST * self.within)
        hopeful: NDArray[np.bool_] = 1 / (1 + np.exp(-most)) >= threshold - _ROUNDING
        return hopeful

    def judge(self, a: int, b: int, km: float, *, threshold: float) -> tuple[str, str, str, float, str] | None:
        """Return ids, relation, weight and reason of a pair that is ``km`` apart; None below the threshold."""
        seen = [self._days(a, b), self._distance(a, b, km), self._actors(a, b), self._tolls(a, b)]
        total = _BASE + WITHIN_ONE_LIST * self._is_one_hand(a, b) + sum(e.weight for e in seen)
        if _odds(total + sum(_NAMES) + _SAME_SOURCE) < threshold:
            return None  # whatever else there is
        names = self._names(a, b)
        seen[2:2] = [names, self._sources(a, b, names.weight)]
        total += seen[2].weight + seen[3].weight
        if _odds(total) < threshold:
            return None
        reason = "; ".join(e.words for e in seen if e.words)
        low_a, high_a, low_b, high_b = self._ranges(a, b)
        first, second = self.ids[0][a], self.ids[1][b]
        if high_b < low_a:
            return second, first, "part of", total, reason
        return first, second, "part of" if high_a < low_b else "same event", total, reason

    def _is_one_hand(self, a: int, b: int) -> bool:
        """Return whether both records are of one list and not, by their sources, of two publishers."""
        ours, theirs = self.words[0].hands[a], self.words[1].hands[b]
        return self.within and not (ours and theirs and ours.isdisjoint(theirs) and not self._is_cited(a, b))

    def _is_cited(self, a: int, b: int) -> bool:
        """Return whether the sources of one name the publisher of the other's links."""
        one, other = self.words
        return bool(one.cited[a] & other.publishers[b] or other.cited[b] & one.publishers[a])

    def _days(self, a: int, b: int) -> Evidence:
        one, other = self.spots
        apart = int(max(one.first[a] - other.last[b], other.first[b] - one.last[a], 0))
        length = int(max(one.last[a] - one.first[a], other.last[b] - other.first[b])) + 1
        words = "on the same day" if not apart else f"{say_number(apart, 'day')} apart"
        if length > 1:
            words = f"{'within' if not apart else words + ' from'} {length} days"
        return Evidence(_DAYS[apart] - _LENGTH * log(length), words)

    def _distance(self, a: int, b: int, km: float) -> Evidence:
        one, other = self.spots
        if isnan(km):
            return Evidence(0.0, "one is known to an area only")
        radius = one.radius[a] + other.radius[b]
        ratio = km / radius
        weight = _NEAR - max(ratio - 1, 0) - _WIDE * max(log(radius / _USUAL_KM), 0) if km <= FAR_KM else -3.0
        return Evidence(max(weight, -2.0), f"{km:.1f} km apart, known to {radius:g} km together")

    def _names(self, a: int, b: int) -> Evidence:
        one, other = self.words
        score = max(
            share_words(one.places[a], other.told[b], self.weights),
            share_words(other.places[b], one.told[a], self.weights),
            share_words(one.wholes[a], other.told[b], self.whole_weights) if one.wholes[a] == other.wholes[b] else 0.0,
        )
        words = next((told for least, told in _TOLD_NAMES.items() if score > least), "")
        return Evidence(_NAMES[0] + _NAMES[1] * score, words)

    def _sources(self, a: int, b: int, named: float) -> Evidence:
        one, other = self.words
        if one.sources[a] & other.sources[b]:
            return Evidence(_SAME_SOURCE, "a source in common")
        if self._is_cited(a, b):
            return Evidence(_CITED if named > _NAMED else 0.0, "one cites the publisher of the other")
        return Evidence(0.0, "")

    def _actors(self, a: int, b: int) -> Evidence:
        ours, theirs = self.actors[0][a], self.actors[1][b]
        if not ours or not theirs:
            return Evidence(0.0, "")
        kin_a, kin_b = (frozenset().union(*(self.kin.get(x, {x}) for x in side)) for side in (ours, theirs))
        if ours & kin_b or theirs & kin_a:
            words = "the same actors"
        elif any(BESIDE.get(x, frozenset()) & theirs for x in ours) or any(
            BESIDE.get(x, frozenset()) & ours for x in theirs
        ):
            words = "actors that fight together"
        else:
            words = "unlike actors"
        return Evidence(_ACTORS[words], words)

    def _ranges(self, a: int, b: int) -> list[float]:
        return [float(self.tolls[0][k][a]) for k in (0, 1)] + [float(self.tolls[1][k][b]) for k in (0, 1)]

    def _tolls(self, a: int, b: int) -> Evidence:
        low_a, high_a, low_b, high_b = ranges = self._ranges(a, b)
        if any(map(isnan, ranges)):
            return Evidence(_UNKNOWN_TOLL, "a toll unknown")
        if low_a == low_b:
            return Evidence(_OVERLAP + _EQUAL * log(1 + low_a), f"the same lowest toll, {low_a:g}")
        if max(low_a, low_b) <= min(high_a, high_b):
            return Evidence(_OVERLAP, "tolls overlap")
        if min(high_a, high_b) == 0:
            return Evidence(-2.5, "no civilians in one")
        apart = self.spots[0].last[a] < self.spots[1].first[b] or self.spots[1].last[b] < self.spots[0].first[a]
        return Evidence(_UNLIKE_TOLLS[int(apart)], "one toll is below the other")


def _odds(weight: float) -> float:
    return 1 / (1 + exp(-weight))


def write_links(links: pd.DataFrame, path: Path) -> None:
    """Write ``links.csv`` for a person to decide in: relation, ``decided_by`` and ``decided_on``."""
    write_text(format_table(links[[*LINK_COLUMNS]].astype("str")), path)
