"""Marks on a sheet: the shapes and colours that say whom the sources name, as the page draws them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.transforms import Affine2D

from layers.drawing.lettering import Type, measure
from layers.drawing.sheet import box_path, line_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.path import Path
    from numpy.typing import NDArray

    from layers.drawing.sheet import Sheet

    Spot = tuple[float, float]
    """x and y on the sheet, in pixels."""

HOLE = 0.66
"""Radius of the disc with the number, as a share of its symbol's."""
SEVERAL = 1.08
"""Radius of the sectors of several actors, of a mark of radius 1."""
SIGN = 9
"""Half the height of the sign of a finding, in pixels."""
_ARC = 0.005  # turns from one corner of an arc to the next


def _corners(count: int, radius: float, turn: float = 0.0, inner: float | None = None) -> NDArray[Any]:
    """Return a regular polygon, or a star with ``inner`` corners, around 0, 0; the first corner is at the top."""
    steps = count if inner is None else 2 * count
    angle = np.arange(steps) / steps * 2 * np.pi - np.pi / 2 + turn
    radii = np.where(np.arange(steps) % 2 == 1, radius if inner is None else inner, radius)
    return np.column_stack([radii * np.cos(angle), radii * np.sin(angle)])


def sector(start: float, end: float, outer: float, inner: float = 0.0) -> list[NDArray[Any]]:
    """Return a sector of a disc or ring between two angles (in turns, clockwise from the top) as closed lines."""
    turns = np.linspace(start, end, max(2, round((end - start) / _ARC))) * 2 * np.pi
    arc = np.column_stack([np.sin(turns), -np.cos(turns)])
    whole = end - start > 0.9999  # noqa: PLR2004 - a ring has no cut
    if whole:
        return [outer * arc, *([inner * arc[::-1]] if inner else [])]
    ring = np.vstack([outer * arc, inner * arc[::-1]] if inner else [outer * arc, [[0, 0]]])
    return [np.vstack([ring, ring[:1]])]


_PLUS = np.array([(0.36, 1.05), (0.36, 0.36), (1.05, 0.36)])
_PLUS = np.vstack([_PLUS, [(x, -y) for x, y in _PLUS[::-1]]])
_PLUS = np.vstack([_PLUS, -_PLUS])
_CROSS = np.array([(0, -0.52), (0.6, -1.12), (1.12, -0.6), (0.52, 0), (1.12, 0.6), (0.6, 1.12)])
SHAPES = {
    "circle": sector(0, 1, 1)[0],
    "square": np.array([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
    "triangle": _corners(3, 1.3),
    "diamond": _corners(4, 1.22),
    "triangle-down": _corners(3, 1.3, np.pi),
    "pentagon": _corners(5, 1.12),
    "hexagon": _corners(6, 1.08),
    "star": _corners(5, 1.35, 0, 0.6),
    "cross": np.vstack([_CROSS, -_CROSS]),
    "plus": _PLUS,
}
"""Corners of the shapes by the name that ``data/actors.csv`` gives them, one unit in radius, as in ``marks.js``."""


@dataclass(frozen=True)
class Look:
    """The coloured pieces of a layer's mark: one shape for one actor, equal sectors for several."""

    pieces: Sequence[tuple[Path, str]]

    @property
    def colors(self) -> list[str]:
        """Colours of the actors."""
        return [color for _, color in self.pieces]


def find_look(layer: Mapping[str, Any], styles: Mapping[str, Any]) -> Look:
    """Return the look of a layer; ``styles`` are those of `layers.style.actor_styles`."""
    own = [styles[actor] for actor in layer["actors"]]
    if len(own) == 1:
        shape = SHAPES.get(own[0]["shape"], SHAPES["circle"])
        return Look([(line_path([np.vstack([shape, shape[:1]])], closed=True), own[0]["color"])])
    cuts = np.arange(len(own) + 1) / len(own)
    sectors = [sector(start, end, SEVERAL) for start, end in pairwise(cuts)]
    return Look([(line_path(lines, closed=True), s["color"]) for lines, s in zip(sectors, own, strict=True)])


def _disc(at: Spot, radius: float) -> Path:
    return _place(line_path(sector(0, 1, radius), closed=True), at)


def _place(path: Path, at: Spot, size: float = 1.0) -> Path:
    return path.transformed(Affine2D().scale(size).translate(*at))


def draw_mark(sheet: Sheet, look: Look, at: Spot, radius: float) -> None:
    """Draw the mark of one incident."""
    placed = [(_place(path, at, radius), color) for path, color in look.pieces]
    for path, _ in placed:
        sheet.draw(path, line="outline", width=3.4)
    for path, color in placed:
        sheet.draw(path, fill=color)
    for path, _ in placed if len(placed) > 1 else ():
        sheet.draw(path, line="outline", width=1.3)


def draw_many(sheet: Sheet, shares: Sequence[tuple[Look, int]], at: Spot, radius: float, *, area: bool = False) -> None:
    """Draw several incidents as one symbol: the actors' shares around their number; a dashed ring for an area's.

    ``shares`` holds the look of each layer and the number of its incidents.
    """
    sheet.draw(_disc(at, radius + 1.5), fill="outline")
    n = sum(own for _, own in shares)
    turns = np.cumsum([0, *(own for _, own in shares)]) / n
    for (look, _), (start, end) in zip(shares, pairwise(turns), strict=True):
        step = radius * (1 - HOLE) / len(look.colors)
        for number, color in enumerate(look.colors):  # several actors side by side, from the outside in
            band = sector(start, end, radius - number * step, radius - (number + 1) * step)
            sheet.draw(_place(line_path(band, closed=True), at), fill=color)
    for turn in turns[:-1] * 2 * np.pi if len(shares) > 1 else ():
        spoke = np.outer([HOLE * radius, radius], [np.sin(turn), -np.cos(turn)]) + np.array(at)
        sheet.draw(line_path([spoke]), line="outline", width=1.2)
    sheet.draw(_disc(at, radius * HOLE), fill="paper")
    if area:
        sheet.draw(_disc(at, radius + 3.5), line="ink", width=1.4, dash=(3, 2.5))
    text = shorten(n)
    room = 2 * radius * HOLE - 3
    size = max(6.5, min(15.0, radius * HOLE * 1.25, 10 * room / measure(text, Type(10, bold=True))))
    sheet.write(*at, text, Type(size, bold=True), align="center", inside=True)


def draw_ring(sheet: Sheet, at: Spot, radius: float, inside: tuple[float, float, float, float]) -> None:
    """Draw the circle within which an incident happened."""
    sheet.draw(_disc(at, radius), fill="ink", alpha=0.07, inside=inside)
    sheet.draw(_disc(at, radius), line="ink", alpha=0.55, dash=(2, 2), inside=inside)


def draw_area(sheet: Sheet, outline: Path, color: str, *, is_filled: bool) -> None:
    """Draw the area that incidents are known to lie in; a fill would mix with a shade under it."""
    if is_filled:
        sheet.draw(outline, fill=color, alpha=0.1)
    sheet.draw(outline, line=color, width=1.5, alpha=0.9, dash=(5, 3.5))


def draw_finding(sheet: Sheet, outline: Path, inside: tuple[float, float, float, float]) -> None:
    """Draw the area that a source states something about without a number."""
    sheet.draw(outline, line="ink", width=1.6, dash=(1.5, 4), inside=inside)


def draw_sheet_sign(sheet: Sheet, at: Spot, size: float = 1.0) -> None:
    """Draw the sign of a finding: a sheet with lines of text."""
    place = Affine2D().scale(size).translate(*at)
    sheet.draw(place.transform_path(box_path(-7, -SIGN, 14, 2 * SIGN)), fill="paper", line="ink", width=1.4 * size)
    lines = [np.array([(-4, y), (end, y)]) for y, end in ((-4, 4), (0, 4), (4, 1))]
    sheet.draw(place.transform_path(line_path(lines)), line="ink", width=1.4 * size)


def shorten(n: int) -> str:
    """Return ``12k`` where a number would not fit its symbol."""
    thousand, million = 1000, 1_000_000
    if n < 10 * thousand:
        return str(n)
    return f"{(n + thousand // 2) // thousand}k" if n < million else f"{n / million:.1f}M"
