"""The map of a picture: the ground, the areas and circles within which incidents happened, symbols, names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.basemap import WORLD
from layers.columns import bound_marks
from layers.crowd import gather_symbols
from layers.ground import Ground, shape_path
from layers.marks import draw_area, draw_many, draw_mark, draw_ring
from layers.picture import grade_regions
from layers.view import fit_view

if TYPE_CHECKING:
    from layers.crowd import Symbol
    from layers.ground import Box, Frame
    from layers.picture import Picture
    from layers.sheet import Sheet

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
    for symbol in symbols:
        if symbol.area:
            draw_area(sheet, shape_path([outlines[symbol.area - 1]]), _area_color(symbol, picture))
        elif symbol.n == 1:
            _draw_precision(sheet, picture, symbol, view.pixels_per_km(picture.latitude(symbol.rows[0])), box)
    ground.paint_labels([_frame(symbol) for symbol in symbols])
    for symbol in symbols:
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


def _frame(symbol: Symbol) -> Frame:
    reach = symbol.radius + 2
    return symbol.x - reach, symbol.y - reach, symbol.x + reach, symbol.y + reach
