"""Outlines of regions and areas, as small as a page can show them."""

from __future__ import annotations

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

    With ``shared``, neighbours are simplified together and go on sharing their border.
    """
    width = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) if bounds else 1.0
    tolerance = max(width / SHARPNESS, 1 / DEGREE)
    scale = int(min(DEGREE, 10 ** np.ceil(np.log10(2 / tolerance))))
    simple = (shapely.coverage_simplify if shared else shapely.simplify)(geometries, tolerance)
    parts, unit = shapely.get_parts(simple, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    points = np.rint(coordinates * scale).astype(np.int64)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    deltas = np.diff(points, axis=0, prepend=0)
    deltas[starts] = points[starts]
    numbers, cuts = deltas.ravel().tolist(), (2 * np.append(starts, len(points))).tolist()
    outlines: list[list[list[int]]] = [[] for _ in geometries]
    for owner, start, end in zip(unit[part].tolist(), cuts[:-1], cuts[1:], strict=True):
        outlines[owner].append(numbers[start:end])
    return {"scale": scale, "outlines": outlines}
