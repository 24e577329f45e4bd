"""The embedded vector base map, cut to what a map shows."""

from __future__ import annotations

import json
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.reference import reference_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.page.outline import Bounds

LINES = ("land", "lakes", "rivers", "borders")
WORLD: Bounds = (-170.0, -55.0, 170.0, 70.0)
"""What a map shows when nothing is placed."""


def read_basemap(bounds: Bounds) -> dict[str, Any]:
    """Return the base map for ``bounds``: the world, and the detailed part where it leaves a hole for one near them.

    Lines and rings stay as they are stored (delta-coded whole numbers in 1/``scale`` degrees); those outside
    ``bounds`` with as much again around them are left out.
    """
    stored = _read()
    world, *details = sorted(stored["parts"], key=lambda part: -_area(part["bbox"]))
    near = pad_box(bounds)
    parts = [world, *(part for part in details if _meet(part["bbox"], near))]
    labels = [p for p in stored["labels"] if near[0] <= p["lon"] <= near[2] and near[1] <= p["lat"] <= near[3]]
    return {"parts": [_cut(part, near) for part in parts], "labels": labels}


@cache
def _read() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(reference_path("basemap.json").read_text(encoding="utf-8"))
    return content


def _cut(part: dict[str, Any], box: Bounds) -> dict[str, Any]:
    kept = {kind: _keep_near(part[kind], part["scale"], box) for kind in LINES}
    return {"scale": part["scale"], "bbox": part["bbox"], **kept}


def _keep_near(lines: list[list[int]], scale: float, box: Bounds) -> list[list[int]]:
    """Return the lines whose own boxes touch ``box``."""
    if not lines:
        return []
    lengths = np.array([len(line) // 2 for line in lines])
    starts = np.cumsum(lengths) - lengths
    deltas = np.fromiter(chain.from_iterable(lines), dtype=np.int64).reshape(-1, 2)
    run = np.cumsum(deltas, axis=0)
    points = (run - np.repeat(run[starts] - deltas[starts], lengths, axis=0)) / scale
    west, south = np.minimum.reduceat(points, starts).T
    east, north = np.maximum.reduceat(points, starts).T
    near = (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])
    return [line for line, touches in zip(lines, near, strict=True) if touches]


def pad_box(box: Bounds) -> Bounds:
    """Return a box with as much again around it, at least 4 degrees: how far a reader may wander off."""
    wide, high = max(box[2] - box[0], 4.0), max(box[3] - box[1], 4.0)
    return (box[0] - wide, box[1] - high, box[2] + wide, box[3] + high)


def _meet(one: Sequence[float], other: Bounds) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def _area(box: Sequence[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
