"""From marks to symbols: where marks would touch, one symbol stands for all of them, so that no mark hides another.

The symbol of an area alone, which stays within it, may lie below others. Marks fall into fine cells of the
picture, anchored to the world; then cells whose symbols would touch are joined, the largest first, until none do. The
page's ``crowd.js`` does the same; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from layers.page.columns import AREA, POINT, bound_marks
from layers.page.outline import DEGREE, decode_line, outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from layers.drawing.view import View
    from layers.page.columns import Marks

CELL = 8
"""Pixels of a cell: finer than the smallest mark."""
ONE, ONE_AREA, MANY, LARGEST = 7.0, 10.0, 12.0, 30.0
"""Radii in pixels: of a single mark, of an area's single incident, and of the symbols with a number."""
GAP, FRAME = 3, 5
"""Pixels between two symbols, and of the dashed ring around that of an area."""
ROUNDS = 4
AREA_SCALE = 64
"""Incidents of the largest symbol of an area."""
_STEP, _MOST_STEPS = 8, 60
"""Pixels between the spots of an area at which its symbol may stand, and steps that it may go from its own."""


@dataclass
class Symbol:
    """What stands in the picture for one or more incidents.

    Parameters
    ----------
    x, y, radius
        Where, in pixels of the picture.
    n
        Number of incidents.
    rows
        Positions of the incidents in the frame.
    area
        Number of the area that they are known to lie in, from 1; 0 for incidents with a point.
    shares
        Layer and number of its incidents, most first.
    """

    x: float
    y: float
    n: int
    rows: NDArray[Any]
    radius: float = 0.0
    area: int = 0
    shares: Sequence[tuple[int, int]] = field(default_factory=list)


def gather_symbols(marks: Marks, layers: NDArray[Any], view: View) -> list[Symbol]:
    """Return the symbols of a picture; ``layers`` is the number of the layer of each mark."""
    x, y = view.project(marks.lon / DEGREE, marks.lat / DEGREE)
    points = np.flatnonzero(marks.kind == POINT)
    points = points[np.lexsort((marks.lon[points], marks.lat[points]))]  # from south to north
    symbols = _join(_fill_cells(x[points], y[points], view))
    for symbol in symbols:
        symbol.rows = points[symbol.rows]
    rings = _outline_areas(marks, view)
    for symbol in _gather_areas(marks, x, y):
        _make_room(symbol, symbols, rings[symbol.area - 1])
        symbols.append(symbol)
    for symbol in symbols:
        numbers, counts = np.unique(layers[symbol.rows], return_counts=True)
        symbol.shares = [(int(numbers[k]), int(counts[k])) for k in np.argsort(-counts, kind="stable")]
    return symbols


def _fill_cells(x: NDArray[Any], y: NDArray[Any], view: View) -> list[Symbol]:
    """Return the points of each cell as one symbol."""
    column, line = (x - view.left + view.x) // CELL, (y - view.top + view.y) // CELL
    groups = pd.Series(x).groupby([column, line], sort=False).indices.values()
    cells = [np.asarray(own) for own in groups]
    return [Symbol(float(x[own].mean()), float(y[own].mean()), len(own), own) for own in cells]


def _scale_radius(n: int, largest: float) -> float:
    """Return the radius of a symbol of n incidents: its area grows with n, up to ``largest`` incidents."""
    return ONE if n == 1 else MANY + (LARGEST - MANY) * np.sqrt(min(1.0, (n - 1) / largest))


def _join(symbols: list[Symbol]) -> list[Symbol]:
    """Join symbols that would touch."""
    for _ in range(ROUNDS):
        largest = max([4, *(symbol.n for symbol in symbols)])
        scale = 4.0 ** np.ceil(np.log(largest) / np.log(4))
        for symbol in symbols:
            symbol.radius = _scale_radius(symbol.n, scale)
        before = len(symbols)
        symbols = _absorb(symbols)
        if len(symbols) == before:
            break
    return symbols


def _absorb(symbols: list[Symbol]) -> list[Symbol]:
    """From the largest down, each symbol is taken in by the nearest larger one that it touches."""
    size = 2 * LARGEST + GAP
    grid: dict[tuple[int, int], list[int]] = {}
    taken: list[list[Symbol]] = []
    for symbol in sorted(symbols, key=lambda s: (-s.n, s.rows[0])):
        cell = int(symbol.x // size), int(symbol.y // size)
        near = [host for around in _neighbours(cell) for host in grid.get(around, ())]
        touched = [(distance, host) for host in near if (distance := _touch(symbol, taken[host][0])) is not None]
        if touched:
            taken[min(touched, key=lambda found: found[0])[1]].append(symbol)
        else:
            grid.setdefault(cell, []).append(len(taken))
            taken.append([symbol])
    return [_merge(all_) for all_ in taken]


def _neighbours(cell: tuple[int, int]) -> Iterator[tuple[int, int]]:
    return ((cell[0] + dx, cell[1] + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _touch(one: Symbol, other: Symbol) -> float | None:
    """Return the distance of two symbols that touch."""
    distance = float(np.hypot(one.x - other.x, one.y - other.y))
    return distance if distance < one.radius + other.radius + GAP else None


def _merge(symbols: list[Symbol]) -> Symbol:
    host, n = symbols[0], sum(s.n for s in symbols)
    if len(symbols) == 1:
        return host
    x, y = (sum(getattr(s, axis) * s.n for s in symbols) / n for axis in "xy")
    return Symbol(x, y, n, np.concatenate([s.rows for s in symbols]), host.radius)


def _gather_areas(marks: Marks, x: NDArray[Any], y: NDArray[Any]) -> Iterable[Symbol]:
    """Yield one symbol for each area, at its own spot, from south to north."""
    rows = np.flatnonzero(marks.kind == AREA)
    rows = rows[np.lexsort((marks.lon[rows], marks.lat[rows]))]
    for area, places in pd.Series(rows).groupby(marks.area[rows], sort=False).indices.items():
        own = rows[places]
        radius = ONE_AREA if len(own) == 1 else _scale_radius(len(own), AREA_SCALE)
        yield Symbol(float(x[own[0]]), float(y[own[0]]), len(own), own, radius, int(str(area)))


def _outline_areas(marks: Marks, view: View) -> list[NDArray[Any]]:
    """Return the rings of each area as polygons in pixels: those that the page has."""
    drawn = outline(marks.areas, bound_marks(marks))
    areas = [[decode_line(ring, drawn["scale"]) for ring in rings] for rings in drawn["outlines"]]
    return [np.array([shapely.Polygon(np.column_stack(view.project(*ring.T))) for ring in rings]) for rings in areas]


def _make_room(symbol: Symbol, others: list[Symbol], rings: NDArray[Any]) -> None:
    """Move an area's symbol to the nearest free spot of the area, or where it is freest: each stands for it as well."""
    x, y, radius = np.array([(other.x, other.y, other.radius) for other in others]).reshape(-1, 3).T
    spots = np.vstack([[(symbol.x, symbol.y)], _find_spots(symbol, rings)])
    room = (np.hypot(x - spots[:, :1], y - spots[:, 1:]) - radius).min(axis=1, initial=np.inf)
    best = np.argmax(np.minimum(room, symbol.radius + FRAME))  # the first, which is the nearest
    symbol.x, symbol.y = spots[best].tolist()


def _find_spots(symbol: Symbol, rings: NDArray[Any]) -> NDArray[Any]:
    """Return x and y of the spots of an area, nearest to its own first."""
    left, top, right, bottom = shapely.total_bounds(rings)
    dx, dy = np.meshgrid(_step(left - symbol.x, right - symbol.x), _step(top - symbol.y, bottom - symbol.y))
    steps = np.column_stack([dx.ravel(), dy.ravel()])
    steps = steps[np.lexsort((*steps.T, (steps**2).sum(axis=1)))]
    spots = steps * _STEP + (symbol.x, symbol.y)
    inside = np.array([shapely.contains_xy(ring, spots) for ring in rings])
    return np.asarray(spots[inside.sum(axis=0) % 2 == 1])  # what two rings hold is in a hole


def _step(low: float, high: float) -> NDArray[Any]:
    """Return the steps between two ends, in pixels from an area's own spot."""
    return np.arange(max(-_MOST_STEPS, np.ceil(low / _STEP)), min(_MOST_STEPS, np.floor(high / _STEP)) + 1)
