"""The map of a report: a drawing that stands in its page as data, and its key."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import style

from layers.drawing.scene import draw_scene
from layers.drawing.sheet import DPI, FIXED, Sheet
from layers.report.markup import el

if TYPE_CHECKING:
    from layers.drawing.marks import Look
    from layers.drawing.picture import Picture
    from layers.report.markup import Node

WIDTH, HEIGHT = 680, 500
"""Pixels of the map: what lies between the margins of A4."""
_NEEDLESS = re.compile(rb"<!--.*?-->|<metadata>.*?</metadata>|<\?xml.*?\?>|<!DOCTYPE.*?>", re.DOTALL)
_BREAKS = re.compile(rb"\s+")
_SHAPE = re.compile(rb' d="[^"]*"')
_DIGITS = re.compile(rb"(\.\d\d)\d+")


def draw_map(picture: Picture) -> str:
    """Return the map of a picture as the address of an image that holds its own drawing (SVG).

    Positions are cut to 1/100 of a point, far below what anybody sees and above what computers differ in.
    """
    with style.context(["default", FIXED]):
        sheet = Sheet(WIDTH, HEIGHT, picture.words)
        draw_scene(sheet, picture, (0, 0, WIDTH, HEIGHT), is_shaded=True)
        drawn = io.BytesIO()
        sheet.figure.savefig(drawn, format="svg", dpi=DPI, metadata={"Date": None})
    small = _BREAKS.sub(b" ", _NEEDLESS.sub(b"", drawn.getvalue())).strip()
    small = _SHAPE.sub(lambda shape: _DIGITS.sub(rb"\1", shape[0]), small)
    return f"data:image/svg+xml;base64,{base64.b64encode(small).decode('ascii')}"


def draw_look(look: Look) -> Node:
    """Return the mark of a layer for its place in the key."""
    pieces = []
    for path, color in look.pieces:
        lines = [" L ".join(f"{x:.3f} {y:.3f}" for x, y in np.asarray(line)) for line in path.to_polygons()]
        pieces.append(el("path", d=" ".join(f"M {line} Z" for line in lines), fill=color))
    return el("svg", pieces, viewBox="-1.5 -1.5 3 3", class_="mark", aria_hidden="true", focusable="false")
