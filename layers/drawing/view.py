"""From degrees to the pixels of a picture, in the projection of the page (Web Mercator)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from layers.page.outline import Bounds

    Floats = NDArray[np.float64]

EQUATOR_KM = 40075.017
"""Length of the equator on the map's sphere."""
TILE = 256
"""Pixels of the world at zoom 0."""
PADDING = 28
"""Pixels between what is placed and the edge of the map."""
CLOSEST = 11.0
"""Largest zoom of a map that shows everything."""
_HIGHEST = 85.06


def mercator(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return degrees as x and y of the world as a unit square, north at 0."""
    sine = np.sin(np.radians(np.clip(np.asarray(lat, dtype=float), -_HIGHEST, _HIGHEST)))
    return np.asarray(lon, dtype=float) / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)


@dataclass(frozen=True)
class View:
    """A rectangle of a picture that shows a part of the world.

    Parameters
    ----------
    left, top, width, height
        Where it lies in the picture, in pixels.
    zoom
        As in web maps: the world is 256 pixels wide at 0, twice as wide at each further step.
    x, y
        Pixel of the world that lies in its top left corner.
    """

    left: float
    top: float
    width: float
    height: float
    zoom: float
    x: float
    y: float

    @property
    def scale(self) -> float:
        """Pixels of the whole world."""
        return float(TILE * 2.0**self.zoom)

    def project(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Return degrees as pixels of the picture."""
        x, y = mercator(lon, lat)
        return x * self.scale - self.x + self.left, y * self.scale - self.y + self.top

    def project_shapes(self, shapes: NDArray[Any]) -> NDArray[Any]:
        """Return geometries in degrees as geometries in pixels of the picture, cut at its edge."""
        pixels = shapely.transform(shapes, lambda c: np.column_stack(self.project(*c.T)))
        edge = 4  # an outline must not run along the edge
        right, bottom = self.left + self.width, self.top + self.height
        return np.asarray(shapely.clip_by_rect(pixels, self.left - edge, self.top - edge, right + edge, bottom + edge))

    def pixels_per_km(self, lat: float) -> float:
        """Return the pixels of a km at a latitude."""
        return float(self.scale / (EQUATOR_KM * np.cos(np.radians(lat))))

    @property
    def bounds(self) -> Bounds:
        """Return the degrees that it shows."""
        west, north = self._degrees(self.x, self.y)
        east, south = self._degrees(self.x + self.width, self.y + self.height)
        return west, south, east, north

    def _degrees(self, x: float, y: float) -> tuple[float, float]:
        turn = math.pi * (1 - 2 * y / self.scale)
        return (x / self.scale - 0.5) * 360, math.degrees(math.atan(math.sinh(turn)))


def fit_view(bounds: Bounds, box: tuple[float, float, float, float]) -> View:
    """Return the view of ``bounds`` in the middle of ``box`` (left, top, width, height), as close as they fit."""
    left, top, width, height = box
    (west, east), (south, north) = mercator(bounds[::2], bounds[1::2])
    room = max((east - west) / (width - 2 * PADDING), (south - north) / (height - 2 * PADDING), 1e-9)
    zoom = float(min(CLOSEST, np.log2(1 / (TILE * room))))
    scale = TILE * 2.0**zoom
    x, y = (west + east) / 2 * scale - width / 2, (south + north) / 2 * scale - height / 2
    return View(left, top, width, height, zoom, float(x), float(y))
