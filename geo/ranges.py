"""Ranges of incidents: as their list states them, or made from their claims by a named rule, as known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.claims import SOURCE_KINDS
from geo.errors import UsageError
from geo.schema import COUNTS, GRADINGS

if TYPE_CHECKING:
    from datetime import date

COUNT_OF = {"civilians": "killed"} | {count: count for count in COUNTS if count != "killed"}
"""Count of the incident table that a measure of claims speaks of. ``all_deaths`` speaks of none: a count of everybody
never becomes one of civilians."""

SILENT = ("denied", "non_credible")
"""Stances whose figure is not the source's own number of victims: it enters no range."""

_VALUES = {"source-kind": SOURCE_KINDS, "grading": GRADINGS}
_LABELS = {
    "stated": "as the list states them",
    "widest": "from the lowest to the highest figure that any claim gives",
    "latest-per-source": "from the lowest to the highest figure among the latest claims of each source",
    "source-kind": "from the lowest to the highest figure that a source of the kind “{}” gives",
    "grading": "from the lowest to the highest figure that is graded {} or better",
}


@dataclass(frozen=True)
class RangeRule:
    """How the range of an incident comes about.

    Parameters
    ----------
    name
        ``stated``, ``widest``, ``latest-per-source``, ``source-kind`` or ``grading``.
    value
        The kind of source of ``source-kind``, the least grade of ``grading``; else empty.
    """

    name: str = "stated"
    value: str = ""

    def __str__(self) -> str:
        """Return the rule as it is written on the command line."""
        return f"{self.name}:{self.value}" if self.value else self.name

    @property
    def label(self) -> str:
        """The rule in words, after "ranges:"."""
        return _LABELS[self.name].format(self.value)

    @property
    def chooses(self) -> bool:
        """Whether the rule asks for claims of a certain kind, so that an incident without any has no range by it."""
        return self.name in _VALUES


STATED, WIDEST = RangeRule("stated"), RangeRule("widest")


def parse_rule(text: str) -> RangeRule:
    """Return the rule for ``stated``, ``widest``, ``latest-per-source``, ``source-kind:KIND`` or ``grading:GRADE``.

    Raises
    ------
    UsageError
        When it is none of these; names what may stand there.
    """
    name, colon, value = text.partition(":")
    if name not in _LABELS:
        choices = "stated, widest, latest-per-source, source-kind:KIND or grading:GRADE"
        message = f"--range-rule {text}: no such rule — choose {choices}"
        raise UsageError(message)
    values = _VALUES.get(name, ())
    if bool(colon) != bool(values) or (values and value not in values):
        todo = f"write {name}: and one of {', '.join(values)}" if values else f"write {name} alone"
        message = f"--range-rule {text}: {todo}"
        raise UsageError(message)
    return RangeRule(name, value)


def known_by(published: pd.Series, day: date) -> pd.Series:
    """Return what was published by the end of a day; what has no date is not known to have been."""
    return (published <= pd.Timestamp(day)).fillna(value=False).astype(bool)


def order_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Return claims by incident and day, undated ones last, those superseded before what supersedes them.

    ``superseded_by`` is added: the ids of the claims that supersede each, ``|``-separated, missing where none does.
    The order of the claims given makes no difference.
    """
    claims = claims.sort_values("claim_id", kind="stable")
    linked = claims.dropna(subset="supersedes")
    newer = linked.groupby("supersedes")["claim_id"].agg("|".join)
    marked = claims.assign(superseded_by=claims["claim_id"].map(newer).astype("str"), depth=_measure_depth(claims))
    keys = ["incident_id", "published", "depth", "claim_id"]
    return marked.sort_values(keys, kind="stable", na_position="last").drop(columns="depth")


def _measure_depth(claims: pd.DataFrame) -> list[int]:
    """Return how many claims lie behind each one: 0 for a first toll, 2 for a third."""
    older = claims.dropna(subset="supersedes").set_index("claim_id")["supersedes"].to_dict()
    depth: dict[str, int] = {}
    for start in claims["claim_id"]:
        trail = [start]
        while trail[-1] in older and trail[-1] not in depth:
            trail.append(older[trail[-1]])
        for at in reversed(trail):
            depth.setdefault(at, depth.get(older.get(at, ""), -1) + 1)
    return [depth[claim] for claim in claims["claim_id"]]


def choose_claims(claims: pd.DataFrame, rule: RangeRule) -> pd.Series:
    """Return which claims make the ranges by a rule; none of them by ``stated``.

    A claim does when it states a figure of a count of the incident table, its stance is none of `SILENT`, no other
    claim supersedes it, and the rule takes it.

    Parameters
    ----------
    claims
        As `order_claims` returns them.
    """
    figures = claims[["min", "max"]].notna().any(axis=1) & claims["measure"].isin(COUNT_OF)
    valid = figures & ~claims["stance"].isin(SILENT) & claims["superseded_by"].isna()
    if rule.name == "stated":
        return valid & False
    if rule.name == "source-kind":
        return valid & (claims["source_kind"] == rule.value).fillna(value=False)
    if rule.name == "grading":
        return valid & claims["grading"].isin(GRADINGS[: GRADINGS.index(rule.value) + 1])
    if rule.name == "latest-per-source":
        said = claims["published"].where(valid)
        latest = said.groupby([claims["incident_id"], claims["source"], claims["measure"]]).transform("max")
        return valid & ~(claims["published"] < latest).fillna(value=False)  # an undated claim is not known to be older
    return valid


def span_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the range from the lowest to the highest figure for each incident and measure.

    Every figure lies within the range, and none is made up. A claim of "at least 40" that lies above every stated
    maximum leaves the maximum unknown, one of "up to 30" that lies below every stated minimum leaves the minimum so.

    Returns
    -------
    pandas.DataFrame
        ``min`` and ``max`` (people, Int64), indexed by ``incident_id`` and ``measure``.
    """
    open_low, open_high = claims["min"].isna(), claims["max"].isna()
    figures = claims.assign(up_to=claims["max"].where(open_low), at_least=claims["min"].where(open_high))
    by = figures.groupby(["incident_id", "measure"])
    low, high = by["min"].min(), by["max"].max()
    return pd.DataFrame(
        {
            "min": low.mask((by["up_to"].min() < low).fillna(value=False)),
            "max": high.mask((by["at_least"].max() > high).fillna(value=False)),
        }
    ).astype("Int64")


def derive_ranges(incidents: pd.DataFrame, claims: pd.DataFrame, rule: RangeRule) -> pd.DataFrame:
    """Return the incidents with the ranges that a rule makes from their claims.

    An incident that has claims has the counts that they give and no others: what no chosen claim counts is unknown. One
    without any claim keeps the range its list states, unless the rule asks for claims of a certain kind.

    Parameters
    ----------
    incidents
        Incidents of any stage; they stay as they are.
    claims
        As `order_claims` returns them.
    """
    if rule.name == "stated":
        return incidents
    spans = span_claims(claims[choose_claims(claims, rule)])
    derived = incidents.copy()
    told = np.ones(len(incidents), dtype=bool) if rule.chooses else incidents["incident_id"].isin(claims["incident_id"])
    for measure, count in COUNT_OF.items():
        of_measure = spans[spans.index.get_level_values("measure") == measure].droplevel("measure")
        for end in ("min", "max"):
            found = incidents["incident_id"].map(of_measure[end]).astype("Int64")
            derived[f"{count}_{end}"] = incidents[f"{count}_{end}"].mask(told, found)
    return derived
