"""A sheet to draw on: in the pixels, colours and direction of the page, for every picture format."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import Normal, Stroke

from layers.assets import read_template
from layers.drawing.lettering import direct, spell

if TYPE_CHECKING:
    from matplotlib.typing import ColorType
    from numpy.typing import NDArray

    from layers.drawing.lettering import Type
    from layers.words import Words

PX = 0.75
"""Points in a pixel of the page (1/96 inch)."""
DPI = 96
FIXED = {"text.parse_math": False, "text.hinting": "none", "svg.hashsalt": "incidentmap"}
"""How matplotlib draws, whatever a user's own settings are: texts as they are, every letter where its outline is."""
_COLOR = re.compile(r"--([\w-]+): (#[0-9a-f]+|rgb\([^)]*\));")


@cache
def page_colors() -> dict[str, ColorType]:
    """Return the colours of the page's light style by name."""
    light = read_template("page.css").partition("@media")[0]
    return {name: _read_color(text) for name, text in _COLOR.findall(light)}


def _read_color(text: str) -> ColorType:
    if text.startswith("#"):
        return text
    red, green, blue, alpha = map(float, re.findall(r"[\d.]+", text))
    return red / 255, green / 255, blue / 255, alpha / 100


class Sheet:
    """A figure whose unit is the pixel, counted from its top left; what is drawn later lies above.

    Parameters
    ----------
    width, height
        In pixels (1/96 inch).
    words
        The language; its direction is that of every line.
    """

    def __init__(self, width: float, height: float, words: Words) -> None:
        self.width, self.height, self.words = width, height, words
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=page_colors()["paper"])
        self._axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self._axes.set_axis_off()
        self._level = 0

    def draw(
        self,
        path: Path,
        *,
        fill: ColorType | None = None,
        line: ColorType | None = None,
        width: float = 1.0,
        dash: tuple[float, ...] = (),
        alpha: float = 1.0,
        inside: tuple[float, float, float, float] | None = None,
    ) -> None:
        """Fill a path and draw its outline; colours by name or value, sizes in pixels, cut to a box if given."""
        named = page_colors()
        fill, line = (named.get(c, c) if isinstance(c, str) else c for c in (fill, line))
        style = (0, tuple(d * PX / (width * PX) for d in dash)) if dash else "solid"
        patch = PathPatch(
            path,
            facecolor="none" if fill is None else fill,
            edgecolor="none" if line is None else line,
            linewidth=0 if line is None else width * PX,
            linestyle=style,
            capstyle="butt",
            joinstyle="round",
            alpha=None if alpha == 1 else alpha,
            zorder=self._rise(),
        )
        self._axes.add_artist(patch)
        if inside is not None:
            left, top, wide, high = inside
            patch.set_clip_path(box_path(left, top, wide, high), self._axes.transData)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        type_: Type,
        *,
        align: str = "left",
        halo: bool = False,
        inside: bool = False,
    ) -> None:
        """Write a line with its base at ``y``; ``align`` is the side that is at ``x``, ``inside`` centres it there."""
        spelt = spell(text)
        shown = self._axes.text(
            x,
            y,
            direct(spelt, rtl=self.words.is_rtl),
            color=page_colors()[type_.color],
            fontproperties=type_.font(spelt),
            ha=align,
            va="center_baseline" if inside else "baseline",
            parse_math=False,
            zorder=self._rise(),
        )
        stroke = [Stroke(linewidth=3 * PX, foreground=page_colors()["halo"])] if halo else []
        shown.set_path_effects([*stroke, Normal()])  # as outlines: hinting and PDF fonts would move the letters

    def _rise(self) -> int:
        self._level += 1
        return self._level


def box_path(left: float, top: float, width: float, height: float) -> Path:
    """Return a rectangle."""
    right, bottom = left + width, top + height
    return Path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], closed=True)


def line_path(lines: list[NDArray[Any]], *, closed: bool = False) -> Path:
    """Return lines, each an array of points, as one path; as rings when ``closed``."""
    codes = [np.r_[Path.MOVETO, np.full(len(line) - 1, Path.LINETO)] for line in lines]
    for ring in codes if closed else ():
        ring[-1] = Path.CLOSEPOLY
    return Path(np.concatenate([*lines, np.empty((0, 2))]), np.concatenate([*codes, np.empty(0)]).astype(np.uint8))
