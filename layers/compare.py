"""Figures beside each other: compared, subtracted, shared; ranges that overlap decide nothing."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.arithmetic import PARTS_OF
from geo.story import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layers.figures import Evidence, Figure

NEGATED = {True: False, False: True, None: None}
"""What a comparison comes to when a statement says that it is not so."""


def compare(left: Figure, comparison: str, right: Figure, half: Fraction = Fraction(0)) -> bool | None:
    """Return whether a comparison of ranges holds for all numbers in them; ``None`` when only for some.

    Parameters
    ----------
    half
        How far ``left`` may be from a rounded number on the right and still be equal to it.
    """
    orders = {
        "greater than": (left, right, False),
        "less than": (right, left, False),
        "at most": (left, right, True),
        "part of": (left, right, True),
        "at least": (right, left, True),
    }
    if comparison in orders:
        upper, lower, negated = orders[comparison]
        above = True if upper.low > lower.high else False if upper.high <= lower.low else None
        return NEGATED[above] if negated else above
    if comparison == "ranging over":
        return (left.low, left.high) == (right.low, right.high)
    low, high = right.low - half, right.high + half
    if left.high < low or left.low > high:
        return False
    inside = left.low >= low and left.high <= high
    exact = comparison == "between" or (right.low == right.high and (half > 0 or left.low == left.high))
    return True if inside and exact else None


def align(left: Figure, others: Iterable[Figure]) -> list[Figure]:
    """Return the figures that agree with the left one in what both leave open.

    Of those published on several days, the ones of the same day; else the last ones before it; else all.
    """
    keys = left.keys or {}
    fit = [f for f in others if all(keys.get(k, v) == v for k, v in (f.keys or {}).items() if k != "published")]
    day = keys.get("published", "")
    days = {(f.keys or {}).get("published", "") for f in fit}
    if not day or len(days) < 2 or "" in days:  # noqa: PLR2004  # one day is no choice
        return fit
    known = max((d for d in days if d <= day), default="")
    return [f for f in fit if (f.keys or {})["published"] == known] if known else fit


def subtract(left: Figure, other: Figure) -> Figure:
    """Return how much the left figure is above the other one: from the least to the greatest difference."""
    return join(left, other, left.low - other.high, left.high - other.low)


def share(left: Figure, other: Figure) -> Figure:
    """Return the left figure as a percentage of the other one; without bounds where that may be 0."""
    low = 100 * left.low / other.high if other.high else Fraction(0)
    return join(left, other, low, 100 * left.high / other.low if other.low else math.inf)


def join(left: Figure, other: Figure, low: Fraction | float, high: Fraction | float) -> Figure:
    """Return a figure with new ends and the rows, sources and notes of both."""
    return replace(
        left,
        low=low,
        high=high,
        rows=tuple(dict.fromkeys((*left.rows, *other.rows))),
        sources=tuple(dict.fromkeys((*left.sources, *other.sources))),
        keys=left.keys or other.keys,
        note="; ".join(dict.fromkeys(n for n in (left.note, other.note) if n)),
    )


def is_within(part: Mapping[str, Any], whole: Mapping[str, Any], evidence: Evidence) -> bool:
    """Return whether the scope of one total lies within that of another."""
    measures = {part["measure"]}
    for name, parts in PARTS_OF.items():
        measures |= {name} if measures & set(parts) else set()
    parents = evidence.actors["parent"].to_dict()
    actors = {part["actor"], parents.get(part["actor"]), ALL}
    countries = [set(str(scope["country"]).split("|")) for scope in (part, whole)]
    days = pd.isna(whole["first"]) or (part["first"] >= whole["first"] and part["last"] <= whole["last"])
    return bool(
        whole["measure"] in measures
        and whole["actor"] in actors
        and countries[0] <= countries[1]
        and days
        and part["source"] == whole["source"]
    )
