"""Outlines of regions and areas, as small as a page can show them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
DEGREE = 100_000
"""Coordinates travel in at finest 1/100,000 of a degree: a metre."""
SHARPNESS = 2500
"""Outlines keep about one point per so many parts of the map's width: a pixel on a large screen."""


def outline(geometries: NDArray[Any], bounds: Bounds | None, *, shared: bool = False) -> dict[str, Any]:
    """Return the rings of (multi)polygons as the page reads them: delta-coded whole numbers in 1/``scale`` degrees.

    With ``shared``, neighbours are simplified together and go on sharing their border, and islands smaller than a pixel
    are left out.
    """
    width = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) if bounds else 1.0
    tolerance = max(width / SHARPNESS, 1 / DEGREE)
    scale = int(min(DEGREE, 10 ** np.ceil(np.log10(2 / tolerance))))
    simple = (shapely.coverage_simplify if shared else shapely.simplify)(geometries, tolerance)
    parts, unit = shapely.get_parts(simple, return_index=True)
    if shared:
        parts, unit = _drop_specks(parts, unit, tolerance**2)
    rings, part = shapely.get_rings(parts, return_index=True)
    outlines: list[list[list[int]]] = [[] for _ in geometries]
    for owner, line in zip(unit[part].tolist(), code_lines(rings, scale), strict=True):
        outlines[owner].append(line)
    return {"scale": scale, "outlines": outlines}


def _drop_specks(parts: NDArray[Any], unit: NDArray[Any], least: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Leave out parts smaller than ``least``, but of each unit keep the largest."""
    area = shapely.area(parts)
    largest = np.zeros(unit.max(initial=-1) + 1)
    np.maximum.at(largest, unit, area)
    kept = (area >= least) | (area == largest[unit])
    return parts[kept], unit[kept]


def code_lines(lines: NDArray[Any], scale: int) -> list[list[int]]:
    """Return lines or rings as delta-coded whole numbers ``[x, y, dx, dy, ...]`` in 1/``scale`` degrees."""
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    points = np.rint(coordinates * scale).astype(np.int64)
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    deltas = np.diff(points, axis=0, prepend=0)
    deltas[starts] = points[starts]
    numbers, cuts = deltas.ravel().tolist(), (2 * np.append(starts, len(points))).tolist()
    return [numbers[start:end] for start, end in pairwise(cuts)]


def decode_line(line: list[int], scale: int) -> NDArray[np.float64]:
    """Return the points, in degrees, of a line that `code_lines` returned."""
    points: NDArray[np.float64] = np.cumsum(np.reshape(line, (-1, 2)), axis=0) / scale
    return points
