"""How what is known becomes what is seen: the looks of actors, the classes of graded regions and their tones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

CLASSES = 5
"""Most classes of a graded map that readers tell apart."""
SHADES = ("#e6e5df", "#d5d5d0", "#c0c2bf", "#a8acab", "#8d9393")
"""Tones of the classes, lowest first: greys, so that the colours stay the actors'."""
MEASURES = ("incidents", "killed_min", "killed_max")
"""What regions can be graded by."""
RATES = {"killed_min": "killed_min_rate", "killed_max": "killed_max_rate"}
"""Measures that are also given by population, with the name of that."""
PEOPLE = 100_000
"""A rate is per so many people."""

NEUTRAL = {"label": "", "label_ar": "", "color": "#7f7f7f", "shape": "circle"}
"""Style of an actor that the table lacks; its id is its label."""

_STEPS = np.array([1.0, 1.5, 2.0, 3.0, 5.0, 7.5])


def class_breaks(values: ArrayLike) -> list[int]:
    """Return the lowest value of each class for counts, at most `CLASSES` of them; empty when all are 0 or missing.

    Quantiles of the positive values, rounded down to numbers people read easily (1, 1.5, 2, 3, 5, 7.5 times a power of
    ten); the first class begins at 1, and 0 is never in a class.
    """
    counts: NDArray[Any] = np.asarray(values, dtype=float)
    counts = counts[counts > 0]
    if not len(counts):
        return []
    quantiles = np.quantile(counts, np.arange(1, CLASSES) / CLASSES)
    return sorted({1, *(_round_down(q) for q in quantiles)})


def rate_breaks(values: ArrayLike) -> list[float]:
    """Return the same for rates, which need not be whole: the first class begins above 0 and is written as 0."""
    rates: NDArray[Any] = np.asarray(values, dtype=float)
    rates = rates[rates > 0]
    if not len(rates):
        return []
    quantiles = np.quantile(rates, np.arange(1, CLASSES) / CLASSES)
    return sorted({0.0, *(float(f"{_easily_read(q).max(initial=0.0):.2g}") for q in quantiles)})


def _round_down(value: float) -> int:
    """Return the largest easily read whole number that is not above ``value`` (at least 1)."""
    candidates = _easily_read(max(value, 1.0))
    return int(candidates[candidates == np.floor(candidates)].max(initial=1.0))


def _easily_read(value: float) -> NDArray[Any]:
    """Return the easily read numbers of the power of ten of ``value`` that are not above it."""
    candidates: NDArray[Any] = _STEPS * 10.0 ** np.floor(np.log10(value))
    return candidates[candidates <= value]


def layer_actors(layers: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of the actors of the layers."""
    return {actor for layer in layers for actor in layer["actors"]}


def actor_styles(actors: pd.DataFrame, named: Iterable[str]) -> dict[str, Any]:
    """Return label, Arabic label, colour and shape of every actor named."""
    ids = sorted(named)
    styles = actors.reindex(index=ids, columns=list(NEUTRAL)).fillna(NEUTRAL)
    styles["label"] = styles["label"].where(styles["label"] != "", ids)
    return dict(zip(ids, styles.to_dict("records"), strict=True))
