"""The map of a picture: the ground, the areas and circles within which incidents happened, symbols, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from layers.drawing.crowd import gather_symbols
from layers.drawing.ground import SHARPNESS, Ground, overlap, shape_path
from layers.drawing.marks import SIGN, draw_area, draw_finding, draw_many, draw_mark, draw_ring, draw_sheet_sign
from layers.drawing.picture import grade_regions
from layers.drawing.view import fit_view
from layers.page.basemap import WORLD
from layers.page.columns import bound_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.drawing.crowd import Symbol
    from layers.drawing.ground import Box, Frame
    from layers.drawing.picture import Picture
    from layers.drawing.sheet import Sheet

RING_FROM = 3
"""Pixels by which the circle of a precision must be larger than its mark to be drawn."""


def draw_scene(sheet: Sheet, picture: Picture, box: Box, *, is_shaded: bool) -> None:
    """Draw the map of a picture into ``box`` (left, top, width, height), its regions shaded or plain."""
    view = fit_view(bound_marks(picture.marks) or WORLD, box)
    ground = Ground(sheet, view)
    units = picture.units.geometry.to_numpy()
    is_shaded &= len(units) > 0
    ground.paint_land(units[~picture.is_gap] if is_shaded else None)
    if is_shaded:
        ground.paint_regions(units, grade_regions(picture))
    ground.paint_lines()
    symbols = gather_symbols(picture.marks, picture.layer_ids, view)
    outlines = view.project_shapes(picture.marks.areas)
    found = [area for area in shapely.simplify(view.project_shapes(picture.found), SHARPNESS) if not area.is_empty]
    taken = [_frame(symbol.x, symbol.y, symbol.radius) for symbol in symbols]
    signs = [spot for area in found if (spot := _find_spot(area, taken, box))]
    for area in found:
        draw_finding(sheet, shape_path([area]), box)
    for symbol in symbols:
        if symbol.area:
            outline = shape_path([outlines[symbol.area - 1]])
            draw_area(sheet, outline, _area_color(symbol, picture), is_filled=not is_shaded)
        elif symbol.n == 1:
            _draw_precision(sheet, picture, symbol, view.pixels_per_km(picture.latitude(symbol.rows[0])), box)
    ground.paint_labels([*taken, *(_frame(x, y, SIGN) for x, y in signs)])
    for spot in signs:
        draw_sheet_sign(sheet, spot)
    for symbol in reversed(symbols):  # those of areas, which come last, lie below
        if symbol.n == 1 and not symbol.area:
            draw_mark(sheet, picture.looks[symbol.shares[0][0]], (symbol.x, symbol.y), symbol.radius)
        else:
            shares = [(picture.looks[layer], n) for layer, n in symbol.shares]
            draw_many(sheet, shares, (symbol.x, symbol.y), symbol.radius, area=bool(symbol.area))
    ground.paint_scale()
    ground.paint_frame()


def _draw_precision(sheet: Sheet, picture: Picture, symbol: Symbol, pixels: float, box: Box) -> None:
    """Draw the circle within which an incident happened, once it is larger than the mark."""
    radius = pixels * picture.precision_km[symbol.rows[0]]
    if radius > symbol.radius + RING_FROM:
        draw_ring(sheet, (symbol.x, symbol.y), radius, box)


def _area_color(symbol: Symbol, picture: Picture) -> str:
    """Return the actor's colour when all incidents of an area name the same one actor, else that of ink."""
    colors = picture.looks[symbol.shares[0][0]].colors
    return colors[0] if len(symbol.shares) == 1 and len(colors) == 1 else "ink"


def _frame(x: float, y: float, radius: float) -> Frame:
    reach = radius + 2
    return x - reach, y - reach, x + reach, y + reach


def _find_spot(area: shapely.Geometry, taken: Sequence[Frame], box: Box) -> tuple[float, float] | None:
    """Return where a finding's sign is: the northernmost of its area, else beside a symbol; None for no room."""
    x, y = min(shapely.get_coordinates(area).tolist(), key=lambda point: point[1])
    spots = [(x, y)]
    for left, top, right, bottom in (frame for frame in taken if overlap(_frame(x, y, SIGN), frame)):
        spots += [(x, top - SIGN), (right + SIGN, y), (left - SIGN, y), (x, bottom + SIGN)]
    free = (spot for spot in spots if not any(overlap(_frame(*spot, SIGN - 3), frame) for frame in taken))
    edge = (box[0], box[1], box[0] + box[2], box[1] + box[3])
    return next((spot for spot in free if _holds(edge, _frame(*spot, SIGN))), None)


def _holds(outer: Frame, inner: Frame) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
