"""What lies under the marks: land, water, borders, the shaded regions, names of places and the scale."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from layers.drawing.lettering import Type, measure
from layers.drawing.sheet import box_path, line_path
from layers.page.basemap import LINES, read_basemap
from layers.page.outline import decode_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.path import Path
    from numpy.typing import NDArray

    from layers.drawing.sheet import Sheet
    from layers.drawing.view import View

    Geometries = NDArray[Any]
    Frame = tuple[float, float, float, float]
    """Left, top, right, bottom in pixels."""
    Box = tuple[float, float, float, float]
    """Left, top, width, height in pixels."""

HATCH = 8
"""Pixels between the lines that say "not covered"."""
SHARPNESS = 0.4
"""Pixels by which outlines of regions are simplified."""
COUNTRY = 0
"""Rank of the name of a country."""
LABELS = (
    (2, Type(13, "label-country", bold=True)),
    (4, Type(12, "label-city", bold=True)),
    (5.5, Type(11.5, "label-city")),
    (7, Type(11, "label-town")),
    (8.5, Type(10.5, "label-town")),
    (10, Type(10.5, "label-town")),
)
"""By rank of a place: from which zoom its name is shown, and how it is set."""
_SCALES_KM = [base * 10**power for power in range(5) for base in (1, 2, 5)]
_MOST_SCALE = 100  # pixels
_POLYGON = 2


class Ground:
    """The base map of a view.

    Parameters
    ----------
    sheet
        What it is drawn on.
    view
        The part of the world, and where it lies on the sheet.
    """

    def __init__(self, sheet: Sheet, view: View) -> None:
        self.sheet, self.view = sheet, view
        self.box = (view.left, view.top, view.width, view.height)
        base = read_basemap(view.bounds)
        self.labels = sorted(base["labels"], key=lambda label: label["rank"])
        self._lines = {
            kind: view.project_shapes(np.concatenate([_unpack(part, kind) for part in base["parts"]])) for kind in LINES
        }

    def paint_land(self, covered: Geometries | None) -> None:
        """Paint water and land; land outside ``covered`` (in degrees) is hatched, none when that is None."""
        self.sheet.draw(box_path(*self.box), fill="water")
        self.sheet.draw(shape_path(self._lines["land"]), fill="land", inside=self.box)
        if covered is None:
            return
        land = shapely.union_all(shapely.make_valid(self._lines["land"]))
        bare = land.difference(shapely.union_all(shapely.make_valid(self.view.project_shapes(covered))))
        lines = shapely.get_parts(shapely.intersection(self._diagonals(), bare))
        self.sheet.draw(shape_path(lines[shapely.get_dimensions(lines) == 1]), line="hatch", inside=self.box)

    def _diagonals(self) -> shapely.Geometry:
        left, top, width, height = self.box
        starts = np.arange(left - height, left + width, HATCH)
        ends = [np.column_stack([starts, np.full(len(starts), top + height)])]
        ends.append(ends[0] + (height, -height))
        return shapely.multilinestrings(np.stack(ends, axis=1))

    def paint_regions(self, regions: Geometries, tones: Sequence[str]) -> None:
        """Paint regions (in degrees) in tones, named as in the page; an empty one leaves the land as it is."""
        tolerance = SHARPNESS * 360 / self.view.scale
        shapes = self.view.project_shapes(shapely.coverage_simplify(regions, tolerance))
        for shape, tone in zip(shapes, tones, strict=True):
            if tone:
                self.sheet.draw(shape_path([shape]), fill=tone, inside=self.box)
        self.sheet.draw(shape_path(shapes), line="region-line", width=0.8, inside=self.box)

    def paint_lines(self) -> None:
        """Paint lakes, rivers and borders: what lies over the shaded regions."""
        river = max(0.6, min(2.4, (self.view.zoom - 3) * 0.35))
        self.sheet.draw(shape_path(self._lines["lakes"]), fill="water", inside=self.box)
        self.sheet.draw(shape_path(self._lines["rivers"]), line="river", width=river, inside=self.box)
        self.sheet.draw(shape_path(self._lines["borders"]), line="border", width=1.1, inside=self.box)

    def paint_labels(self, taken: Iterable[Frame]) -> None:
        """Write the names of places, important ones first, never over each other or over what is ``taken``."""
        placed = [*taken, self._scale_frame()]
        rtl = self.sheet.words.is_rtl
        for label in self.labels:
            rank = min(label["rank"], len(LABELS) - 1)
            least, type_ = LABELS[rank]
            if self.view.zoom < least:
                continue
            text = (rtl and label["name_ar"]) or label["name"]
            text = text.upper() if rank == COUNTRY else text
            x, y = (float(v) for v in self.view.project(label["lon"], label["lat"]))
            spot = self._find_spot(x, y, measure(text, type_), placed, dot=rank != COUNTRY)
            if spot is None:
                continue
            placed.append(spot[1])
            self.sheet.write(*spot[0], text, type_, halo=True)
            if rank != COUNTRY:
                dot = shapely.Point(x, y).buffer(1.6)
                self.sheet.draw(shape_path([dot]), fill=type_.color)

    def _find_spot(
        self, x: float, y: float, width: float, placed: list[Frame], *, dot: bool
    ) -> tuple[tuple[float, float], Frame] | None:
        """Return where a name starts, and its frame: right, left, above or below its place, the first that is free."""
        sides = [(5, 4), (-5 - width, 4), (-width / 2, -7), (-width / 2, 15)] if dot else [(-width / 2, 4)]
        left, top, wide, high = self.box
        for dx, dy in sides:
            upper, lower = (min(dy - 11, -2), max(dy + 4, 2)) if dot else (dy - 11, dy + 4)
            frame = (x + min(dx, 0) - 2, y + upper, x + max(dx + width, 0) + 2, y + lower)
            inside = left < frame[0] and frame[2] < left + wide and top < frame[1] and frame[3] < top + high
            if inside and not any(overlap(frame, other) for other in placed):
                return (x + dx, y + dy), frame
        return None

    def _scale(self) -> tuple[float, float]:
        """Return the km of the scale and its pixels, in the middle of the map."""
        _, south, _, north = self.view.bounds
        pixels = self.view.pixels_per_km((south + north) / 2)
        km = max([k for k in _SCALES_KM if k * pixels <= _MOST_SCALE], default=1)
        return km, km * pixels

    def _scale_frame(self) -> Frame:
        left, top, width, height = self.box
        return left + width - self._scale()[1] - 24, top + height - 34, left + width, top + height

    def paint_scale(self) -> None:
        """Draw the scale into the right lower corner."""
        km, pixels = self._scale()
        right, bottom = self.box[0] + self.box[2] - 14, self.box[1] + self.box[3] - 12
        bar = [(right - pixels, bottom - 6), (right - pixels, bottom), (right, bottom), (right, bottom - 6)]
        self.sheet.draw(line_path([np.array(bar)]), line="quiet", width=1.5)
        self.sheet.write(
            right - pixels / 2, bottom - 7, self.sheet.words.km(km), Type(10, "quiet"), align="center", halo=True
        )

    def paint_frame(self) -> None:
        """Draw the edge of the map."""
        self.sheet.draw(box_path(*self.box), line="rule")


def overlap(one: Frame, other: Frame) -> bool:
    """Return whether two frames have room in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _unpack(part: dict[str, Any], kind: str) -> Geometries:
    """Return lines of a part of the base map, or its polygons: an outer ring runs clockwise, its holes follow it."""
    lines = [decode_line(line, part["scale"]) for line in part[kind]]
    if kind in {"rivers", "borders"}:
        return np.array([shapely.linestrings(line) for line in lines], dtype=object)
    rings = np.array([shapely.linearrings(line) for line in lines], dtype=object)
    outer = np.flatnonzero(~shapely.is_ccw(rings))
    polygons = [
        shapely.Polygon(rings[start], rings[start + 1 : end].tolist())
        for start, end in pairwise([*outer.tolist(), len(rings)])
    ]
    return np.array(polygons, dtype=object)


def shape_path(shapes: Geometries | Sequence[shapely.Geometry]) -> Path:
    """Return polygons or lines as one path; holes run the other way round, so that they stay open."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    while (shapely.get_type_id(parts) > 3).any():  # noqa: PLR2004 - collections within collections
        parts = shapely.get_parts(parts)
    areas = bool(len(parts)) and bool((shapely.get_dimensions(parts) == _POLYGON).any())
    lines = shapely.get_rings(shapely.orient_polygons(parts)) if areas else parts
    points, owner = shapely.get_coordinates(lines, return_index=True)
    return line_path([points[rows] for rows in pd.Series(owner).groupby(owner).indices.values()], closed=areas)
